"""Flip points of the release's own cases against judging every value that may be entered.

``python3 -m tests.rules.flip_scan [CASES]`` takes minutes; CASES is how many, evenly chosen.
"""

import sys
from datetime import date
from fractions import Fraction

from clinical_rules.assessment import assess
from clinical_rules.findings import Result
from clinical_rules.fragility import flip_points
from clinical_rules.fragility.flips import SIDES, Search, Side, at_value, far_end, outcomes
from clinical_rules.fragility.numbers import Numbers, Place, with_result
from clinical_rules.release import load

DAY = date(2026, 3, 2)


def main(count: int) -> int:
    """How many differ."""
    release = load()
    cases = release.content["cases"]
    wrong = values = compared = 0
    for document in cases[:: max(1, len(cases) // count)]:
        found = assess(document, release, on=DAY)
        numbers = Numbers(release, found.pictures)
        now = {one.id: one.outcome for one in found.lesions}
        told = {
            (one.fact, one.found_at, one.value, one.lesion, one.side): (one.at, one.to)
            for one in flip_points(release, found.pictures, found.lesions)
        }
        for place, result, _ in numbers.counting():
            search = Search(numbers, now, place, result)
            for side in SIDES:
                changes, judged = scan(search, place, result, side)
                values += judged
                for lesion in now if place is None else [place]:
                    compared += 1
                    seen = changes.get(lesion)
                    said = told.get((result.key, place, search.value, lesion, side))
                    if seen != said:
                        wrong += 1
                        print(f"{document['id']} {lesion}: {result.key} {float(search.value)} {side}: told {said}, seen {seen}")
        print(f"{document['id']}: {compared} sides, {values} values so far, {wrong} differ", flush=True)
    return wrong


def scan(search: Search, place: Place, result: Result, side: Side) -> tuple[dict[str, tuple[Fraction, object]], int]:
    """The nearest value at which each lesion is judged differently, and how many values were judged."""
    here, last = search._steps(side, far_end(search, side))
    way = -1 if side == "below" else 1
    found: dict[str, tuple[Fraction, object]] = {}
    judged = 0
    for step in range(here + way, last + way, way):
        judged += 1
        changed = with_result(search.numbers.case, place, result, at_value(result, step * search.unit))
        for lesion, outcome in outcomes(changed, search.numbers.release).items():
            if outcome != search.now[lesion]:
                found.setdefault(lesion, (step * search.unit, outcome))
    return found, judged


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000) > 0)
