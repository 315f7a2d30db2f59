"""Patients by chance, recorded as people do: much missing, some results that contradict each other, groups answered and revoked."""

import copy
from random import Random
from typing import Any

from clinical_rules.facts import Fact
from clinical_rules.release import Release

DAY = "2026-03-02"
CORE = 0.55
"""How often a fact that rules often look at is recorded."""


def any_patient(release: Release, chance: Random) -> dict[str, Any]:
    """A case of the contract's format; half of them are stored cases of the release with some findings changed."""
    return _invented(release, chance) if chance.random() < 0.5 else _changed(release, chance)


def _changed(release: Release, chance: Random) -> dict[str, Any]:
    case = copy.deepcopy(chance.choice(release.content["cases"]))
    share = chance.choice((0.0, 0.005, 0.02, 0.05))
    for holder, scope in ((case["patient"], "patient"), *((one, "lesion") for one in case["lesions"])):
        found = holder.setdefault("findings", {})
        for key in list(found):
            if chance.random() < 0.1:
                del found[key]
        found |= _findings(release, chance, scope, share, core=0.05)
    if chance.random() < 0.3:
        case["lesions"] = [*case["lesions"], {"id": "other", "findings": _findings(release, chance, "lesion", 0.1)}]
    return {"id": "chance", "on": DAY, "patient": case["patient"], "lesions": case["lesions"]}


def _invented(release: Release, chance: Random) -> dict[str, Any]:
    density = chance.choice((0.02, 0.1, 0.3, 0.6, 0.95))
    patient: dict[str, Any] = {"sex": chance.choice(("female", "male", None)), "findings": {}}
    age = chance.random()
    if age < 0.5:
        patient["age_years"] = chance.choice((0, 1, 5, 9, 10, 12, 17, 18, 30, 54, 55, 56, 70, 80))
    elif age < 0.7:
        patient["age_days"] = chance.choice((3, 20, 50, 57, 200, 364, 365, 366, 3000, 6573, 6575, 20000))
    elif age < 0.8:
        patient["birth_date"] = f"{chance.randint(1930, 2025)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
    patient["findings"] = _findings(release, chance, "patient", density)
    lesions = [
        {"id": f"L{number}", "findings": _findings(release, chance, "lesion", density)} for number in range(1, 2 + (chance.random() < 0.4))
    ]
    return {"id": "chance", "on": DAY, "patient": patient, "lesions": lesions}


def _findings(release: Release, chance: Random, scope: str, density: float, core: float = CORE) -> dict[str, Any]:
    found: dict[str, Any] = {}
    lean = chance.choice((0.05, 0.2, 0.5))
    for key, fact in release.facts.items():
        if fact.derived or fact.scope != scope or fact.kind == "codes":
            continue
        if chance.random() < (max(density, core) if fact.members or fact.bands else density):
            found[key] = _finding(fact, chance, lean)
    return found


def _finding(fact: Fact, chance: Random, lean: float) -> Any:
    if chance.random() < 0.04:
        return {"state": chance.choice(("unknown", "not_done"))}
    if fact.kind == "boolean":
        if chance.random() < 0.03:
            return [{"value": True}, {"value": False}]
        return chance.random() < lean
    if fact.kind == "code":
        return chance.choice([code.code for code in fact.codes])
    if fact.kind == "date":
        return DAY
    if fact.bands and chance.random() < 0.3:
        return {"flag": chance.choice(("low", "normal", "high"))}
    one = _number(fact, chance)
    if fact.needs_unit and chance.random() < 0.06:
        return [one, _number(fact, chance)]
    return one


def _number(fact: Fact, chance: Random) -> Any:
    low, high = (float(one) if one is not None else default for one, default in zip(fact.hard, (0.0, 1000.0), strict=True))
    soft = [float(one) if one is not None else edge for one, edge in zip(fact.soft, (low, high), strict=True)]
    value = round(chance.uniform(*(soft if chance.random() < 0.8 else (low, high))), fact.precision)
    value = min(max(value, low), high)
    if not fact.needs_unit:
        return int(value) if fact.precision == 0 else value
    found: dict[str, Any] = {"value": int(value) if fact.precision == 0 and value == int(value) else value, "unit": fact.unit}
    if chance.random() < 0.08:
        found["comparator"] = chance.choice(("<", "<=", ">", ">="))
    if chance.random() < 0.1 and fact.bands:
        found["flag"] = chance.choice(("low", "normal", "high"))
    if chance.random() < 0.1 and fact.bands:
        found |= {"low": round(value * 0.8, fact.precision + 1), "high": round(value * chance.choice((0.9, 1.2)), fact.precision + 1)}
    return found
