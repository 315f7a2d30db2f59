"""Pages about patients and their cases."""

from calcinosis_app.patients.views.case import case
from calcinosis_app.patients.views.correct import correct
from calcinosis_app.patients.views.create import create
from calcinosis_app.patients.views.open_case import open_case
from calcinosis_app.patients.views.patient import patient
from calcinosis_app.patients.views.search import search

__all__ = ["case", "correct", "create", "open_case", "patient", "search"]
