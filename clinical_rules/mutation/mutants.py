"""Every small change that a slip could make in a release: one threshold, one test, one outcome at a time."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from clinical_rules.comparison import Change
from clinical_rules.comparison.difference import Kind
from clinical_rules.comparison.rows import Place
from clinical_rules.release import TYPES, Release
from clinical_rules.tables import Domain, Possible, TableError, intersection, parse_test, print_value
from clinical_rules.tables.sfeel import Compare, Interval, Part, Test

OTHER_SIGN = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
OTHER_SEVERITIES = {
    "absolute": ("relative",),
    "relative": ("absolute", "caution"),
    "caution": ("relative",),
    "info": ("caution",),
}
HEAD_FLAGS = ("elective", "specialist", "child_specialist")
PARTS = (
    *("classification", "leading", "not_calcinosis", "emergencies", "choice", "states"),
    *("definitions", "implications", "questions", "gates", "treatments", "lists", "laboratory"),
)


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of a release. ``row`` names where, ``kind`` what was done; of a changed test ``fact`` and both texts are given."""

    part: str
    row: str
    kind: str
    change: Change
    fact: str = ""
    was: str = ""
    now: str = ""
    rest: Mapping[str, str] | None = None
    """The other tests of the row."""

    @property
    def id(self) -> str:
        """The same in every run: place, kind and what was written."""
        return f"{'/'.join(self.change.place)} {self.kind} {self.now or self.change.after!s}".strip()


def mutants(release: Release, parts: Iterable[str] = PARTS) -> Iterator[Mutant]:
    """All mutants of these parts, in the order of the release."""
    makers = {
        "definitions": _definitions,
        "implications": _implications,
        "questions": _questions,
        "gates": _gates,
        "treatments": _heads,
        "lists": _lists,
        "laboratory": _laboratory,
    }
    for part in parts:
        yield from makers[part](release) if part in makers else _table(release, part)


# Tests ---------------------------------------------------------------------------------------------


def _of_tests(release: Release, part: str, row: str, place: Place, when: Mapping[str, str], *, may_be_empty: bool) -> Iterator[Mutant]:
    for fact, text in when.items():
        rest = {name: test for name, test in when.items() if name != fact}
        for kind, now in other_tests(text, release.domains[fact]):
            yield Mutant(part, row, kind, Change((*place, fact), "changed", text, now), fact, text, now, rest)
        if rest or may_be_empty:
            yield Mutant(part, row, "test dropped", Change((*place, fact), "removed", text), fact, text, "-", rest)


def other_tests(text: str, domain: Domain) -> Iterator[tuple[str, str]]:
    """What a slip could make of a test, each another set of values, none twice."""
    test = parse_test(text, domain)
    everything = domain.everything()
    seen: list[Possible | None] = [test.accepts and intersection(test.accepts, everything)]
    for kind, other in _slips(test, domain):
        try:
            accepts = parse_test(other, domain).accepts
        except TableError:
            continue
        reached = everything if accepts is None else intersection(accepts, everything)
        if reached not in seen and reached != everything:
            seen.append(reached)
            yield kind, other


def _slips(test: Test, domain: Domain) -> Iterator[tuple[str, str]]:
    if domain.kind == "boolean":
        yield "negated", "false" if test.text == "true" else "true"
    elif domain.kind == "code":
        yield from _code_slips(test, domain)
    else:
        for number, part in enumerate(test.parts):
            for kind, other in _number_slips(part):
                parts = (*test.parts[:number], other, *test.parts[number + 1 :])
                yield kind, _written(parts, domain, negated=test.negated)


def _code_slips(test: Test, domain: Domain) -> Iterator[tuple[str, str]]:
    yield "negated", _written(test.parts, domain, negated=not test.negated)
    named = [part.value for part in test.parts if isinstance(part, Compare)]
    if len(named) > 1:
        for number, code in enumerate(named):
            yield f"{code} dropped", _written((*test.parts[:number], *test.parts[number + 1 :]), domain, negated=test.negated)
    more = next((code for code in domain.codes if code not in named), None)
    if more is not None:
        yield f"{more} added", _written((*test.parts, Compare("=", more)), domain, negated=test.negated)


def _number_slips(part: Part) -> Iterator[tuple[str, Part]]:
    if isinstance(part, Interval):
        for name in ("low", "high"):
            for step in (-1, 1):
                yield (
                    "threshold",
                    Interval(
                        part.low + (step if name == "low" else 0),
                        part.low_open,
                        part.high + (step if name == "high" else 0),
                        part.high_open,
                    ),
                )
        yield "sign", Interval(part.low, not part.low_open, part.high, part.high_open)
        yield "sign", Interval(part.low, part.low_open, part.high, not part.high_open)
        return
    for step in (-1, 1):
        yield "threshold", Compare(part.sign, int(part.value) + step)
    if part.sign in OTHER_SIGN:
        yield "sign", Compare(OTHER_SIGN[part.sign], part.value)


def _written(parts: Iterable[Part], domain: Domain, *, negated: bool) -> str:
    said = []
    for part in parts:
        if isinstance(part, Interval):
            opening, closing = "(" if part.low_open else "[", ")" if part.high_open else "]"
            said.append(f"{opening}{print_value(part.low, domain)}..{print_value(part.high, domain)}{closing}")
        else:
            value = print_value(part.value, domain)
            said.append(value if part.sign == "=" else f"{part.sign} {value}")
    listed = ", ".join(said)
    return f"not({listed})" if negated else listed


# Parts ---------------------------------------------------------------------------------------------


