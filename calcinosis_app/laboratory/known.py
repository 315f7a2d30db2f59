"""What has to be known to judge some lines: looked up once for all of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone

from calcinosis_app.accounts.models import Clinic
from calcinosis_app.laboratory import columns
from calcinosis_app.laboratory.codes import Codes, codes_of, laboratory_facts
from calcinosis_app.laboratory.fates import Reason
from calcinosis_app.laboratory.files.written import Written
from calcinosis_app.laboratory.models import CodeMapping, Import, ImportedResult, Line, UnitMapping
from calcinosis_app.patients.models import PastNumber, Patient
from calcinosis_app.rulebooks.bridge import Fact, current


@dataclass(frozen=True)
class Known:
    """The clinic's calendar, patients and mappings, the release's facts and codes."""

    written: Written
    laboratory: str
    zone: ZoneInfo
    today: date
    facts: Mapping[str, Fact]
    codes: Codes
    mapped_codes: Mapping[tuple[str, str, str], str]
    mapped_units: Mapping[tuple[str, str, str, str, str], str]
    patients: Mapping[str, Patient]


def look_up(source: Import, lines: Iterable[Line]) -> Known:
    """Everything that `judge` needs for these lines of one import."""
    clinic = source.clinic
    rules = current()
    numbers = {line.cells.get(columns.NUMBER, "") for line in lines}
    return Known(
        written=source.written,
        laboratory=source.laboratory,
        zone=clinic.zone,
        today=timezone.localdate(timezone=clinic.zone),
        facts={fact.key: fact for fact in laboratory_facts(rules)},
        codes=codes_of(rules),
        mapped_codes={(one.laboratory, one.system, one.code): one.key for one in CodeMapping.objects.filter(clinic=clinic)},
        mapped_units={one.place: one.unit for one in UnitMapping.objects.filter(clinic=clinic)},
        patients={patient.number: patient for patient in _patients(clinic, numbers)},
    )


def _patients(clinic: Clinic, numbers: Iterable[str]) -> Iterable[Patient]:
    """Each with the patients with whom it was merged, whose names and birth dates count as well."""
    found = Patient.objects.filter(clinic=clinic, number__in=numbers, practice__isnull=True).select_related("merged_into")
    return found.prefetch_related("duplicates", "merged_into__duplicates")


def taken_before(source: Import, fingerprints: Iterable[str]) -> dict[str, str]:
    """By fingerprint, what was imported already: its content."""
    found = ImportedResult.objects.filter(clinic=source.clinic_id, fingerprint__in=fingerprints)
    return dict(found.values_list("fingerprint", "content"))


def taken_elsewhere(source: Import, fingerprints: Iterable[str]) -> dict[tuple[str, UUID], str]:
    """By fingerprint and patient, what another clinic imported of a patient who has come from there since: its content."""
    left = PastNumber.objects.filter(patient__clinic=source.clinic_id).values("clinic")
    found = ImportedResult.objects.filter(clinic__in=left, fingerprint__in=fingerprints, finding__patient__clinic=source.clinic_id)
    return {
        (fingerprint, patient): content
        for fingerprint, patient, content in found.exclude(clinic=source.clinic_id).values_list(
            "fingerprint", "finding__patient", "content"
        )
    }


def said_in_file(source: Import, judged: Iterable[int], fingerprints: Iterable[str]) -> list[Line]:
    """The other lines of this file that speak of these results, as they were judged last; not those that a person has set aside."""
    others = Line.objects.filter(source=source, fingerprint__in=fingerprints).exclude(pk__in=judged).exclude(reason=Reason.SET_ASIDE)
    return list(others.order_by("row").only("row", "fate", "fingerprint", "content", "finding_id"))
