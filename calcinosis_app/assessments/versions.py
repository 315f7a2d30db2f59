"""What a reviewer saw of a review when writing: the texts that are compared before anything is replaced."""

from collections.abc import Mapping
from typing import Final

from calcinosis_app.assessments.decisions import Decision
from calcinosis_app.assessments.models import Review, Step, TypeOverride
from calcinosis_app.assessments.models.override import TYPES
from calcinosis_app.assessments.reasons import ReasonGroup
from calcinosis_app.core.stale import Label, version_of

NOTE_SEEN: Final = "note_seen"
REVIEW_SEEN: Final = "review_seen"
_REASON: Final = Label("Reason", choices=tuple((str(value), str(label)) for value, label in ReasonGroup.choices))
STEP: Final = {
    "decision": Label("Decision", choices=tuple((str(value), str(label).capitalize()) for value, label in Decision.choices)),
    "reason_group": _REASON,
    "text": Label("In your words", long=True),
    "details": Label("What is changed", long=True),
}
TYPE: Final = {
    "type": Label("Type", choices=tuple((kind, kind.replace("_", " ")) for kind in TYPES)),
    "reason_group": _REASON,
    "text": Label("In your words", long=True),
}
NOTE: Final = {"note": Label("Note", long=True)}


def texts_of(row: Step | TypeOverride | None, labels: Mapping[str, Label]) -> dict[str, str] | None:
    """What the row says, by field; None where there is none."""
    return None if row is None else {name: str(getattr(row, name)) for name in labels}


def version_of_step(step: Step | None) -> str:
    """For the form that decides a step."""
    return version_of(texts_of(step, STEP))


def version_of_type(override: TypeOverride | None) -> str:
    """For the form that gives a lesion another type."""
    return version_of(texts_of(override, TYPE))


def version_of_note(review: Review) -> str:
    """For the forms that hold the note."""
    return version_of({"note": review.note})


def version_of_review(review: Review) -> str:
    """Everything decided in it, for the form that signs it. The note is compared by itself."""
    steps = sorted(f"{one.treatment} {one.row} {one.lesion} {version_of_step(one)}" for one in Step.objects.filter(review=review))
    types = sorted(f"{one.lesion} {version_of_type(one)}" for one in TypeOverride.objects.filter(review=review))
    return version_of({"steps": "\n".join(steps), "types": "\n".join(types)})
