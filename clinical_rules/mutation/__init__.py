"""Small slips made in a release one by one, to see whether its cases and safety statements notice."""

from clinical_rules.mutation.hunt import Hunter, Verdict, sampled
from clinical_rules.mutation.mutants import PARTS, Mutant, mutants
from clinical_rules.mutation.report import as_json, as_lines, share

__all__ = ["PARTS", "Hunter", "Mutant", "Verdict", "as_json", "as_lines", "mutants", "sampled", "share"]
