"""A person who signs in."""

import uuid
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models

from calcinosis_app.accounts.models.clinic import Clinic
from calcinosis_app.core.past import keeps_its_past


@keeps_its_past(by=["clinic"], secret=["password"], noise=["last_login"])
class User(AbstractUser):
    """A person with a sign-in name, who may belong to a clinic.

    Django's own groups, superusers and staff mark open nothing here: accounts/policy.py decides.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    display_name = models.CharField("name", max_length=200)
    clinic = models.ForeignKey(Clinic, null=True, blank=True, on_delete=models.PROTECT, related_name="people")
    first_name = None  # type: ignore[assignment]  # one name, as the person writes it
    last_name = None  # type: ignore[assignment]  # one name, as the person writes it

    REQUIRED_FIELDS = ["display_name"]

    # Under which emergency access the person is looking at the thing that the policy let through last; None in the own clinic.
    # It lives as long as the request, never longer.
    emergency: Any = None

    class Meta:
        ordering = ["display_name"]
        constraints = [
            models.CheckConstraint(name="user_has_a_display_name", condition=~models.Q(display_name="")),
        ]

    def __str__(self) -> str:
        return self.display_name

    def get_full_name(self) -> str:
        """The one name there is."""
        return self.display_name

    def get_short_name(self) -> str:
        """The one name there is."""
        return self.display_name

    @property
    def audit_id(self) -> str:
        """What identifies the person in the audit log for ever."""
        return str(self.pk)

    @property
    def audit_name(self) -> str:
        """The name that a reader of the audit log knows."""
        return self.display_name

    @property
    def audit_clinic(self) -> str:
        """Identifier of the clinic; empty without one."""
        return "" if self.clinic_id is None else str(self.clinic_id)

    @property
    def audit_beside(self) -> dict[str, str]:
        """What stands beside every event of this person now: the emergency access under which it happens."""
        return {} if self.emergency is None else {"emergency": str(self.emergency.pk)}
