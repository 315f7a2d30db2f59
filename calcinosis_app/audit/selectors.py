"""What is read from the audit log."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import models

from calcinosis_app.audit.actors import Actor
from calcinosis_app.audit.models import Event


def kind_of(subject: models.Model) -> str:
    """The word by which the log calls things of this kind."""
    return type(subject).__name__.lower()


def events_about(subject: models.Model) -> models.QuerySet[Event]:
    """Everything that was done to one thing, newest first."""
    return Event.objects.filter(subject_kind=kind_of(subject), subject_id=str(subject.pk))


def count_since(actor: Actor, action: str, *, since: datetime) -> int:
    """How often somebody did this since then."""
    return Event.objects.filter(actor_id=actor.audit_id, action=action, at__gt=since).count()


def events_on(subjects: Mapping[str, Iterable[object]]) -> models.QuerySet[Event]:
    """Everything that was done to many things, newest first. `subjects`: ids by kind, in the log's words."""
    asked = models.Q(pk__in=[])
    for kind, ids in subjects.items():
        asked |= models.Q(subject_kind=kind, subject_id__in=[str(one) for one in ids])
    return Event.objects.filter(asked)


def emergency_openings(ids: Iterable[object]) -> models.QuerySet[Event]:
    """What was opened under these emergency accesses, newest first."""
    return Event.objects.filter(action="patient.opened", detail__emergency__in=[str(one) for one in ids])


def refused_emergencies(clinic: models.Model, *, since: datetime) -> models.QuerySet[Event]:
    """Particulars that did not fit: asked by people of the clinic, or for patients of the clinic; newest first."""
    concerned = models.Q(clinic=str(clinic.pk)) | models.Q(detail__at=str(clinic.pk))
    return Event.objects.filter(concerned, action="emergency.refused", at__gt=since)


def opened_lately(actor_id: str, *, since: datetime) -> list[str]:
    """Ids of the patients that one person has opened since then, the last one first."""
    opened = (
        Event.objects.filter(actor_id=actor_id, action="patient.opened", at__gte=since)
        .order_by()
        .values("subject_id")
        .annotate(last=models.Max("at"))
        .order_by("-last")
    )
    return [row["subject_id"] for row in opened]


def last_event(subject: models.Model, *actions: str) -> Event | None:
    """The newest of these events about one thing: who changed it last, and when."""
    return events_about(subject).filter(action__in=actions).first()
