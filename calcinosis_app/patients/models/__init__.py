"""Patients, and what is known of them."""

from calcinosis_app.patients.models.case import Case, Lesion
from calcinosis_app.patients.models.draft import DraftEntry
from calcinosis_app.patients.models.finding import Finding
from calcinosis_app.patients.models.merge import Merge, NotSame
from calcinosis_app.patients.models.patient import Patient
from calcinosis_app.patients.models.practice import Practice
from calcinosis_app.patients.models.retention import RecordHold, RetentionRule
from calcinosis_app.patients.models.transfer import PastNumber, TransferOffer
from calcinosis_app.patients.models.turn import FieldTurn

__all__ = [
    "Case",
    "DraftEntry",
    "FieldTurn",
    "Finding",
    "Lesion",
    "Merge",
    "NotSame",
    "PastNumber",
    "Patient",
    "Practice",
    "RecordHold",
    "RetentionRule",
    "TransferOffer",
]
