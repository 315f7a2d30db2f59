"""What is read from the audit log."""

from datetime import datetime

from django.db import models

from calcinosis_app.audit.models import Event


def kind_of(subject: models.Model) -> str:
    """The word by which the log calls things of this kind."""
    return type(subject).__name__.lower()


def events_about(subject: models.Model) -> models.QuerySet[Event]:
    """Everything that was done to one thing, newest first."""
    return Event.objects.filter(subject_kind=kind_of(subject), subject_id=str(subject.pk))


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
