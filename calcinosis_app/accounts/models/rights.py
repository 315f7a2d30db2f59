"""The roles and the single permissions that a person holds."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from calcinosis_app.accounts.permissions import GRANTED_PER_PERSON
from calcinosis_app.accounts.roles import ROLES
from calcinosis_app.core.past import keeps_its_past


@keeps_its_past(by=["user"])
class RoleHeld(models.Model):
    """One role that one person holds."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="roles_held")
    role = models.CharField(max_length=32)

    class Meta:
        ordering = ["role"]
        constraints = [
            models.UniqueConstraint(fields=["user", "role"], name="role_held_once"),
            models.CheckConstraint(name="role_held_is_known", condition=models.Q(role__in=sorted(ROLES))),
        ]

    def __str__(self) -> str:
        return self.role


@keeps_its_past(by=["user"])
class PermissionGranted(models.Model):
    """One grave permission, granted to one person by an administrator."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="permissions_granted")
    permission = models.CharField(max_length=32)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["permission"]
        constraints = [
            models.UniqueConstraint(fields=["user", "permission"], name="permission_granted_once"),
            models.CheckConstraint(
                name="permission_granted_is_granted_per_person",
                condition=models.Q(permission__in=sorted(GRANTED_PER_PERSON)),
            ),
            models.CheckConstraint(
                name="permission_granted_by_another",
                condition=~models.Q(user=models.F("granted_by")),
            ),
        ]

    def __str__(self) -> str:
        return self.permission
