"""The one door for changes to patients, cases, drafts and findings."""

from calcinosis_app.patients.actions.cases import add_lesion, open_case, remove_lesion
from calcinosis_app.patients.actions.correcting import correct_patient, version_of_particulars
from calcinosis_app.patients.actions.drafts import Field, discard_entry, fill_draft, save_entry
from calcinosis_app.patients.actions.emergency import break_glass
from calcinosis_app.patients.actions.merging import merge_patients, unmerge_patients
from calcinosis_app.patients.actions.not_same import say_not_same
from calcinosis_app.patients.actions.patients import MayBeSame, create_patient
from calcinosis_app.patients.actions.practice import begin_practice, put_practice_away
from calcinosis_app.patients.actions.record import EntriesRefused, EntryRefused, record
from calcinosis_app.patients.actions.results import record_results
from calcinosis_app.patients.actions.retention import change_retention, hold_back, lift_hold
from calcinosis_app.patients.actions.transfer import accept_transfer, decline_transfer, offer_transfer, withdraw_transfer
from calcinosis_app.patients.actions.turns import Turn

__all__ = [
    "EntriesRefused",
    "EntryRefused",
    "Field",
    "MayBeSame",
    "Turn",
    "accept_transfer",
    "add_lesion",
    "begin_practice",
    "break_glass",
    "change_retention",
    "correct_patient",
    "create_patient",
    "decline_transfer",
    "discard_entry",
    "fill_draft",
    "hold_back",
    "lift_hold",
    "merge_patients",
    "offer_transfer",
    "open_case",
    "put_practice_away",
    "record",
    "record_results",
    "remove_lesion",
    "save_entry",
    "say_not_same",
    "unmerge_patients",
    "version_of_particulars",
    "withdraw_transfer",
]
