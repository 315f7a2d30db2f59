"""An assessment that is no longer the newest: what its reviews were before they went on with a later one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import models

from calcinosis_app.assessments.models import Assessment, Review, Step
from calcinosis_app.audit.history import changes_of, state_at

A_MOMENT: Final = timedelta(microseconds=1)
ONE_TRANSACTION: Final = timedelta(minutes=1)
Decide = Callable[[Step], Any]


@dataclass(frozen=True)
class Stood:
    """A review that was never signed here, with what was decided when its reviewer left it for a newer assessment."""

    review: Review
    until: datetime | None
    decided: tuple[Any, ...]


def stood(assessment: Assessment, decided: Decide) -> tuple[Stood, ...]:
    """The reviews that went on with a later assessment, as they stood until then. `decided` puts a step into words."""
    reviews = Review.objects.filter(assessment=assessment, superseded_by__isnull=False)
    return tuple(_stood(one, decided) for one in reviews.select_related("reviewer", "superseded_by__assessment"))


def _stood(review: Review, decided: Decide) -> Stood:
    left = _when_set(Review, "superseded_by_id", None, id=review.pk)
    if not left:  # from before the past was kept: what is left is all that is known
        return Stood(review, None, tuple(decided(step) for step in Step.objects.filter(review=review)))
    # Decisions moved on in the same transaction, a little earlier: the first of them tells when the review was last whole.
    moved = [at for at in _when_set(Step, "review_id", review.pk, review_id=review.pk) if left[0] - at < ONE_TRANSACTION]
    rows = sorted(state_at(Step, min([*left, *moved]) - A_MOMENT, review_id=review.pk), key=lambda row: row["decided_at"])
    return Stood(review, left[0], tuple(decided(Step(**row)) for row in rows))


def _when_set(model: type[models.Model], column: str, was: object, **of: Any) -> list[datetime]:
    """When this column stopped being what it was."""
    changed = (one for one in changes_of(model, **of) if one.before and one.after)
    return [one.at for one in changed if one.before[column] == was != one.after[column]]
