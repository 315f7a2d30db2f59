"""Finding a fact by its name, a synonym, a key or a code."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from calcinosis_app.desk.entry.fields import field_id, field_query
from calcinosis_app.desk.entry.layout import SEARCHED
from calcinosis_app.patients.models import Lesion
from calcinosis_app.rulebooks.bridge import Fact, current

MOST = 12


@dataclass(frozen=True)
class Hit:
    """A fact that fits, the other name by which it was found, and the lesion that it would be entered for.

    `box` is where it was found, `answer` what is known of it already.
    """

    fact: Fact
    by: str
    lesion: Lesion | None = None
    box: str = "anything"
    answer: str = ""
    is_draft: bool = False

    @property
    def id(self) -> str:
        """Where it stands on the page: one fact may be found in two boxes."""
        return f"hit-{self.box}-{self.field_id}"

    @property
    def said(self) -> str:
        """What became of the answer."""
        return f"{self.answer.capitalize()}, {'saved' if self.is_draft else 'recorded'}" if self.answer else ""

    @property
    def is_answer(self) -> bool:
        """Whether yes or no answers it on the spot."""
        return self.fact.kind == "boolean"

    @property
    def field_id(self) -> str:
        """Where its field stands, or will stand."""
        return field_id(self.fact.key, self.lesion.label if self.lesion else None)

    @property
    def query(self) -> str:
        """Brings its field to the page."""
        return field_query(self.fact.key, self.lesion)


def search(text: str, box: str, lesion: Lesion | None) -> list[Hit]:
    """The facts that a search box offers for `text`, best first; none for blank text. `lesion` is the one on the page.

    A name that begins with the text stands before one that holds it, and a name before a synonym.
    """
    wanted = text.strip().casefold()
    if not wanted:
        return []
    sections = SEARCHED.get(box, ())
    facts = (fact for fact in current().facts.values() if _enterable(fact) and (not sections or fact.section in sections))
    if box == "lesion":
        facts = (fact for fact in facts if fact.scope == "lesion")
    ranked = [
        (rank, fact.label.casefold(), Hit(fact, by, lesion if fact.scope == "lesion" else None, box))
        for fact in facts
        for rank, by in [_fit(fact, wanted)]
        if rank
    ]
    return [hit for _, _, hit in sorted(ranked, key=lambda one: one[:2])][:MOST]


def _enterable(fact: Fact) -> bool:
    return not fact.derived and fact.kind != "codes"


def _fit(fact: Fact, wanted: str) -> tuple[int, str]:
    label = fact.label.casefold()
    if label.startswith(wanted) or fact.key == wanted:
        return 1, ""
    if f" {wanted}" in label:
        return 2, ""
    for name in _other_names(fact):
        if name.casefold().startswith(wanted):
            return 3, name
    if wanted in label:
        return 4, ""
    for name in _other_names(fact):
        if wanted in name.casefold():
            return 5, name
    return (6, "") if wanted in fact.question.casefold() else (0, "")


def _other_names(fact: Fact) -> Iterable[str]:
    yield from fact.synonyms
    yield from fact.aliases
    yield from _codes(fact.details)


def _codes(details: Mapping[str, Any]) -> Iterable[str]:
    """Codes of the usual systems, as the release writes them."""
    for name in ("codes", "loinc", "atc"):
        value = details.get(name, ())
        if isinstance(value, str):
            yield value
        elif isinstance(value, Mapping):
            yield from (str(one) for one in value.values())
        else:
            yield from (str(one.get("code", "")) if isinstance(one, Mapping) else str(one) for one in value)
