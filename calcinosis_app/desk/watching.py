"""Emergency access to a clinic's patients, as the clinic reads of it."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from calcinosis_app.accounts.models import Clinic, EmergencyAccess, User
from calcinosis_app.accounts.permissions import PATIENT_READ
from calcinosis_app.accounts.policy import may
from calcinosis_app.accounts.selectors import clinics
from calcinosis_app.audit.selectors import emergency_openings, refused_emergencies
from calcinosis_app.patients.models import Patient

MOST: Final = 100
REFUSED_DAYS: Final = 30
# In the order in which they are said. A page of the patient as a whole is named without a count.
THINGS: Final = {"case": "case", "assessment": "assessment", "review": "review"}


@dataclass(frozen=True)
class Opening:
    """One emergency access, with whose record it opens and what was opened. `whose` tells no more than the reader may know."""

    access: EmergencyAccess
    patient: Patient | None
    whose: str
    opened: str


@dataclass(frozen=True)
class Refused:
    """How often one person's particulars did not fit."""

    person: str
    of: str
    asked_at: str
    times: int
    last: datetime


def openings(user: User, found: Iterable[EmergencyAccess]) -> list[Opening]:
    """They with what the person may know of the patients."""
    accesses = list(found)
    patients = {one.pk: one for one in Patient.objects.filter(pk__in=[access.record_id for access in accesses])}
    opened: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for detail in emergency_openings(access.pk for access in accesses).values_list("detail", flat=True):
        opened[detail["emergency"]].add((detail["kind"], detail["thing"]))
    return [_opening(user, access, patients.get(access.record_id), opened[str(access.pk)]) for access in accesses]


def refused_lately(clinic: Clinic) -> list[Refused]:
    """By person and clinic asked at, the last one first."""
    names = {str(one.pk): one.name for one in clinics()}
    found: dict[tuple[str, str, str], list[datetime]] = defaultdict(list)
    for event in refused_emergencies(clinic, since=timezone.now() - timedelta(days=REFUSED_DAYS)):
        found[event.actor, event.clinic, event.detail["at"]].append(event.at)
    rows = (Refused(actor, names.get(of, ""), names.get(at, ""), len(times), max(times)) for (actor, of, at), times in found.items())
    return sorted(rows, key=lambda row: row.last, reverse=True)


def name_of(user: User, patient: Patient | None) -> str:
    """How a patient is called to this person: by name, by number alone, or not at all after a transfer."""
    if patient is None or patient.clinic_id != user.clinic_id:
        return "a patient who has since left the clinic"
    return f"{patient.name} · {patient.number}" if may(user, PATIENT_READ, patient) else f"patient number {patient.number}"


def _opening(user: User, access: EmergencyAccess, patient: Patient | None, things: set[tuple[str, str]]) -> Opening:
    own = patient if patient is not None and patient.clinic_id == user.clinic_id else None
    return Opening(access, own, name_of(user, patient), _in_words(things))


def _in_words(things: set[tuple[str, Any]]) -> str:
    """What was opened: "the patient's page, 2 cases, 1 assessment"."""
    counts = Counter(kind for kind, _ in things)
    said = ["the patient's page"] if counts["patient"] else []
    for kind, word in THINGS.items():
        if counts[kind]:
            said.append(f"{counts[kind]} {word}{'s' if counts[kind] != 1 else ''}")
    others = sum(count for kind, count in counts.items() if kind not in THINGS and kind != "patient")
    if others:
        said.append(f"{others} more")
    return ", ".join(said) or "nothing yet"


def records(found: Iterable[EmergencyAccess]) -> dict[UUID, Patient]:
    """Whose record each opens."""
    return {one.pk: one for one in Patient.objects.filter(pk__in=[access.record_id for access in found])}
