"""What is read of patients, cases and findings.

A patient's group is the patient with its duplicates, or the survivor with all of its own. Whatever is asked of a patient is
asked of the group; it is looked up where it is asked, so that a merge or unmerge of this moment counts.
"""

from contextlib import suppress
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, DateField, Exists, F, Func, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from calcinosis_app.accounts.models import User
from calcinosis_app.audit.selectors import opened_lately
from calcinosis_app.core.past import KEPT
from calcinosis_app.patients.models import Case, DraftEntry, Finding, Lesion, Merge, PastNumber, Patient, Practice, TransferOffer
from calcinosis_app.patients.names import folded
from calcinosis_app.patients.typed import Misread, day

LATELY = timedelta(days=30)
SURVIVOR = Coalesce("merged_into", "pk")


def patients_of(user: User) -> QuerySet[Patient]:
    """All patients of the person's clinic; none for a person without clinic. Invented ones are none."""
    if user.clinic_id is None:
        return Patient.objects.none()
    return Patient.objects.filter(clinic_id=user.clinic_id, practice__isnull=True)


def practices_of(user: User) -> QuerySet[Practice]:
    """The worked cases that the person practises at the moment, the one begun last first."""
    mine = Practice.objects.filter(started_by=user, clinic=user.clinic, put_away_at__isnull=True)
    return mine.select_related("patient").prefetch_related("patient__cases")


def group_of(patient: UUID | str, above: int = 0) -> QuerySet[Patient]:
    """All patients of the group to which the patient of this id belongs.

    Instead of an id, the name of a field: of the query in which the group is a subquery, or of one that lies `above` that one.
    """
    asked = Patient.objects.filter(pk=_named(patient, above + 2)).order_by().values(asked=SURVIVOR)
    return Patient.objects.alias(survivor_id=SURVIVOR).filter(survivor_id=Subquery(asked)).order_by()


class InGroup(Func):
    """Whether a column names a patient of a group. Compared with a list, so that its index is used also beside an *or*."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()


def in_group(patient: UUID | str, above: int = 0, column: str = "patient") -> InGroup:
    """Whether `column` of a query names a patient of the group of `patient`, which is as in `group_of`."""
    return InGroup(F(column), ArraySubquery(group_of(patient, above).values("pk")))


def _named(patient: UUID | str, levels: int) -> Any:
    if isinstance(patient, str):
        for _ in range(levels):
            patient = OuterRef(patient)  # type: ignore[assignment]  # a reference of a reference
    return patient


def survivor_of(patient_id: UUID) -> Patient:
    """Whom the person is known as now, whatever was read of the patient before."""
    return group_of(patient_id).select_related("clinic").get(merged_into__isnull=True)


def patient_numbered(user: User, number: str) -> Patient | None:
    """The patient of the person's clinic who is known by exactly this number; of a duplicate's number, the survivor."""
    found = patients_of(user).select_related("merged_into").filter(number=number.strip()).first()
    return found.survivor if found else None


def merges_of(patient: Patient) -> QuerySet[Merge]:
    """Every merge in which a patient of the group took part, also those that were undone; oldest first."""
    return Merge.objects.filter(_of_group(patient.pk)).select_related("duplicate", "survivor", "merged_by", "unmerged_by")


def regrouped_since(patient: UUID | str, moment: Any, above: int = 0) -> QuerySet[Merge]:
    """The merges by which other findings, or another age or sex, count for a patient than did at a moment.

    They were made since and stand, or were undone since; and what came or went brought something. `patient` is as in `group_of`.
    """
    made = Q(merged_at__gt=moment, unmerged_at__isnull=True)
    undone = Q(merged_at__lte=moment, unmerged_at__gt=moment)
    others = Finding.objects.filter(Q(patient=OuterRef("duplicate")) | Q(patient=OuterRef("survivor")), lesion__isnull=True).exclude(
        patient=_named(patient, above + 1)
    )
    same_birth_date = Q(duplicate__birth_date=F("survivor__birth_date")) | Q(
        duplicate__birth_date__isnull=True, survivor__birth_date__isnull=True
    )
    as_another = Q(duplicate=_named(patient, above)) & ~(same_birth_date & Q(duplicate__sex=F("survivor__sex")))
    return Merge.objects.filter(_of_group(patient, above), made | undone).filter(Exists(others) | as_another)


def corrected_since(patient: UUID | str, moment: Any, above: int = 0) -> QuerySet[Any]:
    """The past states of the patient's group, left since a moment, in which birth date or sex were others than they are now.

    What was judged until then was judged for another age, or against other ranges. `patient` is as in `group_of`.
    """
    born = partial(Coalesce, output_field=DateField())
    as_now = (
        Patient.objects.alias(born=born("birth_date", Value(date.min)))
        .filter(pk=OuterRef("pgh_obj"), born=born(OuterRef("birth_date"), Value(date.min)), sex=OuterRef("sex"))
        .order_by()
    )
    left: QuerySet[Any] = KEPT[Patient].past.objects.filter(in_group(patient, above, "pgh_obj"), pgh_created_at__gt=moment)  # type: ignore[attr-defined]  # made by the package
    others: QuerySet[Any] = left.exclude(Exists(as_now))
    return others


def _of_group(patient: UUID | str, above: int = 0) -> Q:
    return Q(in_group(patient, above, "duplicate")) | Q(in_group(patient, above, "survivor"))


def search_patients(user: User, text: str) -> QuerySet[Patient]:
    """The patients of the person's clinic that `text` fits. Where it fits a duplicate, the survivor is found.

    A date (1961-05-04 or 04.05.1961) is a birth date. Anything else is the beginning of a number,
    or words each of which occurs in the family or given name. Blank text fits nobody.
    """
    text = text.strip()
    if not text:
        return Patient.objects.none()
    with suppress(Misread):
        return _survivors(patients_of(user).filter(birth_date=day(text)))
    name = Q()
    for word in text.replace(",", " ").split():
        name &= Q(family_name__icontains=word) | Q(given_name__icontains=word)
    return _survivors(patients_of(user).filter(Q(number__istartswith=text) | name))


def _survivors(found: QuerySet[Patient]) -> QuerySet[Patient]:
    return Patient.objects.filter(pk__in=found.order_by().values(survivor_id=SURVIVOR)).prefetch_related("duplicates")


def opened_lately_by(user: User, limit: int = 8) -> list[Patient]:
    """The patients that the person opened in the last 30 days, the last one first."""
    ids = opened_lately(user.audit_id, since=timezone.now() - LATELY)[:limit]
    read = patients_of(user).filter(pk__in=ids).select_related("merged_into").prefetch_related("duplicates", "merged_into__duplicates")
    found = {str(patient.pk): patient.survivor for patient in read}
    return list(dict.fromkeys(found[id_] for id_ in ids if id_ in found))


def cases_of(patient: Patient) -> QuerySet[Case]:
    """The cases of the patient's group, newest first."""
    return Case.objects.filter(in_group(patient.pk)).select_related("opened_by", "patient")


