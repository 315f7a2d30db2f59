"""A whole release verified: its findings, its statements, and whether it may be published."""

import json
from dataclasses import dataclass
from typing import Any

from clinical_rules.release import Release
from clinical_rules.verification.check import BUDGET, Checks, StatementResult
from clinical_rules.verification.findings import ReleaseFinding, find_in_release
from clinical_rules.verification.search import Models


@dataclass(frozen=True, slots=True)
class ReleaseReport:
    """What verification says of a release."""

    release: Release
    findings: tuple[ReleaseFinding, ...]
    statements: tuple[StatementResult, ...]

    @property
    def blocking(self) -> tuple[str, ...]:
        """What stands in the way of publishing: errors that are not accepted, and statements that are not proved."""
        errors = [f"{one.place}: {one.say}" for one in self.findings if one.severity == "error" and not one.accepted]
        return (*errors, *(f"{one.id}: {one.verdict.replace('_', ' ')}" for one in self.statements if one.verdict != "proved"))

    @property
    def witnesses(self) -> dict[str, dict[str, Any]]:
        """Every witness as a case file, by a name that a file can have."""
        found = {f"{one.kind}-{one.about}": one.witness for one in self.findings if one.witness}
        found |= {one.id: dict(one.witness) for one in self.statements if one.witness}
        return {name.replace(":", "-").replace("/", "-"): case for name, case in found.items()}

    def as_json(self) -> dict[str, Any]:
        """The report as plain data."""
        promises = {one.id: one for one in self.release.statements}
        return {
            "release": self.release.number,
            "hash": self.release.hash,
            "may_be_published": not self.blocking,
            "blocking": list(self.blocking),
            "statements": [
                {
                    "id": one.id,
                    "rule": promises[one.id].rule,
                    "say": promises[one.id].say,
                    "sources": list(promises[one.id].sources),
                    "seen": promises[one.id].seen,
                    "verdict": one.verdict,
                    "allowed_only": one.allowed_only,
                    "why": one.why,
                    "steps": one.steps,
                    "jurisdiction": one.jurisdiction,
                    "witness": one.witness,
                    "rests_on": sorted(one.rests_on),
                }
                for one in self.statements
            ],
            "findings": [
                {
                    "kind": one.kind,
                    "severity": one.severity,
                    "place": one.place,
                    "about": one.about,
                    "say": one.say,
                    "rows": list(one.rows),
                    "values": one.values,
                    "witness": one.witness,
                    "accepted": one.accepted,
                }
                for one in self.findings
            ],
        }

    def to_json(self) -> str:
        """The report as JSON: the same release gives the same bytes."""
        return json.dumps(self.as_json(), ensure_ascii=False, indent=1)


def verify_release(release: Release, budget: int = BUDGET) -> ReleaseReport:
    """Every check of a release. ``budget`` is the steps of the search for each statement."""
    models = Models(release)
    checks = Checks(release, models)
    statements = tuple(checks.check(one, budget) for one in release.statements)
    return ReleaseReport(release, find_in_release(release, models), statements)
