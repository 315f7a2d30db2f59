"""Single tests: limits beyond the fact's own, and tests that ask nothing."""

from clinical_rules.tables.domain import Domain
from clinical_rules.tables.sfeel import Interval, Part, print_value
from clinical_rules.tables.verify.question import Questions


def single_tests(ask: Questions) -> None:
    """Tests that every value satisfies, and numbers beyond the limits of their fact."""
    space = ask.space
    for number, row in enumerate(space.compiled.tests):
        for fact, test in row.items():
            axis = space.axes[space.number_of[fact]]
            for value in [value for part in test.parts for value in _numbers(part) if _beyond(value, axis.domain)]:
                say = f"row {ask.row(number)} compares {fact} with {print_value(value, axis.domain)}, which is beyond its limits"
                ask.add("beyond_limits", "warning", say, rows=(number,), fact=fact, text=test.text)
            if space.boxes[number][space.number_of[fact]] == axis.everything:
                say = f"every value of {fact} satisfies {test.text} in row {ask.row(number)}"
                ask.add("always", "warning", say, rows=(number,), fact=fact, text=test.text)


def _numbers(part: Part) -> tuple[int, ...]:
    if isinstance(part, Interval):
        return part.low, part.high
    value = part.value
    return (value,) if isinstance(value, int) and not isinstance(value, bool) else ()


def _beyond(value: int, domain: Domain) -> bool:
    return (domain.low is not None and value < domain.low) or (domain.high is not None and value > domain.high)
