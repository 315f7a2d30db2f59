"""Patients on the limits of the dossier's own tables: each gate of `treatments.csv`, each reference range of `labs.csv`.

What is expected is read from these tables, never from the knowledge that was made of them.
"""

import csv
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from clinical_rules.release import Release
from tests.rules.boundary.edges import around
from tests.rules.boundary.scenarios import Scenario
from tests.rules.boundary.witnesses import Composer

SIGNS = {"eq": "", "lt": "< ", "lte": "<= ", "gt": "> ", "gte": ">= "}
ONE_NAME = {"alc": "lymphocytes", "anc": "neutrophils"}
GATES = ("contraindication", "caution", "interaction", "stop_rule")


def read(folder: Path, name: str) -> list[dict[str, str]]:
    """The rows of one table of the dossier."""
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def gates(folder: Path, release: Release, composer: Composer, missing: list[tuple[str, str, bool]]) -> Iterator[Scenario]:
    """Each gate: a patient just inside, of whom it holds with its severity; and one just outside, of whom it does not."""
    for row in read(folder, "treatments.csv"):
        if row["row_type"] not in GATES or row["operator"] not in SIGNS:
            continue
        fact = ONE_NAME.get(row["fact"], row["fact"])
        test = SIGNS[row["operator"]] + row["value"]
        for holds, why, tests in around({fact: test}, release.domains):
            found = composer.of(tests)
            if found.case is None:
                missing.append((row["row_id"], why, found.impossible))
                continue
            is_judged = row["stage"] == "start"
            told = {"hold": {row["severity"]: [row["row_id"]]}} if holds and is_judged else {"not": [row["row_id"]]}
            yield Scenario(row["row_id"], f"treatments.csv: {fact} {test}; {next(iter(tests.values()))}", found.case, {"gates": told})


def ranges(folder: Path, release: Release) -> Iterator[Scenario]:
    """Each end of each reference range: the last value within it, and the first beyond."""
    bands = [row for row in read(folder, "labs.csv") if row["ref_low"] or row["ref_high"]]
    ages = _ages(bands)
    for row in bands:
        fact = release.facts[row["lab_id"]]
        step = Decimal(1).scaleb(-fact.precision)
        low, high = (Decimal(row[name]) if row[name] else None for name in ("ref_low", "ref_high"))
        wanted = [(low - step, "below"), (low, "within")] if low is not None else []
        wanted += [(high, "within"), (high + step, "above")] if high is not None else []
        for value, position in wanted:
            person: dict[str, Any] = {"age_days": ages[row["row_id"]], "sex": None if row["sex"] == "any" else row["sex"]}
            number = int(value) if value == value.to_integral_value() else float(value)
            if (fact.hard[0] is not None and number < fact.hard[0]) or (fact.hard[1] is not None and number > fact.hard[1]):
                continue
            finding = {"value": number, "unit": row["ucum_canonical"]} if fact.needs_unit else {"value": number}
            case = {"patient": {**person, "findings": {fact.key: finding}}, "lesions": [{"id": "L1", "findings": {}}]}
            told = {"facts": {"patient": {f"{fact.key}_position": position}}}
            yield Scenario(row["row_id"], f"labs.csv: {value} {row['ucum_canonical']} is {position}", case, told)


def _ages(bands: list[dict[str, str]]) -> dict[str, int]:
    """An age in days for each range, as few ages as will do."""
    span = {row["row_id"]: (int(row["age_low_days"]), int(row["age_high_days"])) for row in bands}
    waiting, found = set(span), dict[str, int]()
    while waiting:
        middles = sorted({(span[row][0] + span[row][1]) // 2 for row in waiting})
        best = max(middles, key=lambda age: sum(span[row][0] <= age <= span[row][1] for row in waiting))
        covered = {row for row in waiting if span[row][0] <= best <= span[row][1]}
        found |= dict.fromkeys(covered, best)
        waiting -= covered
    return found