def _table(release: Release, name: str) -> Iterator[Mutant]:
    rows = release.content["tables"][name]["row"]
    for row in rows:
        place = ("tables", name, "row", row["id"])
        yield from _of_tests(release, name, row["id"], (*place, "when"), row["when"], may_be_empty=True)
        for field, values in _outcomes(release, name, row, rows):
            for value in values:
                yield _turned(name, row["id"], place, row, field, value)


def _outcomes(release: Release, name: str, row: Mapping[str, Any], rows: Any) -> Iterator[tuple[tuple[str, ...], list[Any]]]:
    if name == "choice":
        yield ("offer",), _other_lists(row["offer"], sorted(release.treatments))
        rank = row.get("exclusive")
        yield ("exclusive",), [1 if rank is None else None, *([rank + 1] if rank else [])]
        yield ("always",), [not row.get("always", False)]
    elif name == "emergencies":
        yield ("key",), [_next(row["key"], list(dict.fromkeys(one["key"] for one in rows)))]
        yield ("scope",), ["patient" if row["scope"] == "lesion" else "lesion"]
        yield ("forward",), _other_lists(row.get("forward", []), sorted(release.treatments))
    elif name == "states":
        yield ("condition",), [_next(row["condition"], list(dict.fromkeys(one["condition"] for one in rows)))]
    elif "type" in row.get("then", {}):
        kinds = [*TYPES, "none"] if name == "leading" else list(TYPES)
        yield ("then", "type"), [_next(row["then"]["type"], kinds)]
        for fact in row.get("expects", {}):
            yield ("expects", fact), [None]


def _turned(part: str, row: str, place: Place, block: Mapping[str, Any], path: tuple[str, ...], value: Any) -> Mutant:
    was: Any = block
    for name in path:
        was = was.get(name) if isinstance(was, Mapping) else None
    kind: Kind = "added" if was is None else "removed" if value is None else "changed"
    return Mutant(part, row, f"{path[-1]}", Change((*place, *path), kind, was, value))


def _other_lists(given: list[str], names: list[str]) -> list[list[str]]:
    """Each one left out, and one more."""
    more = next(one for one in names if one not in given)
    return [*([one for one in given if one != left] for left in given), [*given, more]]


def _next(value: str, values: list[str]) -> str:
    return values[(values.index(value) + 1) % len(values)]


def _definitions(release: Release) -> Iterator[Mutant]:
    for block in release.content["definitions"]:
        for kind in ("any", "first"):
            for number, line in enumerate(block.get(kind, ()), 1):
                place: Place = ("definitions", block["fact"], kind, str(number))
                when = line if kind == "any" else line["when"]
                name = f"{block['fact']} line {number}"
                yield from _of_tests(release, "definitions", name, place if kind == "any" else (*place, "when"), when, may_be_empty=True)
                if kind == "first":
                    codes = [one["code"] for one in block["codes"]]
                    yield _turned("definitions", name, place, line, ("is",), _next(line["is"], codes))


def _implications(release: Release) -> Iterator[Mutant]:
    for block in release.content["implications"]:
        place: Place = ("implications", block["id"])
        yield from _of_tests(release, "implications", block["id"], (*place, "if"), block["if"], may_be_empty=False)
        for fact, text in block["then"].items():
            for kind, now in other_tests(text, release.domains[fact]):
                yield Mutant("implications", block["id"], f"then: {kind}", Change((*place, "then", fact), "changed", text, now))


def _questions(release: Release) -> Iterator[Mutant]:
    for block in release.content["facts"]:
        for kind in ("true_when", "false_when"):
            for number, line in enumerate(block.get(kind, ()), 1):
                place: Place = ("facts", block["key"], kind, str(number))
                yield from _of_tests(release, "questions", f"{block['key']} {kind} {number}", place, line, may_be_empty=True)


def _gates(release: Release) -> Iterator[Mutant]:
    for name, block in release.content["treatments"].items():
        for row in block.get("gate", ()):
            place: Place = ("treatments", name, "gate", row["row"])
            if row["stage"] != "start":
                yield _turned("gates", row["row"], place, row, ("stage",), "start")
                continue
            yield from _of_tests(release, "gates", row["row"], (*place, "when"), row["when"], may_be_empty=True)
            for severity in OTHER_SEVERITIES[row["severity"]]:
                yield _turned("gates", row["row"], place, row, ("severity",), severity)
            yield _turned("gates", row["row"], place, row, ("stage",), "on_treatment")


def _heads(release: Release) -> Iterator[Mutant]:
    for name, block in release.content["treatments"].items():
        for flag in HEAD_FLAGS:
            place: Place = ("treatments", name, "treatment")
            yield _turned("treatments", name, place, block["treatment"], (flag,), not block["treatment"].get(flag, False))


def _lists(release: Release) -> Iterator[Mutant]:
    for name in ("work_up", "causes", "advice", "referrals"):
        for row in release.content["lists"][name]:
            place: Place = ("lists", name, row["row"])
            if row.get("any"):
                for number, line in enumerate(row["any"], 1):
                    yield from _of_tests(release, "lists", row["row"], (*place, "any", str(number)), line, may_be_empty=True)
            elif row.get("when"):
                yield from _of_tests(release, "lists", row["row"], (*place, "when"), row["when"], may_be_empty=False)


def _laboratory(release: Release) -> Iterator[Mutant]:
    for block in release.content["laboratory"]:
        step = Decimal(1).scaleb(-block["precision"])
        for band in block["bands"]:
            limits = band.get("reference") or []
            for end, limit in enumerate(limits):
                if limit in (None, ""):
                    continue
                for turn in (-step, step):
                    moved = [*limits[:end], str(Decimal(limit) + turn), *limits[end + 1 :]]
                    place: Place = ("laboratory", block["key"], "bands", band["row"], "reference")
                    yield Mutant("laboratory", band["row"], "limit", Change(place, "changed", limits, moved))
