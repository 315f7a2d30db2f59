"""Stored cases as a clinic would have them: the release's own cases varied with a seed.

Values, ages, drugs and answers differ, and many are missing.
"""

import copy
import random
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from clinical_rules.comparison.judging import Terms, judge
from clinical_rules.facts import Fact
from clinical_rules.release import Release

Document = dict[str, Any]

SPREADS: Mapping[str, tuple[float, float]] = {
    "creatinine": (85, 0.5),
    "weight": (72, 0.2),
    "height": (168, 0.06),
    "egfr": (70, 0.4),
    "crcl": (70, 0.4),
    "phosphate": (1.25, 0.25),
    "ca_total": (2.35, 0.07),
    "ca_ionised": (1.22, 0.06),
    "albumin": (38, 0.15),
    "pth": (6, 0.8),
    "vitd25": (55, 0.5),
    "urate": (320, 0.3),
    "ck": (120, 0.7),
}
"""Median, and spread of the logarithm, of results that many people have; others lie between their usual limits."""
OFTEN = ("creatinine", "ca_total", "albumin", "phosphate", "weight", "height")


def stored_cases(release: Release, count: int, seed: int) -> list[Document]:
    """So many cases that the release can judge, no two alike but by chance."""
    draw = random.Random(seed)
    found: list[Document] = []
    for document in _varied(release, draw):
        if "error" not in judge(document, release, Terms()):
            found.append(document)
        if len(found) == count:
            break
    return found


def unjudged_cases(release: Release, count: int, seed: int) -> list[Document]:
    """The same without looking whether the release would refuse one, as it does one in some hundred."""
    varied = _varied(release, random.Random(seed))
    return [next(varied) for _ in range(count)]


def _varied(release: Release, draw: random.Random) -> Iterator[Document]:
    own = [one for one in release.content["cases"] if one.get("purpose") != "boundary"]
    asked = {scope: [fact for fact in release.facts.values() if _may_be_asked(fact, scope)] for scope in ("patient", "lesion")}
    number = 0
    while True:
        number += 1
        yield _vary(draw.choice(own), f"S{number:07}", release, asked, draw)


def _may_be_asked(fact: Fact, scope: str) -> bool:
    return not fact.derived and fact.scope == scope and fact.kind in ("number", "boolean", "code") and fact.section != "drug_list"


def _vary(base: Mapping[str, Any], name: str, release: Release, asked: Mapping[str, list[Fact]], draw: random.Random) -> Document:
    case: Document = {
        "id": name,
        "on": base.get("on", "2026-03-02"),
        "patient": copy.deepcopy(base["patient"]),
        "lesions": copy.deepcopy(base["lesions"]),
    }
    patient = case["patient"]
    if patient.get("age_years") is not None and draw.random() < 0.9:
        age = float(patient["age_years"])
        patient["age_years"] = int(min(99, max(0, age + draw.gauss(0, 12 if age >= 18 else 2))))
        if age >= 18:
            patient["age_years"] = max(18, patient["age_years"])
    if patient.get("sex") and draw.random() < 0.3:
        patient["sex"] = draw.choice(("female", "male"))
    patient["findings"] = _vary_findings(patient.get("findings") or {}, release, asked["patient"], draw, answers=14)
    patient["findings"] |= {
        key: _value(release.facts[key], draw) for key in OFTEN if key not in patient["findings"] and draw.random() < 0.5
    }
    for treatment in draw.sample(sorted(release.treatments), draw.choice((0, 0, 1, 2, 3))):
        _answer_checklist(patient["findings"], release, treatment, draw)
    if draw.random() < 0.4:
        drugs = [one["code"] for one in release.content["drugs"]]
        taken = draw.sample(drugs, draw.randint(1, 4))
        patient["findings"].setdefault("drugs", taken)
        if draw.random() < 0.5:
            patient["findings"]["drug_list_complete"] = True
    for lesion in case["lesions"]:
        lesion["findings"] = _vary_findings(lesion.get("findings") or {}, release, asked["lesion"], draw, answers=6)
    if draw.random() < 0.15:
        case["lesions"].append(
            {"id": f"L{len(case['lesions']) + 1}x", "findings": _vary_findings({}, release, asked["lesion"], draw, answers=10)}
        )
    return case


def _answer_checklist(findings: dict[str, Any], release: Release, treatment: str, draw: random.Random) -> None:
    """What a nurse asks before a treatment: mostly no, a few not known."""
    table = release.treatments[treatment].gates
    for key in table.facts if table is not None else ():
        fact = release.facts[key]
        if _may_be_asked(fact, "patient") and key not in findings and draw.random() < 0.9:
            findings[key] = draw.random() < 0.05 if fact.kind == "boolean" else _value(fact, draw)


def _vary_findings(given: Mapping[str, Any], release: Release, asked: list[Fact], draw: random.Random, answers: int) -> dict[str, Any]:
    found = {}
    for key, value in given.items():
        if draw.random() < 0.12:
            continue  # nobody asked
        found[key] = _moved(value, draw)
    for fact in draw.sample(asked, draw.randint(0, answers)):
        if fact.key not in found:
            found[fact.key] = _value(fact, draw)
    return found


def _moved(value: Any, draw: random.Random) -> Any:
    """A result measured another time; an answer that is sometimes another one."""
    if isinstance(value, dict) and isinstance(value.get("value"), int | float) and not isinstance(value.get("value"), bool):
        digits = len(str(value["value"]).partition(".")[2])
        return {**value, "value": round(value["value"] * draw.lognormvariate(0, 0.08), digits) or value["value"]}
    if isinstance(value, bool) and draw.random() < 0.06:
        return not value
    return value


def _value(fact: Fact, draw: random.Random) -> Any:
    if fact.kind == "boolean":
        return draw.random() < 0.15
    if fact.kind == "code":
        return draw.choice(fact.codes).code
    low, high = fact.soft if None not in fact.soft else fact.hard
    if fact.key in SPREADS:
        middle, spread = SPREADS[fact.key]
        number = draw.lognormvariate(0, spread) * middle
    else:
        number = draw.uniform(float(low or 0), float(high if high is not None else 100))
    number = _within(number, fact.hard)
    number = round(number, fact.precision) if fact.precision else round(number)
    result: dict[str, Any] = {"value": number, "unit": fact.unit} if fact.needs_unit else {"value": number}
    return result


def _within(number: float, limits: tuple[Fraction | None, Fraction | None]) -> float:
    low, high = limits
    number = number if low is None else max(number, float(low))
    return number if high is None else min(number, float(high))
