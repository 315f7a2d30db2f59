"""A clinic: the border that patients and the people who see them share."""

import uuid
import zoneinfo

from django.core.exceptions import ValidationError
from django.db import models

from calcinosis_app.core.past import keeps_its_past
from calcinosis_app.core.readable import check_readable


def known_time_zone(name: str) -> None:
    """Refuses a name that the time-zone database does not know."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(f"{name!r} is not a time zone. Write its region and city, for example Europe/Berlin.")


@keeps_its_past()
class Clinic(models.Model):
    """Where patients belong. Its jurisdiction decides which country's drug labels count."""

    class Jurisdiction(models.TextChoices):
        UK = "uk", "United Kingdom"
        US = "us", "United States"
        EU = "eu", "European Union"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200, unique=True)
    time_zone = models.CharField(max_length=64, validators=[known_time_zone])
    jurisdiction = models.CharField(max_length=2, choices=Jurisdiction)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(name="clinic_has_a_name", condition=~models.Q(name="")),
            models.CheckConstraint(name="clinic_has_a_time_zone", condition=~models.Q(time_zone="")),
            models.CheckConstraint(
                name="clinic_has_a_known_jurisdiction",
                condition=models.Q(jurisdiction__in=["uk", "us", "eu"]),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """What it is known by reads as it is written."""
        check_readable(self, "name")

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The time zone of the clock on the clinic's wall."""
        return zoneinfo.ZoneInfo(self.time_zone)
