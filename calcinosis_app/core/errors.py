"""Errors that a page answers with a sentence instead of a stack trace."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Both:
    """One field in both versions: as it was sent, and as it is stored now. `choices` where it is chosen, `long` for a text of lines."""

    name: str
    label: str
    mine: str
    theirs: str
    choices: tuple[tuple[str, str], ...] = ()
    long: bool = False

    @property
    def differs(self) -> bool:
        """Whether the two say different things."""
        return self.mine.split() != self.theirs.split()

    @property
    def theirs_in_words(self) -> str:
        """What is stored, as a page says it."""
        return dict(self.choices).get(self.theirs, self.theirs)

    @property
    def mine_in_words(self) -> str:
        """What was sent, as a page says it."""
        return dict(self.choices).get(self.mine, self.mine)


@dataclass(frozen=True)
class Versions:
    """What was sent beside what somebody else stored meanwhile, so that neither is lost.

    `version` is the version that is stored now: whoever sends it as seen, together with the fields, replaces it on purpose.
    Without a version it cannot be replaced any more. Where `by` took it away, `theirs` is empty in every field. `at` may be
    unknown. `seen_as` is the name under which a form sends the version.
    """

    fields: tuple[Both, ...]
    version: str
    by: str = ""
    at: datetime | None = None
    seen_as: str = "seen"

    def as_json(self) -> dict[str, Any]:
        """For a program."""
        return {
            "mine": {one.name: one.mine for one in self.fields},
            "theirs": {one.name: one.theirs for one in self.fields},
            "differs": [one.name for one in self.fields if one.differs],
            "by": self.by,
            "at": self.at.isoformat() if self.at else None,
            "version": self.version,
        }


class Conflict(Exception):
    """What was asked for no longer fits the state it meets; answered with status 409.

    The text says what happened, to which thing, and what to do next. It is shown to the person as
    it stands, so it carries no patient's identity. `versions` holds both versions where text could be lost.
    """

    def __init__(self, say: str, versions: Versions | None = None) -> None:
        super().__init__(say)
        self.versions = versions
        self.context: dict[str, Any] = {}
        """What the page that explains it shows around it, such as the patient."""


@contextmanager
def about(**context: Any) -> Iterator[None]:
    """Gives the page of a Conflict that is raised inside what it shows around the sentence, such as the patient."""
    try:
        yield
    except Conflict as conflict:
        conflict.context |= context
        raise
