"""The names in addresses, and what stands in their places."""

from typing import Final

from calcinosis_app.api.shapes.parts import count, identifier, said

_KEY: Final = "^[A-Za-z0-9_-]{1,100}$"
PLACES: Final = {
    "patient_id": identifier("Which patient."),
    "other_id": identifier("Which other patient."),
    "duplicate_id": identifier("Which duplicate, by the identifier that the list of merges gives."),
    "hold_id": count("Which hold, by the identifier that the list gives.", least=1, most=2_000_000_000, example=7),
    "case_id": identifier("Which case."),
    "lesion_id": identifier("Which lesion, by the identifier that the case lists."),
    "entry_id": count("Which field of the draft, by the identifier that the draft lists.", least=1, most=2**53, example=7),
    "assessment_id": identifier("Which assessment."),
    "review_id": identifier("Which review."),
    "lesion": {**said("Which lesion, by its label.", example="L1"), "pattern": "^[A-Za-z0-9_-]{1,64}$"},
    "reminder_id": identifier("Which reminder."),
    "import_id": identifier("Which import."),
    "line_id": count("Which line, by the identifier that the queue lists.", least=1, most=2**53, example=7),
    "number": count("Which release, by its number.", least=1, most=2_000_000_000, example=1),
    "name": {**said("Which one, by its key.", example="classification"), "pattern": _KEY},
    "row": {**said("Which row, by its id.", example="c1.1"), "pattern": "^[A-Za-z0-9_.:-]{1,200}$"},
    "offer_id": identifier("Which offer."),
    "access_id": identifier("Which emergency access."),
    "person_id": identifier("Which person of the clinic."),
    "permission": {**said("Which permission.", example="override_absolute"), "pattern": _KEY},
    "token_id": identifier("Which token."),
    "session_id": count("Which session, by the identifier that the list gives.", least=1, most=2_000_000_000, example=7),
}
