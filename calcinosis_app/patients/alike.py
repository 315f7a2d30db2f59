"""Whether two patients may be one person, and why. Compares, looks nothing up.

Names are compared as people confuse them: capitals, accents, umlauts written out, hyphens, family and given name swapped, a slip
of the finger. Nicknames are not known.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

from django.utils.formats import date_format

SPELLINGS: Final = (("ß", "ss"), ("æ", "ae"), ("œ", "oe"), ("þ", "th"))
LETTERS: Final = str.maketrans("øđðłı", "oddli")
# An umlaut is written out by some and left out by others; both come to the plain letter.
WRITTEN_OUT: Final = (("ae", "a"), ("oe", "o"), ("ue", "u"), ("aa", "a"))
BETWEEN_WORDS: Final = re.compile("[\x01-\x2f\x3a-\x40\x5b-\x60\x7b-\xa0\u2010-\u2019\u02bc]+")
# A name this long may hold two slips; a shorter one is another name by then.
LONG_NAME: Final = 8
SHORTEST_WITH_A_SLIP: Final = 3


class Identity(Protocol):
    """What is known of a person: of a stored patient, or of one that somebody is about to create."""

    @property
    def number(self) -> str:
        """The clinic's number."""

    @property
    def family_name(self) -> str:
        """The family name."""

    @property
    def given_name(self) -> str:
        """The given names."""

    @property
    def birth_date(self) -> date | None:
        """The birth date, where it is known."""

    @property
    def sex(self) -> str:
        """The sex, where it is known."""


@dataclass(frozen=True)
class Typed:
    """Somebody who is no patient yet."""

    number: str
    family_name: str
    given_name: str
    birth_date: date | None
    sex: str


@dataclass(frozen=True)
class Resemblance:
    """Why two may be one person, and in what they differ, in words; what differs is said of the other."""

    why: tuple[str, ...]
    differs: tuple[str, ...]


def resemblance(one: Identity, other: Identity) -> Resemblance | None:
    """What speaks for it that `other` is `one`; nothing when nothing does."""
    why = tuple(said for said in (_by_name(one, other), _by_number(one.number, other.number)) if said)
    return Resemblance(why, tuple(_differences(one, other))) if why else None


def fold(name: str) -> str:
    """A name without capitals, accents and umlauts, as the database folds it."""
    plain = _plain(name)
    for spelling, letters in SPELLINGS:
        plain = plain.replace(spelling, letters)
    plain = plain.translate(LETTERS)
    for spelling, letter in WRITTEN_OUT:
        plain = plain.replace(spelling, letter)
    return plain


def name_key(family_name: str, given_name: str) -> str:
    """The words of the whole name, folded and in order."""
    return " ".join(sorted(_words(f"{family_name} {given_name}")))


def number_key(number: str) -> str:
    """A number without capitals, blanks, signs and leading zeros."""
    return re.sub(r"(^|[^0-9])0+(?=[0-9])", r"\1", BETWEEN_WORDS.sub("", _plain(number)))


def _plain(text: str) -> str:
    return re.sub("[\u0300-\u036f]", "", unicodedata.normalize("NFKD", text.lower()))


def _words(name: str) -> list[str]:
    return [word for word in BETWEEN_WORDS.split(fold(name)) if word]


def _by_number(one: str, other: str) -> str:
    key = number_key(one)
    return "same number, written otherwise" if key and key == number_key(other) and one != other else ""


def _by_name(one: Identity, other: Identity) -> str:
    """Names that are alike count together with the birth date: the more one differs, the less the other may."""
    same = name_key(one.family_name, one.given_name) == name_key(other.family_name, other.given_name) != ""
    if one.birth_date is None or other.birth_date is None:
        return f"{_same_name(one, other)}; a birth date is not known" if same else ""
    if one.birth_date == other.birth_date:
        name = _same_name(one, other) if same else _similar_name(one, other)
        return f"same birth date, {name}" if name else ""
    slip = _slip_of_date(one.birth_date, other.birth_date)
    return f"{_same_name(one, other)}, {slip}" if same and slip else ""


def _same_name(one: Identity, other: Identity) -> str:
    if (one.family_name, one.given_name) == (other.family_name, other.given_name):
        return "same name"
    straight = fold(one.family_name) == fold(other.family_name) or _words(one.family_name) == _words(other.family_name)
    return "same name, written otherwise" if straight else "family and given name swapped"


def _similar_name(one: Identity, other: Identity) -> str:
    family, given = _words(one.family_name), _words(one.given_name)
    other_family, other_given = _words(other.family_name), _words(other.given_name)
    if not (family and given and other_family and other_given):
        return ""
    for pairs, said in (
        (((family, other_family), (given, other_given)), "a similar name"),
        (((family, other_given), (given, other_family)), "a similar name, family and given name swapped"),
    ):
        if all(_similar_words(mine, theirs) for mine, theirs in pairs):
            return said
    return ""


def _similar_words(mine: list[str], theirs: list[str]) -> bool:
    """Whether they differ by slips, or one is a part of the other: a second given name, half a double name."""
    if _slips_apart("".join(mine), "".join(theirs)):
        return True
    fewer, more = sorted((mine, theirs), key=len)
    return len(fewer) < len(more) and all(any(_slips_apart(word, each) for each in more) for word in fewer)


def _slips_apart(one: str, other: str) -> bool:
    if one == other:
        return True
    shorter = min(len(one), len(other))
    if shorter < SHORTEST_WITH_A_SLIP:
        return False
    return within(one, other, 2 if shorter >= LONG_NAME else 1)


def within(one: str, other: str, most: int) -> bool:
    """Whether at most so many slips lie between two words: a letter too many, missing, wrong, or swapped with its neighbour."""
    if abs(len(one) - len(other)) > most:
        return False
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        now = [row]
        for column, its in enumerate(other, start=1):
            cost = min(last[column] + 1, now[column - 1] + 1, last[column - 1] + (letter != its))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == its:
                cost = min(cost, before[column - 2] + 1)
            now.append(cost)
        if min(now) > most:
            return False
        before, last = last, now
    return last[-1] <= most


def _slip_of_date(one: date, other: date) -> str:
    if one.year == other.year and (one.day, one.month) == (other.month, other.day):
        return "day and month of the birth date swapped"
    mine, theirs = f"{one:%Y%m%d}", f"{other:%Y%m%d}"
    apart = [place for place in range(len(mine)) if mine[place] != theirs[place]]
    if len(apart) == 1:
        return "birth date one digit apart"
    is_swap = len(apart) == 2 and apart[1] == apart[0] + 1 and mine[apart[0]] == theirs[apart[1]] and mine[apart[1]] == theirs[apart[0]]
    return "two digits of the birth date swapped" if is_swap else ""


def _differences(one: Identity, other: Identity) -> list[str]:
    said = []
    if (one.family_name, one.given_name) != (other.family_name, other.given_name):
        said.append("name")
    if one.birth_date != other.birth_date:
        said.append(f"birth date ({_day(other.birth_date)})")
    if one.sex != other.sex:
        said.append(f"sex ({other.sex or 'not known'})")
    if one.number != other.number:
        said.append("number")
    return said


def _day(day: date | None) -> str:
    return date_format(day, "j M Y") if day else "not known"
