"""Pages that show several apps."""

from calcinosis_app.desk.views.answers import answers
from calcinosis_app.desk.views.assessment import assessment
from calcinosis_app.desk.views.case import case
from calcinosis_app.desk.views.chart import chart
from calcinosis_app.desk.views.entry import entry, find
from calcinosis_app.desk.views.health import installation
from calcinosis_app.desk.views.held import change_years, export, hold, lift, retention
from calcinosis_app.desk.views.history import (
    assessment_history,
    case_history,
    clinic_history,
    laboratory_history,
    patient_history,
    person_history,
    reminder_history,
)
from calcinosis_app.desk.views.home import home
from calcinosis_app.desk.views.lesions import add_lesion, remove_lesion
from calcinosis_app.desk.views.merge import choose_other, compare, merge, not_same, unmerge
from calcinosis_app.desk.views.paper import paper
from calcinosis_app.desk.views.record import assess, record_draft
from calcinosis_app.desk.views.review import decide, note, override, sign_review, start
from calcinosis_app.desk.views.save import answer, save

__all__ = [
    "add_lesion",
    "answer",
    "answers",
    "assess",
    "assessment",
    "assessment_history",
    "case",
    "case_history",
    "change_years",
    "chart",
    "choose_other",
    "clinic_history",
    "compare",
    "decide",
    "entry",
    "export",
    "find",
    "hold",
    "home",
    "installation",
    "laboratory_history",
    "lift",
    "merge",
    "not_same",
    "note",
    "override",
    "paper",
    "patient_history",
    "person_history",
    "record_draft",
    "reminder_history",
    "remove_lesion",
    "retention",
    "save",
    "sign_review",
    "start",
    "unmerge",
]
