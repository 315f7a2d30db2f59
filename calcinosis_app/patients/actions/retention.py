"""The clinic's years, and holding a record back from removal."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from calcinosis_app.accounts.models import User
from calcinosis_app.accounts.permissions import RETENTION_MANAGE
from calcinosis_app.accounts.policy import require
from calcinosis_app.audit.actions import record
from calcinosis_app.patients.models import Patient, RecordHold, RetentionRule
from calcinosis_app.patients.models.retention import MOST_YEARS, REASON_LENGTH
from calcinosis_app.patients.selectors import in_group, survivor_of


@transaction.atomic
def change_retention(*, by: User, years: int, until_age: int) -> RetentionRule:
    """Sets for how many years the clinic keeps a record after its last activity, and until which age in any case."""
    require(by, RETENTION_MANAGE)
    if by.clinic is None:
        raise PermissionDenied("Years are set for a clinic, and you belong to none.")
    if not 1 <= years <= MOST_YEARS:
        raise ValidationError({"years": f"{years} is not possible: write a number from 1 to {MOST_YEARS}."})
    if not 18 <= until_age <= MOST_YEARS:
        raise ValidationError({"until_age": f"{until_age} is not possible: write an age from 18 to {MOST_YEARS}."})
    rule, _ = RetentionRule.objects.get_or_create(clinic=by.clinic)
    rule = RetentionRule.objects.select_for_update().get(pk=rule.pk)
    if (rule.years, rule.until_age) == (years, until_age):
        return rule
    before = [rule.years, rule.until_age]
    rule.years, rule.until_age, rule.changed_at, rule.changed_by = years, until_age, timezone.now(), by
    rule.save()
    record(by=by, action="retention.changed", subject=by.clinic, before=before, years=years, until_age=until_age)
    return rule


@transaction.atomic
def hold_back(*, by: User, patient: Patient, reason: str) -> RecordHold:
    """Keeps the record of a patient from removal, whatever its age. Held already, the earlier reason stays."""
    require(by, RETENTION_MANAGE, patient)
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": "The reason is missing. Say in a few words why the record must be kept."})
    if len(reason) > REASON_LENGTH:
        raise ValidationError({"reason": f"The reason has {len(reason)} letters and may have {REASON_LENGTH}: shorten it."})
    survivor = survivor_of(patient.pk)
    Patient.objects.select_for_update(no_key=True).only("pk").get(pk=survivor.pk)
    if standing := RecordHold.objects.filter(in_group(survivor.pk), lifted_at__isnull=True).first():
        return standing
    hold = RecordHold.objects.create(patient=survivor, reason=reason, held_by=by)
    record(by=by, action="record.held_back", subject=survivor)
    return hold


@transaction.atomic
def lift_hold(*, by: User, hold: RecordHold) -> None:
    """From now on the record is removed when its time has come. Lifted twice, it is lifted once."""
    require(by, RETENTION_MANAGE, hold.patient)
    held = RecordHold.objects.select_for_update().get(pk=hold.pk)
    if held.lifted_at is not None:
        return
    held.lifted_at, held.lifted_by = timezone.now(), by
    held.save(update_fields=["lifted_at", "lifted_by"])
    record(by=by, action="record.hold_lifted", subject=hold.patient)
