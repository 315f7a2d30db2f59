"""Handing a patient on to another clinic: the offer, and the numbers that the patient has left behind."""

import uuid
from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from calcinosis_app.accounts.models import Clinic
from calcinosis_app.core.past import keeps_its_past
from calcinosis_app.core.written_once import WrittenOnce
from calcinosis_app.patients.models.patient import NUMBER_LENGTH, Patient

REASON_LENGTH = 500


@dataclass(frozen=True)
class Side:
    """An offer as one of its two clinics sees it, for the policy."""

    clinic_id: uuid.UUID


@keeps_its_past(by=["patient"])
class TransferOffer(models.Model):
    """A patient offered to another clinic. Until it is accepted nothing changes; it ends once, in one way, and stays ended.

    `number` is the one that the patient had in the clinic that offered. `answer` is why it was declined.
    """

    class End(models.TextChoices):
        ACCEPTED = "accepted", "accepted"
        DECLINED = "declined", "declined"
        WITHDRAWN = "withdrawn", "withdrawn"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="transfer_offers")
    number = models.CharField(max_length=NUMBER_LENGTH)
    from_clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="transfers_out")
    to_clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="transfers_in")
    reason = models.CharField(max_length=REASON_LENGTH)
    offered_at = models.DateTimeField(default=timezone.now)
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    end = models.CharField(max_length=10, choices=End, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=REASON_LENGTH, blank=True)

    class Meta:
        ordering = ["-offered_at"]
        constraints = [
            models.UniqueConstraint(fields=["patient"], condition=Q(end=""), name="transfer_offered_once_at_a_time"),
            models.CheckConstraint(name="transfer_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(name="transfer_to_another_clinic", condition=~Q(from_clinic=F("to_clinic"))),
            models.CheckConstraint(
                name="transfer_ends_once_by_somebody",
                condition=Q(end="", ended_at=None, ended_by=None)
                | Q(end__in=["accepted", "declined", "withdrawn"], ended_at__isnull=False, ended_by__isnull=False),
            ),
            models.CheckConstraint(
                name="transfer_declined_with_a_reason", condition=(Q(end="declined") & ~Q(answer="")) | (~Q(end="declined") & Q(answer=""))
            ),
        ]

    def __str__(self) -> str:
        return f"transfer {self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether it still waits for an answer."""
        return not self.end

    @property
    def sent(self) -> Side:
        """As the clinic that offered sees it."""
        return Side(self.from_clinic_id)

    @property
    def received(self) -> Side:
        """As the clinic to which it was offered sees it."""
        return Side(self.to_clinic_id)


class PastNumber(WrittenOnce):
    """A number by which a clinic knew a patient who has left it. It stays this patient's: nobody else is given it."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="past_numbers")
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="past_numbers")
    number = models.CharField(max_length=NUMBER_LENGTH)
    left_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["left_at"]
        constraints = [models.UniqueConstraint(fields=["clinic", "number"], name="past_number_of_one_patient")]

    def __str__(self) -> str:
        return f"past number of {self.patient}"
