"""Tests: what one row asks of one fact, in the part of DMN's S-FEEL that rules need.

========================  ====================================================
``-``                     anything, also "not applicable"
``true``, ``false``       a boolean
``ssc``, ``"L94.2"``      a code; quotes where it holds other signs than letters, digits and ``_.+/:-``
``1.45``                  a number in the fact's unit
``2026-03-02``            a date
``> 1.45``, ``<= 3``      a comparison; also ``<`` and ``>=``
``[2.2..2.6]``            an interval; ``]2.2..2.6]`` and ``(2.2..2.6]`` leave the end out
``a, b``                  one of these
``not(a, b)``             none of these
========================  ====================================================

There is no arithmetic and no second fact in a test, so a test is simply a set of values, and what
a row asks of a patient can be decided by looking at sets.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from clinical_rules.tables.domain import Domain
from clinical_rules.tables.errors import TableError
from clinical_rules.tables.possible import Possible, Scalar, Span, among, exactly, normal, outside

ANYTHING = "-"


@dataclass(frozen=True, slots=True)
class Compare:
    """``=``, ``<``, ``<=``, ``>`` or ``>=`` and what the fact is compared with."""

    sign: str
    value: Scalar


@dataclass(frozen=True, slots=True)
class Interval:
    """Between two numbers; an open end leaves the number itself out."""

    low: int
    low_open: bool
    high: int
    high_open: bool


Part = Compare | Interval


@dataclass(frozen=True, slots=True)
class Test:
    """One parsed test. ``accepts`` is the set of values that satisfy it, ``None`` for ``-``.

    ``parts`` keeps what was written; the text is canonical, so that parsing it gives this test.
    """

    __test__ = False  # the word belongs to the rules here; pytest would collect the class

    text: str
    parts: tuple[Part, ...]
    negated: bool
    accepts: Possible | None

    def __str__(self) -> str:
        return self.text


ANY_VALUE = Test(ANYTHING, (), False, None)


@lru_cache(maxsize=4096)
def parse_test(text: str, domain: Domain) -> Test:
    """Read one test. Raises ``TableError`` with the fact, the text and the remedy."""
    if text.strip() == ANYTHING:
        return ANY_VALUE
    parts, negated = _Reader(text, domain).read()
    accepts = _accepted(parts, negated, domain)
    if accepts is None:
        raise _error(
            text,
            domain,
            "no possible value of the fact satisfies the test",
            f"the fact may be {_print_domain(domain)}",
        )
    printed = ", ".join([_print(part, domain) for part in parts])
    return Test(f"not({printed})" if negated else printed, parts, negated, accepts)


def _error(text: str, domain: Domain, problem: str, remedy: str) -> TableError:
    return TableError(problem, remedy=remedy, fact=domain.key, text=text)


# Reading -----------------------------------------------------------------------------------------

_NUMBER_TOKEN = re.compile(r"\s*(<=|>=|<|>|\.\.|[\[\](),]|not\b|-?\d+(?:\.\d+)?)")
_DATE_TOKEN = re.compile(r"\s*(<=|>=|<|>|\.\.|[\[\](),]|not\b|\d{4}-\d\d-\d\d)")
_WORD_TOKEN = re.compile(r'\s*([(),]|"[^"]*"|[A-Za-z0-9_][A-Za-z0-9_.+/:-]*)')
_BARE_CODE = re.compile(r"(?!not$)[A-Za-z0-9_][A-Za-z0-9_.+/:-]*")
_SIGNS = frozenset(("", "not", "<", "<=", ">", ">=", "..", "[", "]", "(", ")", ","))
_TOKENS = {
    "number": _NUMBER_TOKEN,
    "date": _DATE_TOKEN,
    "boolean": _WORD_TOKEN,
    "code": _WORD_TOKEN,
}
_REMEDIES = {
    "number": "write a comparison such as > 1.45, an interval such as [2.2..2.6], or -",
    "date": "write a date such as 2026-03-02, a comparison or an interval of dates, or -",
    "boolean": "write true, false or -",
    "code": "write a code, codes with commas between, not(...) around them, or -",
}


class _Reader:
    """Reads the tokens of one test from left to right."""

    def __init__(self, text: str, domain: Domain) -> None:
        self.text, self.domain = text, domain
        self.tokens = self._split()
        self.next = 0

    def read(self) -> tuple[tuple[Part, ...], bool]:
        negated = self._peek() == "not"
        if negated:
            self.next += 1
            self._expect("(")
        parts = [self._part()]
        while self._peek() == ",":
            self.next += 1
            parts.append(self._part())
        if negated:
            self._expect(")")
        if self._peek():
            raise self._wrong(f"{self._peek()!r} was not expected")
        if len(set(parts)) != len(parts):
            raise _error(self.text, self.domain, "names one value twice", "take one of them out")
        return tuple(parts), negated

    def _split(self) -> list[str]:
        tokens, position, text = [], 0, self.text.rstrip()
        while position < len(text):
            match = _TOKENS[self.domain.kind].match(text, position)
            if not match:
                raise self._wrong(f"cannot be read from {text[position:]!r} on")
            tokens.append(match[1])
            position = match.end()
        return tokens

    def _peek(self) -> str:
        return self.tokens[self.next] if self.next < len(self.tokens) else ""

    def _take(self) -> str:
        token = self._peek()
        self.next += 1
        return token

    def _expect(self, *wanted: str) -> str:
        token = self._take()
        if token not in wanted:
            raise self._wrong(f"{' or '.join(wanted)} is missing")
        return token

    def _wrong(self, problem: str) -> TableError:
        return _error(self.text, self.domain, problem, _REMEDIES[self.domain.kind])

    def _part(self) -> Part:
        token = self._peek()
        if not self.domain.numeric:
            return Compare("=", self._literal())
        if token in ("<", "<=", ">", ">="):
            self.next += 1
            return Compare(token, self._literal())
        if token in ("[", "]", "("):
            return self._interval()
        return Compare("=", self._literal())

    def _interval(self) -> Interval:
        low_open = self._expect("[", "]", "(") != "["
        low = self._number()
        self._expect("..")
        high = self._number()
        high_open = self._expect("]", "[", ")") != "]"
        if low + low_open > high - high_open:
            raise _error(self.text, self.domain, "no value lies in the interval", "swap or widen its ends")
        return Interval(low, low_open, high, high_open)

    def _number(self) -> int:
        """One end of an interval; only numbers and dates get this far."""
        number = self._literal()
        if not isinstance(number, int):
            raise self._wrong(f"{number!r} is no number")
        return number

    def _literal(self) -> Scalar:
        token = self._take()
        if token in _SIGNS:
            raise self._wrong("a value is missing")
        return _LITERALS[self.domain.kind](token, self.text, self.domain)


def _number(token: str, text: str, domain: Domain) -> int:
    decimals = len(token.partition(".")[2])
    if decimals > domain.precision:
        raise _error(
            text,
            domain,
            f"{token} has {decimals} decimals, the fact is compared with {domain.precision}",
            f"round it to {domain.precision} decimals, or give the fact more precision",
        )
    return int(token.replace(".", "") + "0" * (domain.precision - decimals))


def _date(token: str, text: str, domain: Domain) -> int:
    try:
        return date.fromisoformat(token).toordinal()
    except ValueError:
        raise _error(text, domain, f"{token} is no day", "write it as 2026-03-02") from None


_BOOLEANS = {"true": True, "false": False}


def _boolean(token: str, text: str, domain: Domain) -> bool:
    try:
        return _BOOLEANS[token]
    except KeyError:
        raise _error(text, domain, f"{token} is no boolean", _REMEDIES["boolean"]) from None


def _code(token: str, text: str, domain: Domain) -> str:
    code = token.strip('"')
    if code not in domain.codes:
        raise _error(
            text,
            domain,
            f"{code!r} is no code of the fact",
            f"its codes are {', '.join(domain.codes)}",
        )
    return code


_LITERALS: dict[str, Callable[[str, str, Domain], Scalar]] = {
    "number": _number,
    "date": _date,
    "boolean": _boolean,
    "code": _code,
}


# The set of values that satisfy a test -------------------------------------------------------------


def _accepted(parts: tuple[Part, ...], negated: bool, domain: Domain) -> Possible | None:
    """``None`` when no value within the fact's limits satisfies the test."""
    if domain.numeric:
        spans = normal(tuple([_span(part) for part in parts]))
        if negated:
            spans = outside(spans)
        reachable = any(
            (low is None or domain.high is None or low <= domain.high) and (high is None or domain.low is None or high >= domain.low)
            for low, high in spans
        )
        return Possible(spans=spans) if reachable else None
    values = [part.value for part in parts if isinstance(part, Compare)]
    if negated:
        values = [value for value in domain.codes or (True, False) if value not in values]
    if len(values) == 1:
        return exactly(values[0])
    return among(values) if values else None


