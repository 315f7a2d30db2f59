"""From findings to what is known: results chosen, positions, computed quantities, groups and derived facts."""

from clinical_rules.derive.build import build_pictures
from clinical_rules.derive.picture import Picture, Pictures
from clinical_rules.derive.results import Contradiction, Reading

__all__ = ["Contradiction", "Picture", "Pictures", "Reading", "build_pictures"]
