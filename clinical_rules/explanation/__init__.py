"""From an assessment to sentences: what people read on screen and on paper."""

from clinical_rules.explanation.present import present
from clinical_rules.explanation.stored import as_stored
from clinical_rules.explanation.views import Presentation

__all__ = ["Presentation", "as_stored", "present"]
