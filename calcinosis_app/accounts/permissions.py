"""Every permission there is. A check names one of these, never a role."""

from typing import Final

PATIENT_READ: Final = "patient_read"
PATIENT_WRITE: Final = "patient_write"
PATIENT_MERGE: Final = "patient_merge"
PATIENT_EXPORT: Final = "patient_export"
RETENTION_MANAGE: Final = "retention_manage"
CASE_WRITE: Final = "case_write"
LABORATORY_IMPORT: Final = "laboratory_import"
ASSESS: Final = "assess"
REVIEW_SIGN: Final = "review_sign"
OVERRIDE_ABSOLUTE: Final = "override_absolute"
REMINDER_WORK: Final = "reminder_work"
RULES_READ: Final = "rules_read"
RULES_EDIT: Final = "rules_edit"
RULES_APPROVE: Final = "rules_approve"
PEOPLE_MANAGE: Final = "people_manage"
SYSTEM_READ: Final = "system_read"
EMERGENCY_READ: Final = "emergency_read"
PATIENT_TRANSFER: Final = "patient_transfer"
ACCESS_WATCH: Final = "access_watch"

MEANING: Final = {
    PATIENT_READ: "open a patient and read what is recorded",
    PATIENT_WRITE: "create a patient",
    PATIENT_MERGE: "merge two patients who are one person, and unmerge them",
    PATIENT_EXPORT: "take everything that is held on a patient out as a file",
    RETENTION_MANAGE: "see whose record is due for removal, hold one back, and set the clinic's years",
    CASE_WRITE: "open a case and record findings",
    LABORATORY_IMPORT: "import results of a laboratory, and map its codes and units",
    ASSESS: "have a case assessed",
    REVIEW_SIGN: "review an assessment and sign it",
    OVERRIDE_ABSOLUTE: "accept an option past an absolute gate, with a reason",
    REMINDER_WORK: "work and close reminders",
    RULES_READ: "read the rules",
    RULES_EDIT: "propose changes of the rules",
    RULES_APPROVE: "approve and publish rules",
    PEOPLE_MANAGE: "manage people, roles and permissions of the clinic",
    SYSTEM_READ: "see whether the installation is well",
    EMERGENCY_READ: "read a patient of another clinic in an emergency, with a reason",
    PATIENT_TRANSFER: "offer a patient to another clinic, and take over one that is offered",
    ACCESS_WATCH: "see who has opened the clinic's patients, and hear of emergency access",
}

ALL: Final = frozenset(MEANING)

# About a clinic's patients: worth nothing to a person who belongs to no clinic.
OF_A_CLINIC: Final = frozenset(
    {
        PATIENT_READ,
        PATIENT_WRITE,
        PATIENT_MERGE,
        PATIENT_EXPORT,
        RETENTION_MANAGE,
        CASE_WRITE,
        LABORATORY_IMPORT,
        ASSESS,
        REVIEW_SIGN,
        OVERRIDE_ABSOLUTE,
        REMINDER_WORK,
        EMERGENCY_READ,
        PATIENT_TRANSFER,
        ACCESS_WATCH,
    }
)

# What emergency access opens on another clinic's patient: looking, and nothing else. Whatever changes, signs, exports or hands on
# a patient must never stand here.
READING: Final = frozenset({PATIENT_READ})

# Too grave to come with a role: an administrator grants them person by person.
GRANTED_PER_PERSON: Final = frozenset({OVERRIDE_ABSOLUTE})

# Whoever holds one of these signs in with a second factor.
BEHIND_SECOND_FACTOR: Final = frozenset({PEOPLE_MANAGE, RULES_APPROVE})
