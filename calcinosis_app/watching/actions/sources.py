"""Saying that a source was looked at, and how often that is wanted."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from calcinosis_app.accounts.models import User
from calcinosis_app.accounts.permissions import RULES_EDIT
from calcinosis_app.accounts.policy import require
from calcinosis_app.audit.actions import record
from calcinosis_app.rulebooks.bridge import current_release, rules_of
from calcinosis_app.watching.models import ReviewInterval, SourceCheck
from calcinosis_app.watching.models.source import MOST_MONTHS, NOTE_LENGTH


@transaction.atomic
def check_source(*, by: User, key: str, still_holds: bool, note: str = "") -> SourceCheck:
    """Keeps that the person has looked at a source of the release in force, and whether it still says what the rules take from it.

    Raises ValidationError for a source that the release does not have, and when what no longer holds is not said.
    """
    require(by, RULES_EDIT)
    release = current_release()
    if key not in rules_of(release).references:
        raise ValidationError({"key": f"Release {release.number} has no source {key!r}."})
    note = note.strip()
    if not still_holds and not note:
        raise ValidationError({"note": "Say what no longer holds, so that whoever mends the rule knows."})
    if len(note) > NOTE_LENGTH:
        raise ValidationError({"note": f"The note has {len(note)} letters and may have {NOTE_LENGTH}: shorten it."})
    check = SourceCheck.objects.create(key=key, release=release.number, still_holds=still_holds, note=note, checked_by=by)
    record(by=by, action="source.checked", subject=check, source=key, release=release.number, still_holds=still_holds)
    return check


@transaction.atomic
def change_interval(*, by: User, months: int) -> ReviewInterval:
    """Sets after how many months a source is due for the person's clinic."""
    require(by, RULES_EDIT)
    if by.clinic is None:
        raise PermissionDenied("Months are set for a clinic, and you belong to none.")
    if not 1 <= months <= MOST_MONTHS:
        raise ValidationError({"months": f"{months} is not possible: write a number from 1 to {MOST_MONTHS}."})
    ReviewInterval.objects.get_or_create(clinic=by.clinic)
    interval = ReviewInterval.objects.select_for_update().get(clinic=by.clinic)
    if interval.months != months:
        before = interval.months
        interval.months, interval.changed_at, interval.changed_by = months, timezone.now(), by
        interval.save()
        record(by=by, action="review_interval.changed", subject=by.clinic, before=before, months=months)
    return interval
