"""The one door for changes to patients, cases, drafts and findings."""

from calcinosis_app.patients.actions.cases import add_lesion, open_case, remove_lesion
from calcinosis_app.patients.actions.drafts import Field, discard_entry, fill_draft, save_entry
from calcinosis_app.patients.actions.patients import create_patient
from calcinosis_app.patients.actions.practice import begin_practice, put_practice_away
from calcinosis_app.patients.actions.record import EntriesRefused, EntryRefused, record
from calcinosis_app.patients.actions.results import record_results

__all__ = [
    "EntriesRefused",
    "EntryRefused",
    "Field",
    "add_lesion",
    "begin_practice",
    "create_patient",
    "discard_entry",
    "fill_draft",
    "open_case",
    "put_practice_away",
    "record",
    "record_results",
    "remove_lesion",
    "save_entry",
]
