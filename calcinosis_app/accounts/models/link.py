"""A link that lets one person do one thing once: become the first administrator, come in, or choose a new password."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from calcinosis_app.core.past import keeps_its_past


@keeps_its_past(by=["user"], secret=["secret_hash"])
class OneTimeLink(models.Model):
    """Only a hash of what stands in the address is kept; whoever reads the table cannot use the link.

    A link waiting to be mailed has no hash yet: its address is made in the moment it is sent. Once ended, a link stays so.
    """

    class Kind(models.TextChoices):
        FIRST_ADMINISTRATOR = "first_administrator", "first administrator"
        INVITATION = "invitation", "invitation"
        NEW_PASSWORD = "new_password", "new password"

    class End(models.TextChoices):
        USED = "used", "used"
        REPLACED = "replaced", "replaced by a newer one"
        WITHDRAWN = "withdrawn", "withdrawn"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=32, choices=Kind)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="links")
    secret_hash = models.CharField(max_length=64, blank=True)
    by_mail = models.BooleanField(default=False)
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    end = models.CharField(max_length=16, choices=End, blank=True)

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(
                name="link_is_of_a_known_kind",
                condition=models.Q(kind="first_administrator", user=None)
                | models.Q(kind__in=["invitation", "new_password"], user__isnull=False),
            ),
            models.CheckConstraint(name="link_expires_after_it_is_made", condition=models.Q(expires_at__gt=models.F("made_at"))),
            models.CheckConstraint(name="link_is_hashed_or_to_be_mailed", condition=~models.Q(secret_hash="") | models.Q(by_mail=True)),
            models.CheckConstraint(
                name="link_ends_in_a_known_way",
                condition=models.Q(ended_at=None, end="") | models.Q(ended_at__isnull=False, end__in=["used", "replaced", "withdrawn"]),
            ),
            models.UniqueConstraint(fields=["secret_hash"], condition=~models.Q(secret_hash=""), name="link_has_a_secret_of_its_own"),
            models.UniqueConstraint(
                fields=["kind", "user", "by_mail"],
                condition=models.Q(ended_at=None),
                nulls_distinct=False,
                name="link_open_once_per_kind_and_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.made_at:%Y-%m-%d %H:%M}"

    def close(self, end: str) -> None:
        """Ends it. The database lets no ended link begin again."""
        self.ended_at = timezone.now()
        self.end = end
        self.save(update_fields=["ended_at", "end"])
