"""Patients of whom given tests hold, found by the search that proves safety statements."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from clinical_rules.assessment import assess
from clinical_rules.comparison.columns import truths_of
from clinical_rules.errors import CaseError
from clinical_rules.release import Release
from clinical_rules.statements import Outcome, Statement
from clinical_rules.tables import Possible
from clinical_rules.truth import Truth
from clinical_rules.verification.check import Checks

DAY = date(2026, 3, 2)
SCOPES = ("patient", "lesion")
When = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Found:
    """A patient; or ``None``, with ``impossible`` where it is proved that nobody is so."""

    case: dict[str, Any] | None
    impossible: bool
    jurisdiction: str | None = None


class Finder:
    """Asks for patients of one release."""

    def __init__(self, release: Release) -> None:
        self.release = release
        self.checks = Checks(release)

    def of(self, tests: When, unless: Iterable[When] = ()) -> Found:
        """One of whom all tests surely hold, and none of the others surely holds."""
        (fact, test), *rest = tests.items()
        return self.ask(Outcome("facts", (fact,), (), {fact: test}), dict(rest), unless)

    def option(self, treatment: str, statuses: Sequence[str], tests: When) -> Found:
        """One who has a treatment with this status."""
        return self.ask(Outcome("treatments", (treatment,), tuple(statuses)), tests)

    def ask(self, outcome: Outcome, tests: When, unless: Iterable[When] = ()) -> Found:
        """One whom the statement that this never happens would exclude."""
        statement = Statement(
            "wanted", "", "", "never", outcome, (dict(tests),) if tests else (), tuple(unless), False, False, (), True, ""
        )
        result = self.checks.check(statement)
        case = dict(result.witness) if result.witness is not None else None
        return Found(case, result.verdict == "proved", result.jurisdiction)


class Composer:
    """Patients put together from what a person would enter for each test, where the search finds none."""

    def __init__(self, finder: Finder) -> None:
        self.finder, self.release = finder, finder.release
        self.parts: dict[tuple[str, str], dict[str, Any] | None] = {}

    def of(self, tests: When, unless: Iterable[When] = ()) -> Found:
        """As ``Finder.of``; what is put together is kept only if an assessment confirms it."""
        exempt = list(unless)
        found = self.finder.of(tests, exempt)
        if found.case is not None or found.impossible:
            return found
        for base in self.bases:
            case = self._composed(base, tests)
            if case is not None and is_so(case, self.release, tests, exempt):
                return Found(self._shortened(case, lambda one: is_so(one, self.release, tests, exempt)), False)
        return found

    def _shortened(self, case: dict[str, Any], fits: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The case without the findings that it does not need."""
        for place in ("patient", "lesion"):
            findings = case["patient"]["findings"] if place == "patient" else case["lesions"][0]["findings"]
            for key in list(findings):
                less = {name: value for name, value in findings.items() if name != key}
                shorter = (
                    {**case, "patient": {**case["patient"], "findings": less}}
                    if place == "patient"
                    else {**case, "lesions": [{**case["lesions"][0], "findings": less}]}
                )
                if fits(shorter):
                    case, findings = shorter, less
        return case

    @cached_property
    def bases(self) -> list[dict[str, Any]]:
        """Patients to start from: hardly anything known, at some ages; then those of the release's own cases."""
        found = []
        for quiet in ({}, QUIET):
            for person in ({}, {"age_years": 40, "sex": "female"}, {"age_years": 5}, {"age_days": 100}, {"age_years": 60, "sex": "male"}):
                findings = {scope: {key: one for key, one in quiet.items() if self.release.facts[key].scope == scope} for scope in SCOPES}
                found.append(
                    {"patient": {**person, "findings": findings["patient"]}, "lesions": [{"id": "L1", "findings": findings["lesion"]}]}
                )
        for own in self.release.content["cases"]:
            if own.get("purpose") != "boundary":
                lesion = {"id": "L1", "findings": own["lesions"][0].get("findings") or {}}
                found.append({"patient": own["patient"], "lesions": [lesion]})
        return [{"id": "wanted", "on": "2026-03-02", **one} for one in found]

    def _composed(self, base: dict[str, Any], tests: When) -> dict[str, Any] | None:
        whole = base
        for fact, test in sorted(tests.items(), key=lambda one: self.release.facts[one[0]].derived, reverse=True):
            part = self._part(fact, test)
            if part is None:
                continue  # the base may be so by itself
            merged = merged_case(whole, part, over=True)
            if merged is None:
                return None
            whole = merged
        return whole

    def _part(self, fact: str, test: str) -> dict[str, Any] | None:
        described = self.release.facts[fact]
        if described.derived or (fact, test) in self.parts:
            if (fact, test) not in self.parts:
                self.parts[fact, test] = self.finder.of({fact: test}).case
            return self.parts[fact, test]
        value: Any = {"true": True, "false": False}.get(test, test)
        if described.kind == "number":
            if any(sign in test for sign in "<>[],"):
                return self.finder.of({fact: test}).case
            number = float(test) if "." in test else int(test)
            value = {"value": number, "unit": described.unit} if described.needs_unit else number
        elif described.kind == "code" and (", " in test or test.startswith("not(")):
            return self.finder.of({fact: test}).case
        findings = {fact: value}
        is_patients = described.scope == "patient"
        return {
            "patient": {"findings": findings if is_patients else {}},
            "lesions": [{"id": "L1", "findings": {} if is_patients else findings}],
        }


QUIET: dict[str, Any] = {
    "any_exposure_at_site": False,
    "any_definite_skin_sign": False,
    "any_early_skin_sign": False,
    "any_mineral_treatment": False,
    "any_mineral_disease": False,
    "any_transient_mineral_load": False,
    "calcification_on_imaging": True,
}
"""What is answered in most records, where the search leaves it open."""


def is_so(case: Mapping[str, Any], release: Release, tests: When, unless: Iterable[When] = (), lesion: str = "L1") -> bool:
    """Whether an assessment confirms that all tests surely hold of a lesion's patient, and none of the others."""
    try:
        picture = assess(case, release, today=DAY).pictures.lesions[lesion]
    except CaseError:
        return False

    def surely(when: When) -> bool:
        return all(truth_at(picture.get(fact), fact, test, release) is True for fact, test in when.items())

    return surely(tests) and not any(surely(one) for one in unless)


def truth_at(known: Possible | None, fact: str, test: str, release: Release) -> Truth:
    """Whether a test holds of what is known of a fact."""
    return truths_of([known], fact, test, release.domains[fact])[0]


def merged_case(one: Mapping[str, Any], other: Mapping[str, Any], *, over: bool = False) -> dict[str, Any] | None:
    """Both patients in one, their first lesions in one; ``None`` where they contradict each other. ``over``: the second wins."""
    patient = {**one["patient"], "findings": dict(one["patient"].get("findings") or {})}
    for key, value in other["patient"].items():
        if key == "findings":
            continue
        if value is not None and patient.get(key) not in (None, value):
            return None
        patient[key] = value if value is not None else patient.get(key)
    if sum(patient.get(key) is not None for key in ("age_years", "age_days", "birth_date")) > 1:
        return None
    lesions = [{**lesion, "findings": dict(lesion.get("findings") or {})} for lesion in one["lesions"]]
    for target, given in (
        (patient["findings"], other["patient"].get("findings") or {}),
        (lesions[0]["findings"], other["lesions"][0].get("findings") or {}),
    ):
        for key, value in given.items():
            if key in target and target[key] != value and not over:
                return None
            target[key] = value
    return {**one, "patient": patient, "lesions": lesions}
