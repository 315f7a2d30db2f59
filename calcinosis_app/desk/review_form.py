"""The words of a review, and what its forms send."""

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from calcinosis_app.assessments.decisions import NEEDS_A_REASON, Decision
from calcinosis_app.assessments.models.override import TYPES
from calcinosis_app.assessments.reasons import ReasonGroup

TYPE_LABELS = {kind: kind.replace("_", " ") for kind in TYPES}
NEED_A_REASON = f"{', '.join(str(one.label) for one in NEEDS_A_REASON[:-1])} and {NEEDS_A_REASON[-1].label}"


def type_label(kind: str) -> str:
    """A type that a reviewer can give, in words."""
    return TYPE_LABELS.get(kind, kind)


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
    return {
        "decisions": Decision.choices,
        "reasons": ReasonGroup.choices,
        "types": TYPE_LABELS.items(),
        "need_a_reason": NEED_A_REASON,
    }
