"""Pages that show a release."""

from calcinosis_app.rulebooks.views.facts import conditions, derived, drugs, facts, laboratory
from calcinosis_app.rulebooks.views.files import file
from calcinosis_app.rulebooks.views.lists import listing, references
from calcinosis_app.rulebooks.views.overview import overview
from calcinosis_app.rulebooks.views.rows import fact, row
from calcinosis_app.rulebooks.views.tables import table
from calcinosis_app.rulebooks.views.treatments import treatment, treatments

__all__ = [
    "conditions",
    "derived",
    "drugs",
    "fact",
    "facts",
    "file",
    "laboratory",
    "listing",
    "overview",
    "references",
    "row",
    "table",
    "treatment",
    "treatments",
]
