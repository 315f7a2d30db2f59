"""The one way in: ``assess(case, release, on)`` gives one frozen value, and its canonical JSON."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from clinical_rules import ENGINE
from clinical_rules.classification import Flag, LesionResult, case_status, find_flags, type_lesion
from clinical_rules.derive import Contradiction, Pictures, build_pictures
from clinical_rules.errors import CaseError
from clinical_rules.findings import Dictionary, Doubt, Result, read_case
from clinical_rules.follow_up import Due, schedule
from clinical_rules.fragility import find_fragile
from clinical_rules.pathway import Option, Pathway, Step
from clinical_rules.release import Release


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the rules say of a case on a day under a release. ``pictures`` is for explanation, not stored."""

    id: str
    release: int
    hash: str
    engine: str
    on: date
    jurisdiction: str | None
    emergencies: tuple[Flag, ...]
    status: str
    type: str | None
    lesions: tuple[LesionResult, ...]
    contradictions: tuple[Contradiction, ...]
    warnings: tuple[Doubt, ...]
    options: tuple[Option, ...]
    schedule: tuple[Due, ...]
    steps: tuple[Step, ...]
    pictures: Pictures = field(repr=False, compare=False)

    def as_json(self) -> dict[str, Any]:
        """The contract's assessment as plain data."""
        return {
            "id": self.id,
            "release": self.release,
            "hash": self.hash,
            "engine": self.engine,
            "on": self.on.isoformat(),
            "jurisdiction": self.jurisdiction,
            "emergencies": [{"key": one.key, "lesion": one.lesion, "because": list(one.because)} for one in self.emergencies],
            "status": self.status,
            "type": self.type,
            "lesions": [_lesion(one) for one in self.lesions],
            "contradictions": [
                {"fact": one.fact, "lesion": one.lesion, "kind": one.kind, "findings": [_finding(result) for result in one.findings]}
                for one in self.contradictions
            ],
            "warnings": [{"fact": one.fact, "value": one.value, "say": one.say, "lesion": one.lesion} for one in self.warnings],
            "options": [
                {
                    "treatment": one.treatment,
                    "lesion": one.lesion,
                    "phase": one.phase,
                    "status": one.status,
                    "because": list(one.because),
                    "needs": list(one.needs),
                }
                for one in self.options
            ],
            "schedule": [one.as_json() for one in self.schedule],
            "steps": [{"step": one.step, "phase": one.phase, "lesion": one.lesion} for one in self.steps],
        }

    def to_json(self) -> str:
        """Canonical JSON: sorted keys, no blanks; the same inputs give the same bytes."""
        return json.dumps(self.as_json(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def assess(
    document: Mapping[str, Any], release: Release, on: date | None = None, jurisdiction: str | None = None, today: date | None = None
) -> Assessment:
    """Judge a case of the contract's format. Raises ``CaseError`` naming case, key, value and remedy.

    ``on`` beats the case's own date, which beats the newest finding's, which beats ``today``. Without a
    jurisdiction the strictest gates of all apply.
    """
    known = release.content["jurisdictions"]
    if jurisdiction is not None and jurisdiction not in known:
        raise CaseError("jurisdiction", jurisdiction, f"choose one of: {', '.join(known)}")
    case = read_case(document, _dictionary(release), on=on, today=today)
    pictures = build_pictures(case, release)
    flags = find_flags(release, pictures)
    results = tuple(type_lesion(release, pictures, lesion, flags) for lesion in pictures.lesions)
    results = find_fragile(release, pictures, results)
    status, kind = case_status(results)
    pathway = Pathway(release, pictures, results, flags, jurisdiction)
    options = pathway.options()
    return Assessment(
        id=case.id,
        release=release.number,
        hash=release.hash,
        engine=ENGINE,
        on=case.on,
        jurisdiction=jurisdiction,
        emergencies=flags,
        status=status,
        type=kind,
        lesions=results,
        contradictions=tuple(pictures.contradictions),
        warnings=tuple(pictures.warnings),
        options=options,
        schedule=schedule(release, pictures, results, flags, options),
        steps=pathway.steps(),
        pictures=pictures,
    )


@lru_cache(maxsize=4)
def _dictionary(release: Release) -> Dictionary:
    return Dictionary(release.facts)


def _lesion(one: LesionResult) -> dict[str, Any]:
    leading = one.leading and {"type": one.leading.type, "assumes": [{"fact": each.fact, "is": each.is_} for each in one.leading.assumes]}
    return {
        "id": one.id,
        "status": one.status,
        "type": one.type,
        "parts": list(one.parts),
        "types": list(one.types),
        "candidates": list(one.candidates),
        "candidates_exact": one.candidates_exact,
        "marks": list(one.marks),
        "fired": list(one.fired),
        "leading": leading,
        "no_lead": one.no_lead,
        "settle": list(one.settle),
    }


def _finding(result: Result) -> Any:
    """The finding as it was entered, numbers as their exact text."""
    if isinstance(result.raw, Mapping):
        return {key: value if isinstance(value, bool | str | None) else str(value) for key, value in result.raw.items()}
    return result.raw if isinstance(result.raw, bool | str | None) else str(result.raw)
