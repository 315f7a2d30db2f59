"""Two releases compared: what changed, cell by cell, and whom among stored cases it changes something for."""

from clinical_rules.comparison.difference import Change, apply, difference
from clinical_rules.comparison.impact import Impact, Touched, impact, impact_slowly
from clinical_rules.comparison.index import Index, build_index
from clinical_rules.comparison.judging import Terms, judge
from clinical_rules.comparison.outcome import HARM, Effect, effects
from clinical_rules.comparison.page import as_json, as_lines
from clinical_rules.comparison.sentences import say, sentences

__all__ = [
    "HARM",
    "Change",
    "Effect",
    "Impact",
    "Index",
    "Terms",
    "Touched",
    "apply",
    "as_json",
    "as_lines",
    "build_index",
    "difference",
    "effects",
    "impact",
    "impact_slowly",
    "judge",
    "say",
    "sentences",
]
