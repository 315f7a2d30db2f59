"""Who may do what: the roles, each with a sentence and its permissions."""

from dataclasses import dataclass
from typing import Final

from calcinosis_app.accounts import permissions as p


@dataclass(frozen=True)
class Role:
    """What a person is in the clinic. One person may hold several."""

    name: str
    sentence: str
    permissions: frozenset[str]


CLINICIAN: Final = Role(
    "clinician",
    "Enters cases, has them assessed, reviews the result and signs the plan.",
    frozenset(
        {
            p.PATIENT_READ,
            p.PATIENT_WRITE,
            p.PATIENT_MERGE,
            p.PATIENT_EXPORT,
            p.CASE_WRITE,
            p.LABORATORY_IMPORT,
            p.ASSESS,
            p.REVIEW_SIGN,
            p.REMINDER_WORK,
            p.RULES_READ,
            p.EMERGENCY_READ,
            p.PATIENT_TRANSFER,
            p.ACCESS_WATCH,
        }
    ),
)
NURSE: Final = Role(
    "nurse",
    "Enters findings and works the list of what is due.",
    frozenset({p.PATIENT_READ, p.PATIENT_WRITE, p.CASE_WRITE, p.LABORATORY_IMPORT, p.REMINDER_WORK, p.RULES_READ}),
)
CURATOR: Final = Role(
    "curator",
    "Keeps the rules: proposes changes, with a source for each. Sees no patients.",
    frozenset({p.RULES_READ, p.RULES_EDIT}),
)
APPROVER: Final = Role(
    "approver",
    "Approves what a curator proposes, and publishes it. Sees no patients.",
    frozenset({p.RULES_READ, p.RULES_APPROVE}),
)
ADMINISTRATOR: Final = Role(
    "administrator",
    "Manages the people of the clinic and what each of them may do, and sees who opened a patient. Sees no patients.",
    frozenset({p.PEOPLE_MANAGE, p.RETENTION_MANAGE, p.RULES_READ, p.SYSTEM_READ, p.ACCESS_WATCH}),
)

ROLES: Final = {r.name: r for r in (CLINICIAN, NURSE, CURATOR, APPROVER, ADMINISTRATOR)}
