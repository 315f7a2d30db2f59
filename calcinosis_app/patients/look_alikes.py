"""The patients of a clinic that may be the same person as somebody. The database's keys find them, `alike` says why."""

from dataclasses import dataclass
from uuid import UUID

from django.db import models
from django.db.models import F, Func, Q

from calcinosis_app.patients.alike import Identity, Resemblance, name_key, number_key, resemblance
from calcinosis_app.patients.models import NotSame, Patient

# A list to look through, not to scroll through. So many alike are a clinic's placeholder, not a person.
MOST_SHOWN = 10


@dataclass(frozen=True)
class LookAlike:
    """A patient who may be the same person, and why."""

    patient: Patient
    resemblance: Resemblance


def look_alikes(person: Identity, clinic_id: UUID) -> list[LookAlike]:
    """Who of the clinic may be `person`, the most alike first. A duplicate that was merged is found, and its survivor is shown."""
    keys = Q()
    if person.birth_date is not None:
        keys |= Q(birth_date=person.birth_date)
    if name := name_key(person.family_name, person.given_name):
        keys |= Q(name_key=name)
    if number := number_key(person.number):
        keys |= Q(number_key=number)
    candidates = (
        Patient.objects.alias(
            name_key=_key("patients_name_key", "family_name", "given_name"), number_key=_key("patients_number_key", "number")
        )
        .filter(keys, clinic=clinic_id, practice__isnull=True)
        .select_related("merged_into")
        .prefetch_related("merged_into__duplicates", "duplicates")
        .order_by()
    )
    found: dict[UUID, LookAlike] = {}
    for candidate in candidates:
        if alike := resemblance(person, candidate):
            found.setdefault(candidate.survivor.pk, LookAlike(candidate.survivor, alike))
    return sorted(found.values(), key=_least_alike)[:MOST_SHOWN]


def may_be_same_as(patient: Patient) -> list[LookAlike]:
    """Who may be the same person as a patient, without those of whom somebody said that they are not."""
    if patient.is_practice:
        return []
    said = NotSame.objects.filter(Q(one=patient) | Q(other=patient)).values_list("one", "other")
    others = {patient.pk, *(pk for pair in said for pk in pair)}
    return [one for one in look_alikes(patient, patient.clinic_id) if one.patient.pk not in others]


def _least_alike(one: LookAlike) -> tuple[int, int, str]:
    return -len(one.resemblance.why), len(one.resemblance.differs), one.patient.number


def _key(function: str, *columns: str) -> Func:
    return Func(*(F(column) for column in columns), function=function, output_field=models.TextField())
