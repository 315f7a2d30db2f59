"""One immutable version of the rules, as this installation keeps it."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from calcinosis_app.core.written_once import WrittenOnce, WrittenOnceQuerySet


class Release(WrittenOnce):
    """What the rules said when it was published: canonical text and its SHA-256.

    `number` counts the releases of this installation. `engine` is the version of the evaluation under which it was
    stored. `published_by` is text, as in the audit log: a release outlives the people who made it.
    """

    number = models.PositiveIntegerField(unique=True)
    hash = models.CharField(max_length=64, unique=True)
    content = models.TextField()
    engine = models.CharField(max_length=20)
    published_at = models.DateTimeField(default=timezone.now)
    published_by = models.CharField(max_length=200)

    objects: ClassVar[WrittenOnceQuerySet["Release"]] = WrittenOnceQuerySet.as_manager()  # type: ignore[assignment]  # the stubs know no such manager

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(name="release_number_counts_from_one", condition=models.Q(number__gte=1)),
            models.CheckConstraint(name="release_hash_is_sha256", condition=models.Q(hash__regex=r"^[0-9a-f]{64}$")),
            models.CheckConstraint(
                name="release_has_content_engine_and_publisher",
                condition=~models.Q(content="") & ~models.Q(engine="") & ~models.Q(published_by=""),
            ),
        ]

    def __str__(self) -> str:
        return f"release {self.number}"
