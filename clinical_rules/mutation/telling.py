"""Which patients can tell a mutant from its release: nobody, proved; or one, and what a case of that patient would expect."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from clinical_rules.mutation.mutants import Mutant
from clinical_rules.release import Release
from clinical_rules.statements import Outcome, Statement
from clinical_rules.tables import Domain, Possible, parse_test, print_value
from clinical_rules.tables.possible import difference, intersection
from clinical_rules.verification.check import BUDGET, Checks

When = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Told:
    """``nobody`` where no patient can tell; else what a case would have to be to notice."""

    nobody: bool
    why: str


class Teller:
    """Looks for patients of one release who have a changed test's two values apart."""

    def __init__(self, release: Release) -> None:
        self.release = release
        self.checks = Checks(release)

    def of(self, mutant: Mutant) -> Told:
        """Whether anybody can tell, by the test that was changed."""
        if mutant.rest is None:
            return Told(False, _of_outcome(mutant))
        domain = self.release.domains[mutant.fact]
        was, now = (_accepted(text, domain) for text in (mutant.was, mutant.now))
        others = self._other_lines(mutant)
        proved = True
        for apart, word in ((_less(was, now), "holds"), (_less(now, was), "does not hold")):
            for text in _tests_of(apart, domain):
                verdict = self._ask({mutant.fact: text, **mutant.rest}, others)
                if verdict is None:
                    continue
                proved = False
                if verdict:
                    return Told(False, self._said(mutant, text, word))
        if proved:
            more = " and none of the other lines holds" if others else ""
            return Told(True, f"no patient whom the declared implications allow has {mutant.fact} between the two, and the rest{more}")
        return Told(False, f"{self._said(mutant, mutant.was, 'holds')} (no such patient was found within the budget)")

    def _other_lines(self, mutant: Mutant) -> list[When]:
        """The other lines of an any-definition: where one of them holds, this line changes nothing."""
        place = mutant.change.place
        if place[0] != "definitions" or place[2] != "any":
            return []
        block = next(one for one in self.release.content["definitions"] if one["fact"] == place[1])
        return [line for number, line in enumerate(block["any"], 1) if str(number) != place[3]]

    def _ask(self, tests: When, unless: Iterable[When]) -> Mapping[str, Any] | bool | None:
        """A patient of whom the tests hold; ``None`` where there is none, ``False`` where it is not known."""
        (fact, test), *rest = tests.items()
        outcome = Outcome("facts", (fact,), (), {fact: test})
        conditions = (dict(rest),) if rest else ()
        statement = Statement("who", "", "", "never", outcome, conditions, tuple(unless), False, False, (), True, "")
        result = self.checks.check(statement, BUDGET)
        return None if result.verdict == "proved" else result.witness or False

    def _said(self, mutant: Mutant, text: str, word: str) -> str:
        rest = "".join(f", {fact} {test}" for fact, test in (mutant.rest or {}).items())
        return f"a patient with {mutant.fact} {text}{rest}, expecting that {mutant.row} {word}"


def _of_outcome(mutant: Mutant) -> str:
    change = mutant.change
    return f"a patient of whom {mutant.row} holds, expecting {mutant.kind} {change.before!s:.80} rather than {change.after!s:.80}"


def _accepted(text: str, domain: Domain) -> Possible:
    accepts = parse_test(text, domain).accepts
    return domain.everything() if accepts is None else intersection(accepts, domain.everything()) or accepts


def _less(one: Possible, other: Possible) -> Possible | None:
    return difference(one, other)


def _tests_of(values: Possible | None, domain: Domain) -> list[str]:
    """These values as tests, one for each code or run of numbers."""
    if values is None:
        return []
    found = [print_value(one, domain) for one in sorted(values.values or (), key=str)]
    for low, high in values.spans or ():
        if low is None or high is None:
            end = high if low is None else low
            found.append("-" if end is None else f"{'<=' if low is None else '>='} {print_value(end, domain)}")
        else:
            found.append(print_value(low, domain) if low == high else f"[{print_value(low, domain)}..{print_value(high, domain)}]")
    return found
