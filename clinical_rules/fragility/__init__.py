"""How firmly a result stands: where one number would have to lie for it to change, and which doubts reach that far."""

from clinical_rules.fragility.find import find_fragile
from clinical_rules.fragility.flips import FlipPoint, flip_points

__all__ = ["FlipPoint", "find_fragile", "flip_points"]
