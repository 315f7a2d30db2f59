"""The numbers of a case as coarsely as typing reads them, so that a search need not judge every value anew.

A table tells two values of a number apart only where one of its tests has a limit between them; beside that a number
speaks by its position against the range. Two values with the same ``sign`` give the same types; going away from a
value in one direction the sign, once it has changed, never turns back, for all of it moves one way with the value.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache

from clinical_rules.derive import Pictures, Reading
from clinical_rules.derive.build import NO_READING
from clinical_rules.derive.kidney import filtration, points
from clinical_rules.derive.minerals import adjust
from clinical_rules.derive.results import read_results
from clinical_rules.findings import Age, Case, LesionFindings, Result
from clinical_rules.quantities import Interval
from clinical_rules.release import Release
from clinical_rules.tables import CompiledTable, Possible

CALCIUM = ("ca_total", "ca_adjusted", "albumin")
KIDNEY = ("creatinine", "height")
BODY = ("weight", "height")
BY_POSITION = frozenset({"phosphate", "ca_total", "ca_adjusted", "ca_ionised"})
"""Their status is read from their position by ``derive``, not by a table."""

Sign = tuple[object, ...]
Place = str | None


def typing_tables(release: Release) -> Iterable[CompiledTable]:
    """Every table that a type or an emergency may rest on."""
    for name in ("emergencies", "not_calcinosis", "classification"):
        yield release.tables[name]
    for definition in release.definitions.values():
        if definition.table is not None:
            yield definition.table
    for scope in ("patient", "lesion"):
        for group in release.groups[scope]:
            yield from (table for table in (group.true_when, group.false_when) if table is not None)
        yield from (one.test for one in release.implications[scope])


@lru_cache(maxsize=4)
def cuts_of(release: Release) -> Mapping[str, tuple[int, ...]]:
    """For each number that typing reads, the scaled values at which a test turns; none for one read by its position alone."""
    found: dict[str, set[int]] = {key: set() for key in (*BY_POSITION, *CALCIUM, *KIDNEY, *BODY)}
    for table in typing_tables(release):
        for row in table.tests:
            for fact, test in row.items():
                if fact.endswith("_position"):
                    found.setdefault(fact.removesuffix("_position"), set())
                if test.accepts is not None and test.accepts.spans is not None:
                    found.setdefault(fact, set()).update(_turns(test.accepts))
    for one in release.facts.values():
        # A number that stands for another under a condition is read where that one is.
        if one.both and one.kind == "number" and one.key in found:
            found.setdefault(one.both[1], set()).update(found[one.key])
    return {key: tuple(sorted(some)) for key, some in found.items() if key in release.facts}


def _turns(accepted: Possible) -> Iterable[int]:
    for low, high in accepted.spans or ():
        if low is not None:
            yield low
        if high is not None:
            yield high + 1


def with_result(case: Case, place: Place, old: Result, new: Result) -> Case:
    """The case as if one result had been another."""
    if place is None:
        return replace(case, findings=_replaced(case.findings, old, new))
    lesions = tuple(LesionFindings(one.id, _replaced(one.findings, old, new)) if one.id == place else one for one in case.lesions)
    return replace(case, lesions=lesions)


def _replaced(findings: Mapping[str, tuple[Result, ...]], old: Result, new: Result) -> dict[str, tuple[Result, ...]]:
    return {**findings, old.key: tuple(new if one is old else one for one in findings[old.key])}


class Numbers:
    """The counting results of a case, and how a change of one of them would be read."""

    def __init__(self, release: Release, pictures: Pictures) -> None:
        self.release, self.pictures, self.case = release, pictures, pictures.case
        self.cuts = cuts_of(release)

    def sign(self, place: Place, old: Result, new: Result, age: Age | None = None, sex: str | None = None) -> Sign:
        """How typing reads the case with ``new`` in the place of ``old``; by the ranges of another age and sex when given."""
        key, case = old.key, self.case
        person = (case.age, case.sex) if age is None else (age, sex)
        findings = case.findings if place is None else next(one.findings for one in case.lesions if one.id == place)
        results = [new if one is old else one for one in findings[key]]
        reading = read_results(self.release.facts[key], results, case.on, *person, place)
        found: list[object] = [*self._read(key, reading)]
        if key in CALCIUM:
            found += self._adjusted(reading, *person)
        if key in KIDNEY:
            rate = filtration(self._reading("creatinine", reading), self._reading("height", reading), case.age, case.sex)
            found.append(self._cells("egfr", rate.scaled(self.release.facts["egfr"].precision) if rate else None))
        if key in BODY:
            found.append(self._body_mass(reading))
        return tuple(found)

    def _read(self, key: str, reading: Reading) -> tuple[object, ...]:
        return self._cells(key, reading.number), reading.positions, tuple(clash.kind for clash in reading.contradictions)

    def _cells(self, key: str, known: Possible | None) -> tuple[tuple[int, int], ...] | None:
        """Between which limits of the tests a number lies."""
        if known is None or known.spans is None:
            return None
        cuts = self.cuts.get(key, ())
        return tuple(
            (0 if low is None else bisect_right(cuts, low), len(cuts) if high is None else bisect_right(cuts, high))
            for low, high in known.spans
        )

    def _reading(self, key: str, changed: Reading) -> Reading:
        return changed if changed.fact == key else self.pictures.readings.get(key, NO_READING)

    def _adjusted(self, changed: Reading, age: Age, sex: str | None) -> tuple[object, ...]:
        facts = self.release.facts
        total, reported, albumin = (self._reading(key, changed) for key in CALCIUM)
        adjusted = adjust(facts["ca_adjusted"], facts["albumin"], total, albumin, reported, age, sex)
        spans = [self._cells("ca_adjusted", one.scaled(facts["ca_adjusted"].precision)) for one in adjusted.exact]
        return self._cells("ca_adjusted", adjusted.number), adjusted.positions, adjusted.disagrees, adjusted.surely_above, tuple(spans)

    def _body_mass(self, changed: Reading) -> object:
        weights, heights = points(self._reading("weight", changed)), points(self._reading("height", changed))
        values = [weight / (height / 100) ** 2 for weight in weights for height in heights]
        if not values:
            return None
        return self._cells("bmi", Interval(min(values), max(values)).scaled(self.release.facts["bmi"].precision))

    def counting(self) -> Iterable[tuple[Place, Result, Reading]]:
        """Each known number that counts now and that typing reads, where it was found, and what its fact says.

        Results that contradict each other are left out: both count, and what would change it is to repeat them.
        """
        places: list[tuple[Place, Mapping[str, Reading]]] = [(None, self.pictures.readings), *self.pictures.lesion_readings.items()]
        for place, readings in places:
            for key, reading in readings.items():
                if key in self.cuts and not reading.contradictions:
                    for one in reading.results:
                        if one.interval is not None and one.interval.is_point and self.release.facts[key].kind == "number":
                            yield place, one, reading