def _span(part: Part) -> Span:
    if isinstance(part, Interval):
        return part.low + part.low_open, part.high - part.high_open
    value = int(part.value)
    match part.sign:
        case "=":
            return value, value
        case ">":
            return value + 1, None
        case ">=":
            return value, None
        case "<":
            return None, value - 1
        case _:
            return None, value


# Printing ----------------------------------------------------------------------------------------


def print_value(value: Scalar, domain: Domain) -> str:
    """A value as a test would write it: a scaled number in the fact's unit, a date, a code."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value if _BARE_CODE.fullmatch(value) else f'"{value}"'
    if domain.kind == "date":
        return date.fromordinal(value).isoformat()
    if not domain.precision:
        return str(value)
    digits = str(abs(value)).rjust(domain.precision + 1, "0")
    whole, decimals = digits[: -domain.precision], digits[-domain.precision :].rstrip("0")
    return f"{'-' if value < 0 else ''}{whole}{'.' if decimals else ''}{decimals}"


def _print(part: Part, domain: Domain) -> str:
    if isinstance(part, Interval):
        opening = "(" if part.low_open else "["
        closing = ")" if part.high_open else "]"
        return f"{opening}{print_value(part.low, domain)}..{print_value(part.high, domain)}{closing}"
    literal = print_value(part.value, domain)
    return literal if part.sign == "=" else f"{part.sign} {literal}"


def _print_domain(domain: Domain) -> str:
    if domain.kind == "code":
        return ", ".join(domain.codes)
    if domain.kind == "boolean":
        return "true or false"
    ends = ["without limit" if end is None else print_value(end, domain) for end in (domain.low, domain.high)]
    return f"from {ends[0]} to {ends[1]}"
