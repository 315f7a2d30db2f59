"""Proof before publishing: whether a release keeps its safety statements for every patient it allows."""

from clinical_rules.verification.check import StatementResult, Verdict, check_statements

__all__ = ["StatementResult", "Verdict", "check_statements"]
