"""One thing that happened to a patient, and the years of a story."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.utils.timezone import localtime

KINDS = {
    "case": ("case", "cases"),
    "lesion": ("lesion", "lesions"),
    "findings": ("entry of findings", "entries of findings"),
    "assessment": ("assessment", "assessments"),
    "review": ("review", "reviews"),
    "reminder": ("reminder", "reminders"),
}
"""What an entry is about, one and many, in the order in which a year counts them."""
ICONS = {"case": "plus", "lesion": "plus", "findings": "info", "assessment": "search", "review": "person", "reminder": "good"}


@dataclass(frozen=True)
class Mark:
    """What is grave about an entry, in a word."""

    text: str
    tone: str
    icon: str = ""


@dataclass(frozen=True)
class Entry:
    """What happened, when, and the page where it stands. `more` is a longer list that is folded away."""

    at: datetime
    kind: str
    title: str
    says: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()
    url: str = ""
    link: str = ""
    more: tuple[str, ...] = ()

    @property
    def icon(self) -> str:
        """The sign of its kind; its word stands beside it."""
        return ICONS[self.kind]

    @property
    def kind_label(self) -> str:
        """Its kind in a word."""
        return self.kind


@dataclass(frozen=True)
class Year:
    """The entries of one year, newest first."""

    number: int
    entries: tuple[Entry, ...]

    @property
    def counts(self) -> str:
        """How much it holds, so that a folded year hides nothing: "3 assessments, 1 review"."""
        found = ((kind, sum(one.kind == kind for one in self.entries)) for kind in KINDS)
        return ", ".join(f"{count} {KINDS[kind][count > 1]}" for kind, count in found if count)


def years_of(entries: Iterable[Entry]) -> tuple[Year, ...]:
    """The story, newest year first and newest entry first."""
    newest_first = sorted(entries, key=lambda one: one.at, reverse=True)
    return tuple(Year(number, tuple(some)) for number, some in groupby(newest_first, key=lambda one: localtime(one.at).year))
