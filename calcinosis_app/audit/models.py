"""The audit log. It stands on its own: no foreign keys, and nothing in it is ever changed."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone

from calcinosis_app.core.written_once import WrittenOnce, WrittenOnceQuerySet


class EventQuerySet(WrittenOnceQuerySet["Event"]):
    """Reads events."""


class Event(WrittenOnce):
    """One thing that was done: by whom, when, to what."""

    at = models.DateTimeField(default=timezone.now)
    actor = models.CharField(max_length=200)
    actor_id = models.CharField(max_length=64)
    clinic = models.CharField(max_length=64, blank=True)
    action = models.CharField(max_length=64)
    subject_kind = models.CharField(max_length=64)
    subject_id = models.CharField(max_length=64)
    detail = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "at"], name="event_by_subject"),
            models.Index(fields=["actor_id", "action", "at"], name="event_by_actor"),
            models.Index(fields=["clinic", "at"], name="event_by_clinic"),
        ]
        constraints = [
            models.CheckConstraint(
                name="event_names_actor_action_and_subject",
                condition=~models.Q(actor="")
                & ~models.Q(actor_id="")
                & ~models.Q(action="")
                & ~models.Q(subject_kind="")
                & ~models.Q(subject_id=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor}: {self.action}"


class Link(models.Model):
    """One event in the chain: a hash of what the event says and of the link before it.

    Written by the database alone, when the transaction of the event commits (migration 0002 says how). It holds nothing of the
    event but its number and time, so that an event that is gone can still be named. `removed` is the number of the event that says
    that this one was removed together with a patient's record. A link without `position` is not chained yet.
    """

    event_id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    position = models.BigIntegerField(unique=True, null=True)
    hash = models.CharField(max_length=64, blank=True)
    removed = models.BigIntegerField(null=True, blank=True)

    def __str__(self) -> str:
        return f"link {self.position} of event {self.event_id}"
