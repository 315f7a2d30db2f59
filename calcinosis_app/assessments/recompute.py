"""Shows that a stored assessment is what the rules say, or where it differs."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from calcinosis_app.assessments.bridge import judge
from calcinosis_app.assessments.models import Assessment
from calcinosis_app.rulebooks.bridge import ENGINE, rules_of


@dataclass(frozen=True)
class Recomputed:
    """`same` means the same bytes. Otherwise `differences` names the places: "lesions[0].type: dystrophic, now mixed"."""

    same: bool
    engine_then: str
    engine_now: str
    differences: tuple[str, ...]


def recompute(assessment: Assessment) -> Recomputed:
    """Judges the stored findings again, under the stored release, day and jurisdiction, with today's engine."""
    judged = judge(
        assessment.document,
        rules_of(assessment.release),
        on=assessment.on,
        jurisdiction=assessment.jurisdiction,
    )
    result = judged.to_json()
    same = result == assessment.result
    differences = () if same else tuple(differences_between(assessment.outcome, json.loads(result)))
    return Recomputed(same, assessment.engine, ENGINE, differences)


def differences_between(then: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """The places in which two results differ: "lesions[0].type: dystrophic, now mixed"."""
    return list(_differences(then, now, ""))


def still_holds(assessment: Assessment, on: date) -> bool:
    """Whether the findings, judged on a later day, give the same emergencies, types and options.

    Results grow too old, children grow up: a plan must not be signed on what no longer counts.
    """
    later = judge(assessment.document, rules_of(assessment.release), on=on, jurisdiction=assessment.jurisdiction)
    now, then = later.as_json(), assessment.outcome
    return all(_essence(now[part]) == _essence(then[part]) for part in ("emergencies", "lesions", "options"))


def _essence(rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return sorted(tuple(str(row.get(key)) for key in ("key", "id", "treatment", "lesion", "status", "type")) for row in rows)


def _differences(then: Any, now: Any, place: str) -> Iterator[str]:
    if isinstance(then, dict) and isinstance(now, dict):
        for key in sorted({*then, *now}):
            yield from _differences(then.get(key), now.get(key), f"{place}.{key}" if place else key)
    elif isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        for number, (one, other) in enumerate(zip(then, now, strict=True)):
            yield from _differences(one, other, f"{place}[{number}]")
    elif then != now:
        yield f"{place}: {then}, now {now}"
