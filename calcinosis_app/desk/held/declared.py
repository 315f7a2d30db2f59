"""What is held on nobody, said model by model, so that a new table makes somebody decide. A test reads this."""

from typing import Final

# Of packages, and of Django itself.
APPS: Final = {
    "account": "addresses of the clinic's people",
    "admin": "what administrators did to people and clinics",
    "auth": "groups and rights, not used",
    "contenttypes": "the names of the models",
    "mfa": "second factors of the clinic's people",
    "pghistory": "not used: each row of the past holds its own context",
    "sessions": "who is signed in",
    "usersessions": "where the clinic's people are signed in",
}
MODELS: Final = {
    "accounts.apitoken": "keys of the clinic's people",
    "accounts.cacheentry": "counts of guesses",
    "accounts.clinic": "the clinic",
    "accounts.onetimelink": "links for the clinic's people",
    "accounts.permissiongranted": "rights of the clinic's people",
    "accounts.roleheld": "roles of the clinic's people",
    "accounts.secondfactor": "second factors of the clinic's people",
    "accounts.user": "the clinic's people",
    "audit.link": "hashes of events, by their numbers",
    "core.heartbeat": "signs of life",
    "laboratory.codemapping": "what a code means",
    "laboratory.import": "a file, without its lines",
    "laboratory.importfile": "a file until its lines are rows, minutes at most",
    "laboratory.unitmapping": "what a unit means",
    "patients.retentionrule": "the clinic's years",
    "rulebooks.release": "the rules",
    "watching.alarm": "what was noticed of the rules",
    "watching.answer": "what the rules say of the release's own cases",
    "watching.check": "what the nightly check found",
    "watching.reviewinterval": "the clinic's months",
    "watching.rowcount": "counts, without whom",
    "watching.run": "when the release's own cases were judged",
    "watching.share": "counts, without whom",
    "watching.sourcecheck": "who has checked a source",
}
