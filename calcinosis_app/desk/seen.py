"""Who has seen a patient, and what each did: read from the audit log."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Max, Min, Q, QuerySet
from django.utils import timezone

from calcinosis_app.accounts.models import Clinic, EmergencyAccess, User
from calcinosis_app.accounts.selectors import clinics, emergencies_of_records, roles_of
from calcinosis_app.assessments.models import Assessment, Review
from calcinosis_app.audit.models import Event
from calcinosis_app.audit.selectors import events_on
from calcinosis_app.followups.models import Reminder
from calcinosis_app.patients.models import Lesion, Patient, TransferOffer
from calcinosis_app.patients.selectors import cases_of, group_of, in_group

OPENED: Final = "patient.opened"
MOST: Final = 300
LOOKED_AT: Final = {
    "patient": "looked at the patient",
    "case": "looked at a case",
    "assessment": "looked at an assessment",
    "review": "looked at a review",
}
WORDS: Final = {
    "patient.created": "created the patient",
    "patient.corrected": "corrected the particulars",
    "patient.merged": "merged it with another record",
    "patient.unmerged": "unmerged it from another record",
    "patient.not_same": "said that another record is of somebody else",
    "patient.exported": "took everything held out as a file",
    "record.held_back": "held the record back from removal",
    "record.hold_lifted": "lifted the hold on the record",
    "practice.begun": "began a practice case",
    "practice.put_away": "put the practice case away",
    "case.opened": "opened a case",
    "lesion.added": "added a lesion",
    "lesion.removed": "removed a lesion",
    "draft.saved": "typed a field",
    "draft.filled": "filled in fields of a worked case",
    "draft.discarded": "cleared a field",
    "findings.recorded": "recorded findings",
    "results.imported": "imported results",
    "assessment.made": "had the case assessed",
    "review.started": "began a review",
    "review.noted": "wrote a note in a review",
    "review.superseded": "went on with a review on a newer assessment",
    "review.signed": "signed a review",
    "step.decided": "decided a step",
    "step.withdrawn": "withdrew a decision",
    "type.overridden": "gave a lesion another type",
    "type.override_withdrawn": "took another type back",
    "plan.written": "wrote the reminders of a plan",
    "reminder.closed": "closed a reminder",
    "transfer.offered": "offered the patient to another clinic",
    "transfer.accepted": "took the patient over",
    "transfer.declined": "declined the patient",
    "transfer.withdrawn": "withdrew the offer to another clinic",
    "emergency.opened": "began emergency access",
    "emergency.ended": "ended emergency access",
    "emergency.seen": "took notice of emergency access",
}


@dataclass(frozen=True)
class Viewer:
    """One person and the patient. `openings` counts one in fifteen minutes; `role` is what the person is now."""

    id: str
    name: str
    role: str
    clinic: str
    first: datetime
    last: datetime
    openings: int
    changes: int
    emergencies: list[EmergencyAccess] = field(default_factory=list)


@dataclass
class Line:
    """One event in words, or several of the same kind by the same person without another between: then `at` is the last one's."""

    at: datetime
    name: str
    what: str
    emergency: bool
    times: int = 1


@dataclass(frozen=True)
class Seen:
    """What the page shows: everybody by the last time, and the events below."""

    viewers: list[Viewer]
    lines: list[Line]
    more: bool


def everybody(patient: Patient) -> list[tuple[str, str]]:
    """Everybody who stands in the patient's log, by name: id and name."""
    names = dict(_events(patient).order_by("at").values_list("actor_id", "actor"))
    return sorted(names.items(), key=lambda one: one[1])


def seen_by(patient: Patient, clinic: Clinic, *, person: str = "", since: date | None = None, until: date | None = None) -> Seen:
    """Who opened or changed anything of the patient, in the time asked for; days are the clinic's, both included."""
    found = _events(patient)
    if person:
        found = found.filter(actor_id=person)
    if since is not None:
        found = found.filter(at__gte=_midnight(since, clinic))
    if until is not None:
        found = found.filter(at__lt=_midnight(until + timedelta(days=1), clinic))
    events = list(found[: MOST + 1])
    return Seen(_viewers(found, patient), _lines(events[:MOST]), len(events) > MOST)


def _events(patient: Patient) -> QuerySet[Event]:
    """Everything in the log that is about the patient or what belongs to the patient."""
    cases = _ids(cases_of(patient))
    return events_on(
        {
            "patient": _ids(group_of(patient.pk)),
            "case": cases,
            "lesion": _ids(Lesion.objects.filter(case__in=cases)),
            "assessment": _ids(Assessment.objects.filter(case__in=cases)),
            "review": _ids(Review.objects.filter(assessment__case__in=cases)),
            "reminder": _ids(Reminder.objects.filter(in_group(patient.pk))),
            "transferoffer": _ids(TransferOffer.objects.filter(in_group(patient.pk))),
            "emergencyaccess": _ids(_emergencies(patient)),
        }
    )


def _emergencies(patient: Patient) -> QuerySet[EmergencyAccess]:
    """Also to a duplicate, before it was known to be one."""
    return emergencies_of_records(_ids(group_of(patient.pk)))


def _ids(found: QuerySet[Any]) -> list[UUID]:
    return list(found.order_by().values_list("pk", flat=True))


def _viewers(found: QuerySet[Event], patient: Patient) -> list[Viewer]:
    rows = list(
        found.order_by()
        .values("actor_id")
        .annotate(
            name=Max("actor"),
            of=Max("clinic"),
            first=Min("at"),
            last=Max("at"),
            openings=Count("pk", filter=Q(action=OPENED)),
            changes=Count("pk", filter=~Q(action=OPENED) & ~Q(action__startswith="emergency.")),
        )
        .order_by("-last")
    )
    people = _people(row["actor_id"] for row in rows)
    names = {str(one.pk): one.name for one in clinics()}
    emergencies = list(_emergencies(patient))
    return [
        Viewer(
            id=row["actor_id"],
            name=row["name"],
            role=_role(people.get(row["actor_id"])),
            clinic=names.get(row["of"], ""),
            first=row["first"],
            last=row["last"],
            openings=row["openings"],
            changes=row["changes"],
            emergencies=[one for one in emergencies if str(one.user_id) == row["actor_id"]],
        )
        for row in rows
    ]


def _people(ids: Iterable[str]) -> dict[str, User]:
    return {str(one.pk): one for one in User.objects.filter(pk__in=[one for one in ids if not one.startswith("system:")])}


def _role(user: User | None) -> str:
    if user is None:
        return "the product itself"
    names: Sequence[str] = [role.name for role in roles_of(user)]
    return f"{', '.join(names) or 'no role'}{'' if user.is_active else ', deactivated'}"


def _lines(events: Iterable[Event]) -> list[Line]:
    lines: list[Line] = []
    for one in map(_line, events):
        last = lines[-1] if lines else None
        if last is not None and (last.name, last.what, last.emergency) == (one.name, one.what, one.emergency):
            last.times += 1
        else:
            lines.append(one)
    return lines


def _line(event: Event) -> Line:
    what = WORDS.get(event.action, event.action.replace(".", " ").replace("_", " "))
    if event.action == OPENED:
        what = LOOKED_AT.get(event.detail.get("kind", "patient"), f"looked at: {event.detail.get('kind')}")
    return Line(event.at, event.actor, what, event.action.startswith("emergency.") or "emergency" in event.detail)


def _midnight(day: date, clinic: Clinic) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min), clinic.zone)
