"""On which side of a test a value stands: just inside it, and just outside."""

from collections.abc import Iterator, Mapping

from clinical_rules.tables import Domain, parse_test, print_value
from clinical_rules.tables.sfeel import Compare, Interval

When = Mapping[str, str]


def edges(text: str, domain: Domain) -> tuple[list[str], list[str]]:
    """Tests for the values that stand just inside a test, and for those just outside."""
    test = parse_test(text, domain)
    if domain.kind == "boolean":
        return [test.text], ["false" if test.text == "true" else "true"]
    if domain.kind == "code":
        named = [str(part.value) for part in test.parts if isinstance(part, Compare)]
        others = [code for code in domain.codes if code not in named]
        inside, outside = (others[:1], named) if test.negated else (named, others[:1])
        return [print_value(code, domain) for code in inside], [print_value(code, domain) for code in outside]
    inside, outside = [], []
    for part in test.parts:
        if isinstance(part, Interval):
            low, high = part.low + part.low_open, part.high - part.high_open
            inside += [low, high]
            outside += [low - 1, high + 1]
        else:
            value = int(part.value)
            step = {"<": (-1, 0), "<=": (0, 1), ">": (1, 0), ">=": (0, -1), "=": (0, 1)}[part.sign]
            inside.append(value + step[0])
            outside.append(value + step[1])
    if test.negated:
        inside, outside = outside, inside
    return [print_value(one, domain) for one in inside], [print_value(one, domain) for one in outside]


def around(when: When, domains: Mapping[str, Domain]) -> Iterator[tuple[bool, str, dict[str, str]]]:
    """Patients around a row: whether it holds of them, what makes them so, and the tests that they fulfil.

    First one in whom everything holds, each number just inside; then each other value that a test names; then for each test one who
    fails only that, just outside.
    """
    inside = {fact: edges(text, domains[fact])[0] for fact, text in when.items()}
    base = {fact: values[0] for fact, values in inside.items()}
    yield True, "everything holds", base
    for fact, values in inside.items():
        for value in values[1:]:
            yield True, f"{fact} is {value}", {**base, fact: value}
    for fact, text in when.items():
        for value in edges(text, domains[fact])[1]:
            yield False, f"only {fact} fails: {value}", {**base, fact: value}
