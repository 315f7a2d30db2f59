"""The one door for changes to patients, cases, drafts and findings."""

from calcinosis_app.patients.actions.cases import add_lesion, open_case, remove_lesion
from calcinosis_app.patients.actions.drafts import discard_entry, save_entry
from calcinosis_app.patients.actions.patients import create_patient
from calcinosis_app.patients.actions.record import EntriesRefused, EntryRefused, record
from calcinosis_app.patients.actions.results import record_results
from calcinosis_app.patients.actions.turns import Turn

__all__ = [
    "EntriesRefused",
    "EntryRefused",
    "Turn",
    "add_lesion",
    "create_patient",
    "discard_entry",
    "open_case",
    "record",
    "record_results",
    "remove_lesion",
    "save_entry",
]
