"""Many scenarios in few patients: each still says what it said, or they are kept apart."""

import copy
import json
from collections.abc import Iterable, Mapping
from typing import Any

from clinical_rules.assessment import assess
from clinical_rules.case_check import compare
from clinical_rules.errors import CaseError
from clinical_rules.release import Release
from tests.rules.boundary.scenarios import Scenario
from tests.rules.boundary.witnesses import DAY, merged_case

LESIONS = 8
"""Lesions of one patient at most."""
TRIES = 40
Case = dict[str, Any]


def differences(case: Mapping[str, Any], release: Release) -> tuple[str, ...]:
    """What is not as the case expects."""
    try:
        return compare(case, assess(case, release, today=DAY)).differences
    except CaseError as error:
        return (str(error),)


def packed(scenarios: Iterable[Scenario], release: Release) -> tuple[list[Case], list[tuple[Scenario, tuple[str, ...]]]]:
    """The patients, and the scenarios that an assessment does not confirm even alone."""
    patients: list[Case] = []
    wrong: list[tuple[Scenario, tuple[str, ...]]] = []
    for scenario in scenarios:
        alone = {**scenario.case, "id": "alone", "expected": scenario.expected}
        told = differences(alone, release)
        if told:
            wrong.append((scenario, told))
            continue
        for patient in reversed(patients[-TRIES:]):
            if _absorbed(patient, scenario, release):
                break
        else:
            patients.append(_begun(scenario))
    return patients, wrong


def _begun(scenario: Scenario) -> Case:
    case = {"on": "2026-03-02", **copy.deepcopy({key: scenario.case[key] for key in ("patient", "lesions")})}
    case["patient"].setdefault("findings", {})
    return {**case, "expected": copy.deepcopy(scenario.expected), "rows": [f"{scenario.row}: {scenario.why}"]}


def _absorbed(patient: Case, scenario: Scenario, release: Release) -> bool:
    """Whether the scenario fits into the patient: into a lesion, else as one more."""
    lesions = patient["lesions"]
    for number in range(len(lesions) + 1):
        if number == len(lesions):
            if number >= LESIONS:
                return False
            new = [*lesions, {"id": f"L{number + 1}", "findings": {}}]
        else:
            new = lesions
        order = [new[number], *new[:number], *new[number + 1 :]]
        merged = merged_case({**patient, "lesions": order}, scenario.case)
        if merged is None:
            continue
        merged["lesions"] = [*merged["lesions"][1 : number + 1], merged["lesions"][0], *merged["lesions"][number + 1 :]]
        expected = merged_expectations(patient["expected"], scenario.expected, new[number]["id"])
        if expected is None:
            continue
        trial = {**merged, "id": "trial", "expected": expected}
        if not differences({key: one for key, one in trial.items() if key != "rows"}, release):
            patient.update({key: trial[key] for key in ("patient", "lesions", "expected")})
            patient["rows"].append(f"{scenario.row}: {scenario.why}")
            return True
    return False


def merged_expectations(one: Mapping[str, Any], other: Mapping[str, Any], lesion: str) -> dict[str, Any] | None:
    """Both expectations, the second's lesion under its new name; ``None`` where they contradict each other."""
    found: dict[str, Any] = copy.deepcopy(dict(one))
    for key, value in other.items():
        if isinstance(value, list):
            found[key] = _joined(found.get(key, []), value)
        elif key == "gates":
            mine = found.setdefault("gates", {})
            for word, told in value.items():
                if word == "hold":
                    holding = mine.setdefault("hold", {})
                    for severity, rows in told.items():
                        holding[severity] = _joined(holding.get(severity, []), rows)
                else:
                    mine[word] = _joined(mine.get(word, []), told)
        elif not _agreed(found.setdefault(key, {}), {lesion if place == "L1" else place: told for place, told in value.items()}):
            return None
    return found


def _joined(some: list[str], more: list[str]) -> list[str]:
    return [*some, *(one for one in more if one not in some)]


def _agreed(mine: dict[str, Any], yours: Mapping[str, Any]) -> bool:
    """Takes over what is not yet said; whether nothing is said otherwise."""
    for name, told in yours.items():
        if name not in mine:
            mine[name] = copy.deepcopy(told)
        elif isinstance(told, Mapping) and isinstance(mine[name], dict):
            if not _agreed(mine[name], told):
                return False
        elif json.dumps(mine[name]) != json.dumps(told):
            return False
    return True
