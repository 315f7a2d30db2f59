"""Two releases compared: what changed, cell by cell, and whom it changes something for."""

from clinical_rules.comparison.difference import Change, apply, difference
from clinical_rules.comparison.sentences import say, sentences

__all__ = ["Change", "apply", "difference", "say", "sentences"]
