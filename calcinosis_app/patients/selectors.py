"""What is read of patients, cases and findings."""

from contextlib import suppress
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from calcinosis_app.accounts.models import User
from calcinosis_app.audit.selectors import opened_lately
from calcinosis_app.patients.models import Case, DraftEntry, Finding, Lesion, PastNumber, Patient, Practice, TransferOffer
from calcinosis_app.patients.names import folded
from calcinosis_app.patients.typed import Misread, day

LATELY = timedelta(days=30)


def patients_of(user: User) -> QuerySet[Patient]:
    """All patients of the person's clinic; none for a person without clinic. Invented ones are none."""
    if user.clinic_id is None:
        return Patient.objects.none()
    return Patient.objects.filter(clinic_id=user.clinic_id, practice__isnull=True)


def practices_of(user: User) -> QuerySet[Practice]:
    """The worked cases that the person practises at the moment, the one begun last first."""
    mine = Practice.objects.filter(started_by=user, clinic=user.clinic, put_away_at__isnull=True)
    return mine.select_related("patient").prefetch_related("patient__cases")


def search_patients(user: User, text: str) -> QuerySet[Patient]:
    """The patients of the person's clinic that `text` fits.

    A date (1961-05-04 or 04.05.1961) is a birth date. Anything else is the beginning of a number,
    or words each of which occurs in the family or given name. Blank text fits nobody.
    """
    text = text.strip()
    if not text:
        return Patient.objects.none()
    with suppress(Misread):
        return patients_of(user).filter(birth_date=day(text))
    name = Q()
    for word in text.replace(",", " ").split():
        name &= Q(family_name__icontains=word) | Q(given_name__icontains=word)
    return patients_of(user).filter(Q(number__istartswith=text) | name)


def opened_lately_by(user: User, limit: int = 8) -> list[Patient]:
    """The patients that the person opened in the last 30 days, the last one first."""
    ids = opened_lately(user.audit_id, since=timezone.now() - LATELY)[:limit]
    found = {str(patient.pk): patient for patient in patients_of(user).filter(pk__in=ids)}
    return [found[id_] for id_ in ids if id_ in found]


def cases_of(patient: Patient) -> QuerySet[Case]:
    """The patient's cases, newest first."""
    return Case.objects.filter(patient=patient).select_related("opened_by")


def lesions_of(case: Case) -> QuerySet[Lesion]:
    """The case's lesions that were not removed, in the order in which they were added."""
    return Lesion.objects.filter(case=case, removed_at__isnull=True)


def draft_of(case: Case) -> QuerySet[DraftEntry]:
    """What was typed for the case and not yet recorded, without removed lesions."""
    return (
        DraftEntry.objects.filter(case=case)
        .filter(Q(lesion__isnull=True) | Q(lesion__removed_at__isnull=True))
        .select_related("case__patient__clinic", "lesion")
    )


def free_slot(case: Case, key: str, lesion: Lesion | None) -> int:
    """The first place for one more draft entry of a fact, after all that somebody has typed."""
    taken = DraftEntry.objects.filter(case=case, key=key, lesion=lesion).order_by("-slot").values_list("slot", flat=True).first()
    return 0 if taken is None else taken + 1


def findings_of(case: Case) -> QuerySet[Finding]:
    """Every finding that counts for the case, oldest first.

    A fact about the patient counts in each of the patient's cases; a fact about a lesion in its own
    case, until the lesion is removed. What a later finding corrects is left out.
    """
    of_patient = Q(patient_id=case.patient_id, lesion__isnull=True)
    of_lesions = Q(case=case, lesion__isnull=False, lesion__removed_at__isnull=True)
    return (
        Finding.objects.filter(of_patient | of_lesions, corrected_by__isnull=True)
        .select_related("lesion", "recorded_by", "corrects")
        .order_by("recorded_at", "pk")
    )


def known_of(patient: Patient, *, key: str | None = None) -> QuerySet[Finding]:
    """What is known of the patient in every case, of one fact or all, newest first; what was corrected is left out."""
    found = Finding.objects.filter(patient=patient, lesion__isnull=True, corrected_by__isnull=True)
    found = found.filter(key=key) if key else found
    return found.select_related("lesion", "recorded_by").order_by("-taken_on", "-recorded_at", "-pk")


def everything_found(patient: Patient) -> QuerySet[Finding]:
    """Every finding of the patient, by the day it was found: also what was corrected since, and of lesions that were removed."""
    return (
        Finding.objects.filter(patient=patient)
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
    alike = Patient.objects.filter(clinic=offer.to_clinic_id, birth_date=patient.birth_date).exclude(pk=patient.pk)
    return [one for one in alike if folded(one.family_name) == folded(patient.family_name)]


def _offers() -> QuerySet[TransferOffer]:
    return TransferOffer.objects.select_related("patient", "from_clinic", "to_clinic", "offered_by", "ended_by")
