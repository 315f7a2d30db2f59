"""An assessment that is no longer the newest: what its reviews were before they went on with a later one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from calcinosis_app.assessments.models import Assessment, Review, Step
from calcinosis_app.audit.history import changes_of, state_at

A_MOMENT = timedelta(microseconds=1)
Decide = Callable[[Step], Any]


@dataclass(frozen=True)
class Stood:
    """A review that was never signed here, with what was decided when its reviewer left it for a newer assessment."""

    review: Review
    until: datetime | None
    decided: tuple[Any, ...]


def stood(assessment: Assessment, decided: Decide) -> tuple[Stood, ...]:
    """The reviews that went on with a later assessment, as they stood until then. `decided` puts a step into words."""
    reviews = Review.objects.filter(assessment=assessment, superseded_by__isnull=False).select_related("reviewer", "superseded_by__assessment")
    return tuple(_stood(one, decided) for one in reviews)


def _stood(review: Review, decided: Decide) -> Stood:
    left = [one.at for one in changes_of(Review, id=review.pk) if one.after.get("superseded_by_id") and not one.before.get("superseded_by_id")]
    if not left:  # from before the past was kept: what is left is all that is known
        return Stood(review, None, tuple(decided(step) for step in Step.objects.filter(review=review)))
    # What moved on did so in the same transaction, a little earlier: its first move tells when the review was last whole.
    moved = [one.at for one in changes_of(Step, review_id=review.pk) if one.before.get("review_id") == review.pk != one.after.get("review_id")]
    at = min([*left, *(one for one in moved if left[0] - one < timedelta(minutes=1))]) - A_MOMENT
    rows = sorted(state_at(Step, at, review_id=review.pk), key=lambda row: row["decided_at"])
    return Stood(review, left[0], tuple(decided(Step(**row)) for row in rows))
