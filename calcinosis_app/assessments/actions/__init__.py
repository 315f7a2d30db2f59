"""The one door for changes to assessments and reviews."""

from calcinosis_app.assessments.actions.answers import Answer, answer_and_assess
from calcinosis_app.assessments.actions.assess import assess_case
from calcinosis_app.assessments.actions.review import start_review, write_note
from calcinosis_app.assessments.actions.sign import sign
from calcinosis_app.assessments.actions.steps import decide_step, withdraw_step
from calcinosis_app.assessments.actions.types import override_type, withdraw_type_override

__all__ = [
    "Answer",
    "answer_and_assess",
    "assess_case",
    "decide_step",
    "override_type",
    "sign",
    "start_review",
    "withdraw_step",
    "withdraw_type_override",
    "write_note",
]
