"""Whose record may be removed: the clinic's years after the last activity, and never before an age.

Activity is what was entered, judged, decided or worked; that somebody looked is none. A reminder that still waits is activity
until its window has ended.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import F, Max
from django.db.models.functions import Coalesce
from django.utils import timezone

from calcinosis_app.accounts.models import Clinic
from calcinosis_app.assessments.models import Assessment, Review
from calcinosis_app.audit.models import Event
from calcinosis_app.desk.held.export import EXPORTED
from calcinosis_app.followups.models import Reminder
from calcinosis_app.followups.outcomes import State
from calcinosis_app.patients.models import Case, DraftEntry, Finding, Merge, Patient, RecordHold, RetentionRule, TransferOffer

# Table, the way to its patient, and what tells when something was done.
ACTIVITY: Final[tuple[tuple[Any, str, str], ...]] = (
    (Case, "patient", "opened_at"),
    (Finding, "patient", "recorded_at"),
    (DraftEntry, "case__patient", "saved_at"),
    (Assessment, "case__patient", "made_at"),
    (Review, "assessment__case__patient", "started_at"),
    (Review, "assessment__case__patient", "signed_at"),
    (Reminder, "patient", "closed_at"),
    (Merge, "survivor", "merged_at"),
    (Merge, "survivor", "unmerged_at"),
    (Merge, "duplicate", "unmerged_at"),
    (TransferOffer, "patient", "offered_at"),
    (TransferOffer, "patient", "ended_at"),
)


@dataclass(frozen=True)
class Due:
    """A record whose time has come. `exported` says that everything was taken out since the last activity."""

    patient: Patient
    last: date
    since: date
    hold: RecordHold | None
    exported: bool


def rule_of(clinic: Clinic) -> RetentionRule:
    """The clinic's years; the default, not stored, where it has set none."""
    return RetentionRule.objects.select_related("changed_by").filter(pk=clinic.pk).first() or RetentionRule(clinic=clinic)


def due_in(clinic: Clinic, *, only: Iterable[UUID] | None = None) -> list[Due]:
    """The records of the clinic that may be removed today, the longest due first; those held back, too, with the hold.

    With `only`, of these survivors. A record is that of a survivor with its duplicates.
    """
    rule, today = rule_of(clinic), timezone.localdate(timezone=clinic.zone)
    last_day = _years_before(today, rule.years)
    begun = datetime.combine(last_day + timedelta(days=1), time(), clinic.zone)
    groups = _groups(clinic, only, begun)
    active = _active(clinic, groups, begun, last_day)
    ready = [group for group in groups.keys() - active if all(_grown(one, rule.until_age, clinic) <= today for one in groups[group])]
    last, exports = _last(ready, groups), _exports(ready)
    holds = {one.patient_id: one for one in RecordHold.objects.filter(patient__clinic=clinic, lifted_at__isnull=True)}
    found = []
    for group in ready:
        survivor = next((one for one in groups[group] if one.pk == group), None)
        if survivor is None:  # unmerged this moment
            continue
        survivor.clinic = clinic
        day = timezone.localdate(last[group], clinic.zone)
        since = max(years_after(day, rule.years), *(_grown(one, rule.until_age, clinic) for one in groups[group]))
        hold = next((holds[one.pk] for one in groups[group] if one.pk in holds), None)
        found.append(Due(survivor, day, since, hold, group in exports and exports[group] > last[group]))
    return sorted(found, key=lambda one: (one.since, one.patient.number))


def years_after(day: date, years: int) -> date:
    """The same day so many years later, or earlier; for 29 February, 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def _years_before(day: date, years: int) -> date:
    """The last day that lies so many years back: for 29 February, 28 February."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 2, 28)


def _groups(clinic: Clinic, only: Iterable[UUID] | None, begun: datetime) -> dict[UUID, list[Patient]]:
    """The patients who were here before, by group. Of a group that a newer one has joined since, that merge is activity."""
    found = Patient.objects.filter(clinic=clinic, created_at__lt=begun).order_by()
    if only is not None:
        found = found.alias(group=Coalesce("merged_into", "pk")).filter(group__in=list(only))
    groups: dict[UUID, list[Patient]] = defaultdict(list)
    for one in found:
        groups[one.merged_into_id or one.pk].append(one)
    return dict(groups)


def _active(clinic: Clinic, groups: Iterable[UUID], begun: datetime, last_day: date) -> set[UUID]:
    """Those in which something was done since, or a reminder still waits."""
    asked = set(groups)
    if not asked:
        return set()
    active: set[UUID] = set()
    for model, way, at in ACTIVITY:
        found = model.objects.filter(**{f"{way}__clinic": clinic, f"{at}__gte": begun})
        active |= set(found.order_by().annotate(group=_group(way)).values_list("group", flat=True).distinct())
    waiting = Reminder.objects.filter(patient__clinic=clinic, state=State.OPEN, until_on__gt=last_day)
    active |= set(waiting.order_by().annotate(group=_group("patient")).values_list("group", flat=True).distinct())
    return active & asked


def _last(ready: list[UUID], groups: dict[UUID, list[Patient]]) -> dict[UUID, datetime]:
    last = {group: max(one.created_at for one in groups[group]) for group in ready}
    members = [one.pk for group in ready for one in groups[group]]
    for model, way, at in ACTIVITY:
        found = model.objects.filter(**{f"{way}__in": members}).order_by().annotate(group=_group(way)).values("group")
        for row in found.annotate(at=Max(at)):
            if row["at"] is not None:
                last[row["group"]] = max(last[row["group"]], row["at"])
    return last


def _exports(ready: list[UUID]) -> dict[UUID, datetime]:
    found = Event.objects.filter(action=EXPORTED, subject_id__in=[str(one) for one in ready]).order_by()
    return {UUID(row["subject_id"]): row["last"] for row in found.values("subject_id").annotate(last=Max("at"))}


def _group(way: str) -> Coalesce:
    return Coalesce(F(f"{way}__merged_into"), F(way))


def _grown(patient: Patient, until_age: int, clinic: Clinic) -> date:
    """From when on the age is no obstacle. Whoever has no birth date may have been born on the day on which the record began."""
    return years_after(patient.birth_date or timezone.localdate(patient.created_at, clinic.zone), until_age)
