"""What the nightly check has found."""

from typing import ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone

from calcinosis_app.core.written_once import WrittenOnce, WrittenOnceQuerySet


class Check(WrittenOnce):
    """All hashes worked out again once: of releases, of the log's events, of stored assessments.

    `touched` lists what is not as it was written, in words. `position` and `hash` are the end of the log's chain on that night: a chain
    that is written anew later ends otherwise.
    """

    at = models.DateTimeField(default=timezone.now)
    releases = models.PositiveIntegerField()
    events = models.PositiveIntegerField()
    assessments = models.PositiveIntegerField()
    position = models.BigIntegerField()
    hash = models.CharField(max_length=64, blank=True)
    touched = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    milliseconds = models.PositiveIntegerField()

    objects: ClassVar[WrittenOnceQuerySet["Check"]] = WrittenOnceQuerySet.as_manager()  # type: ignore[assignment]  # the stubs know no such manager

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"check of {self.at:%Y-%m-%d %H:%M}"
