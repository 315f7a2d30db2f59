"""A question that the rules ask, with the way to its field, or the means to answer it where it stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from calcinosis_app.assessments.bridge import Question
from calcinosis_app.desk.entry.fields import field_id, field_query
from calcinosis_app.patients.models import Lesion
from calcinosis_app.rulebooks.bridge import Fact, current

TEMPLATES: Final = {
    "boolean": "desk/assessment/_ask_answer.html",
    "number": "desk/assessment/_ask_number.html",
    "code": "desk/assessment/_ask_code.html",
}
LINK: Final = "desk/assessment/_ask_link.html"


@dataclass(frozen=True)
class Ask:
    """A question with the way to its field: the address that brings it to the page, and its id there."""

    question: Question
    lesion: Lesion | None
    field_id: str

    @property
    def lesion_id(self) -> str:
        """Of which lesion it is asked; empty for the patient."""
        return str(self.lesion.pk) if self.lesion else ""

    @property
    def query(self) -> str:
        """Brings the field to the page, at its lesion, when it is not there yet."""
        return field_query(self.question.fact, self.lesion)

    @property
    def name(self) -> str:
        """What the fields of an answer are called in a form with many questions."""
        return f"{self.question.fact}:{self.lesion_id}"

    @property
    def fact(self) -> Fact:
        """What the current release knows of it."""
        return current().facts[self.question.fact]

    @property
    def template(self) -> str:
        """The piece that asks on the spot; a link to case entry for what is better entered there."""
        return TEMPLATES.get(self.question.kind, LINK)

    @property
    def units(self) -> tuple[str, ...]:
        """The units to choose from."""
        return tuple(unit.code for unit in self.fact.units) if self.fact.needs_unit else ()

    @property
    def codes(self) -> tuple[object, ...]:
        """The answers to choose from."""
        return self.fact.codes


def ask(question: Question, lesions: Mapping[str, Lesion]) -> Ask:
    """The question with the way to its field."""
    lesion = lesions.get(question.lesion or "") if question.scope == "lesion" else None
    return Ask(question, lesion, field_id(question.fact, lesion.label if lesion else None))
