"""Proof before publishing: whether a release keeps its safety statements for every patient it allows.

``docs/verification.md`` says what is proved, over what, and what is not.
"""

from clinical_rules.verification.check import Checks, StatementResult, Verdict, check_statements
from clinical_rules.verification.findings import ReleaseFinding, find_in_release
from clinical_rules.verification.report import ReleaseReport, verify_release

__all__ = [
    "Checks",
    "ReleaseFinding",
    "ReleaseReport",
    "StatementResult",
    "Verdict",
    "check_statements",
    "find_in_release",
    "verify_release",
]
