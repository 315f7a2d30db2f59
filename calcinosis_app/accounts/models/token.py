"""A key by which a program calls the interface in one person's name."""

import uuid
from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils import timezone

from calcinosis_app.core.past import keeps_its_past
from calcinosis_app.core.readable import check_readable


@keeps_its_past(by=["user"], secret=["secret_hash"], noise=["last_used_at"])
class ApiToken(models.Model):
    """Shown once, kept as a hash. Revoked is for good."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="tokens")
    label = models.CharField("what it is for", max_length=100)
    secret_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(name="token_has_a_label", condition=~models.Q(label="")),
            models.CheckConstraint(name="token_is_hashed", condition=~models.Q(secret_hash="")),
            models.UniqueConstraint(fields=["user", "label"], condition=models.Q(revoked_at=None), name="token_label_once_per_person"),
        ]

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        """What it is known by reads as it is written."""
        check_readable(self, "label")

    @property
    def clinic_id(self) -> UUID | None:
        """The clinic of the person in whose name it speaks."""
        return self.user.clinic_id
