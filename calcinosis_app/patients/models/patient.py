"""A person in the care of one clinic."""

import uuid

from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone

from calcinosis_app.accounts.models import Clinic
from calcinosis_app.core.past import keeps_its_past
from calcinosis_app.core.readable import check_readable
from calcinosis_app.patients.ages import age_in_words

NUMBER_LENGTH = 32
NAME_LENGTH = 100


@keeps_its_past()
class Patient(models.Model):
    """A person, known to the clinic by a number of its own.

    Birth date and sex may be unknown. They are then left open, never assumed: the rules look at
    every age band and both ranges.

    `merged_into` is set on a duplicate: the patient under whose number the same person was known before. The database
    refuses one of another clinic, and one that is a duplicate itself. Nothing is moved: whoever asks for what is known
    of a patient asks for the group (patients/selectors.py).
    """

    class Sex(models.TextChoices):
        FEMALE = "female", "female"
        MALE = "male", "male"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="patients")
    number = models.CharField(max_length=NUMBER_LENGTH)
    family_name = models.CharField(max_length=NAME_LENGTH)
    given_name = models.CharField(max_length=NAME_LENGTH)
    birth_date = models.DateField(null=True, blank=True)
    sex = models.CharField(max_length=6, choices=Sex, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="duplicates")

    class Meta:
        ordering = ["family_name", "given_name", "number"]
        indexes = [
            models.Index(fields=["clinic", "family_name", "given_name"], name="patient_by_name"),
            models.Index(fields=["clinic", "birth_date"], name="patient_by_birth_date"),
            models.Index(Coalesce("merged_into", "id"), name="patient_by_survivor"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "number"], name="patient_number_once_per_clinic"),
            models.CheckConstraint(
                name="patient_has_number_and_names",
                condition=~models.Q(number="") & ~models.Q(family_name="") & ~models.Q(given_name=""),
            ),
            models.CheckConstraint(
                name="patient_sex_is_known_or_open",
                condition=models.Q(sex__in=["", "female", "male"]),
            ),
        ]

    def __str__(self) -> str:
        return f"patient {self.pk}"  # never the name: this text reaches logs

    def clean(self) -> None:
        """What it is known by reads as it is written."""
        check_readable(self, "number", "family_name", "given_name")

    @property
    def survivor(self) -> "Patient":
        """Whom the person is known as: the patient itself, unless it was merged into another."""
        return self.merged_into or self

    @property
    def also_known_as(self) -> list["Patient"]:
        """The duplicates that were merged into this one, by number."""
        return sorted(self.duplicates.all(), key=lambda one: one.number)

    @property
    def record_id(self) -> uuid.UUID:
        """Whose record it is, by which the policy decides in an emergency: of a duplicate, the survivor's."""
        return self.merged_into_id or self.pk

    @property
    def name(self) -> str:
        """Family name first, as lists are sorted."""
        return f"{self.family_name}, {self.given_name}"

    @property
    def age(self) -> str:
        """The age today, on the clinic's calendar, in words; empty when the birth date is open."""
        if self.birth_date is None:
            return ""
        return age_in_words(self.birth_date, timezone.localdate())

    @property
    def is_practice(self) -> bool:
        """Whether this is nobody real, but invented for a worked case."""
        return getattr(self, "practice", None) is not None

    @property
    def is_put_away(self) -> bool:
        """Whether this is an invented patient of a worked case whose practice is over: nowhere to be found any more."""
        practice = getattr(self, "practice", None)
        return practice is not None and practice.put_away_at is not None
