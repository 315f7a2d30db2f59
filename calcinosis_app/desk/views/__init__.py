"""Pages that show several apps."""

from calcinosis_app.desk.views.answers import answers
from calcinosis_app.desk.views.assessment import assessment
from calcinosis_app.desk.views.case import case
from calcinosis_app.desk.views.chart import chart
from calcinosis_app.desk.views.entry import entry, find
from calcinosis_app.desk.views.health import installation
from calcinosis_app.desk.views.home import home
from calcinosis_app.desk.views.lesions import add_lesion, remove_lesion
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
    "case",
    "chart",
    "decide",
    "entry",
    "find",
    "home",
    "installation",
    "note",
    "override",
    "paper",
    "record_draft",
    "remove_lesion",
    "save",
    "sign_review",
    "start",
]