def lesions_of(case: Case) -> QuerySet[Lesion]:
    """The case's lesions that were not removed, in the order in which they were added."""
    return Lesion.objects.filter(case=case, removed_at__isnull=True)


def draft_of(case: Case) -> QuerySet[DraftEntry]:
    """What was typed for the case and not yet recorded, without removed lesions."""
    return (
        DraftEntry.objects.filter(case=case)
        .filter(Q(lesion__isnull=True) | Q(lesion__removed_at__isnull=True))
        .select_related("case__patient__clinic", "case__patient__merged_into", "lesion")
    )


def free_slot(case: Case, key: str, lesion: Lesion | None) -> int:
    """The first place for one more draft entry of a fact, after all that somebody has typed."""
    taken = DraftEntry.objects.filter(case=case, key=key, lesion=lesion).order_by("-slot").values_list("slot", flat=True).first()
    return 0 if taken is None else taken + 1


def findings_of(case: Case) -> QuerySet[Finding]:
    """Every finding that counts for the case, oldest first.

    A fact about the patient counts in each case of the patient's group; a fact about a lesion in its own
    case, until the lesion is removed. What a later finding of the group corrects is left out.
    """
    of_patient = Q(in_group(case.patient_id), lesion__isnull=True)
    of_lesions = Q(case=case, lesion__isnull=False, lesion__removed_at__isnull=True)
    corrected = Finding.objects.filter(in_group(case.patient_id), corrects=OuterRef("pk"))
    return (
        Finding.objects.filter(of_patient | of_lesions)
        .exclude(Exists(corrected))
        .select_related("lesion", "recorded_by", "patient", "corrects")
        .order_by("recorded_at", "pk")
    )


def known_of(patient: Patient, *, key: str | None = None) -> QuerySet[Finding]:
    """What is known of the patient's group in every case, of one fact or all, newest first; what was corrected is left out."""
    corrected = Finding.objects.filter(in_group(patient.pk), corrects=OuterRef("pk"))
    found = Finding.objects.filter(in_group(patient.pk), lesion__isnull=True).exclude(Exists(corrected))
    found = found.filter(key=key) if key else found
    return found.select_related("lesion", "recorded_by").order_by("-taken_on", "-recorded_at", "-pk")


def everything_found(patient: Patient) -> QuerySet[Finding]:
    """Every finding of the patient's group, by the day it was found: also what was corrected since, and of lesions that were removed."""
    return (
        Finding.objects.filter(in_group(patient.pk))
        .select_related("lesion", "recorded_by")
        .defer("raw")
        .order_by("taken_on", "recorded_at", "pk")
    )


def transfers_in(user: User) -> QuerySet[TransferOffer]:
    """What was offered to the person's clinic, newest first."""
    return _offers().filter(to_clinic=user.clinic_id)


def transfers_out(user: User) -> QuerySet[TransferOffer]:
    """What the person's clinic has offered, newest first."""
    return _offers().filter(from_clinic=user.clinic_id)


def open_offer(patient: Patient) -> TransferOffer | None:
    """The offer of this patient that waits for an answer."""
    return _offers().filter(patient=patient, end="").first()


def left_with_number(user: User, text: str) -> list[TransferOffer]:
    """Under numbers that begin with `text`: how each patient left the person's clinic last, as long as that one is elsewhere."""
    text = text.strip()
    if not text or user.clinic_id is None:
        return []
    numbers = PastNumber.objects.filter(clinic=user.clinic_id, number__istartswith=text).exclude(patient__clinic=user.clinic_id)
    accepted = transfers_out(user).filter(end=TransferOffer.End.ACCEPTED)
    found = (accepted.filter(patient=one.patient_id, number=one.number).first() for one in numbers)
    return [offer for offer in found if offer is not None]


def like_offered(offer: TransferOffer) -> list[Patient]:
    """The patients of the receiving clinic who have the same family name and birth date: perhaps the same person."""
    patient = offer.patient
    if patient.birth_date is None:
        return []
    real = Patient.objects.filter(clinic=offer.to_clinic_id, practice__isnull=True)
    alike = real.filter(birth_date=patient.birth_date).exclude(pk=patient.pk)
    return [one for one in alike if folded(one.family_name) == folded(patient.family_name)]


def _offers() -> QuerySet[TransferOffer]:
    return TransferOffer.objects.select_related("patient", "from_clinic", "to_clinic", "offered_by", "ended_by")
