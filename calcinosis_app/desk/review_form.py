"""The words of a review, and what its forms send."""

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from calcinosis_app.assessments.decisions import Decision
from calcinosis_app.assessments.models.override import TYPES
from calcinosis_app.assessments.reasons import ReasonGroup

TYPE_LABELS = {kind: kind.replace("_", " ") for kind in TYPES}


@dataclass(frozen=True)
class Sent:
    """A decision as it was sent, kept so that a refused one stays on the page as typed."""

    decision: str
    reason_group: str
    text: str
    details: str
    override: bool

    @classmethod
    def of(cls, sent: QueryDict) -> "Sent":
        """Reads the fields; blanks around texts are gone."""
        words = {name: sent.get(name, "").strip() for name in ("decision", "reason_group", "text", "details")}
        return cls(**words, override="override" in sent)


def words() -> dict[str, Any]:
    """The choices that a review offers, in order. Nothing is chosen beforehand."""
    return {"decisions": Decision.choices, "reasons": ReasonGroup.choices, "types": TYPE_LABELS.items()}
