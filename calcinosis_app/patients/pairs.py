"""What is read of two patients who may be, or are, one person."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from calcinosis_app.patients.models import Finding, Merge, NotSame, Patient
from calcinosis_app.patients.selectors import in_group


def recorded_under(patient: Patient) -> QuerySet[Finding]:
    """Every finding that was recorded under this very patient, also those that were corrected, and no other of the group."""
    return Finding.objects.filter(patient=patient)


def contradictions_between(one: Patient, other: Patient, from_laboratory: Collection[str]) -> list[tuple[Finding, Finding]]:
    """What is known of both, of the patient, and disagrees: the newest of each fact; of a laboratory's, results of the same day."""
    mine, theirs = _known(one, from_laboratory), _known(other, from_laboratory)
    both = sorted(mine.keys() & theirs.keys(), key=str)
    return [(mine[place], theirs[place]) for place in both if _said(mine[place]) != _said(theirs[place])]


def corrected_across(one: Patient, other: Patient) -> QuerySet[Finding]:
    """The findings of either that were corrected under the other alone: unmerged, they count again."""
    across = Q(patient=one, corrected_by__patient=other) | Q(patient=other, corrected_by__patient=one)
    own = Finding.objects.filter(corrects=OuterRef("pk"), patient=OuterRef("patient"))
    return Finding.objects.filter(across).exclude(Exists(own)).select_related("patient", "lesion", "recorded_by")


def not_same_said(one: Patient, other: Patient) -> NotSame | None:
    """That somebody said the two are two people, if so."""
    low, high = sorted((one.pk, other.pk))
    return NotSame.objects.select_related("said_by").filter(one=low, other=high).first()


def merge_into(survivor: Patient, duplicate_id: UUID) -> Merge | None:
    """The merge by which a duplicate counts together with the survivor, if it does."""
    standing = Merge.objects.filter(survivor=survivor, duplicate=duplicate_id, unmerged_at__isnull=True)
    return standing.select_related("duplicate__clinic", "survivor__clinic", "merged_by").first()


def _known(patient: Patient, from_laboratory: Collection[str]) -> dict[tuple[str, Any], Finding]:
    """By fact, and for a laboratory's by day, the newest that counts for the patient's group."""
    corrected = Finding.objects.filter(in_group(patient.pk), corrects=OuterRef("pk"))
    found = Finding.objects.filter(in_group(patient.pk), lesion__isnull=True).exclude(Exists(corrected))
    ordered = found.select_related("lesion", "recorded_by").order_by("taken_on", "recorded_at")
    return {(one.key, one.taken_on if one.key in from_laboratory else None): one for one in ordered}


def _said(finding: Finding) -> tuple[Any, ...]:
    return finding.number, finding.unit, finding.comparator, finding.flag, finding.answer, finding.code, finding.day, finding.state
