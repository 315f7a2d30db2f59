"""What is read of imports, lines and mappings."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Min, QuerySet
from django.db.models.fields.json import KeyTextTransform

from calcinosis_app.accounts.models import Clinic, User
from calcinosis_app.laboratory import columns
from calcinosis_app.laboratory.fates import TO_LOOK_AT, Fate, Reason
from calcinosis_app.laboratory.models import CodeMapping, Import, Line, UnitMapping
from calcinosis_app.laboratory.models.importing import UNFINISHED
from calcinosis_app.patients.models import Patient
from calcinosis_app.patients.selectors import in_group

MOST_SHOWN = 50


@dataclass(frozen=True)
class Counts:
    """How many lines have which fate, and for which reason."""

    waiting: int
    imported: int
    ignored: int
    refused: int
    reasons: tuple[tuple[str, str, int], ...]

    @property
    def total(self) -> int:
        """All lines of the file."""
        return self.waiting + self.imported + self.ignored + self.refused

    @property
    def judged(self) -> int:
        """Those whose fate is known."""
        return self.total - self.waiting


@dataclass(frozen=True)
class CodeToMap:
    """One code that nobody has mapped, and how many lines wait for it. `name` is what a laboratory calls it."""

    laboratory: str
    system: str
    code: str
    name: str
    lines: int


@dataclass(frozen=True)
class UnitToMap:
    """One spelling of a unit that is not known for a fact under one code."""

    laboratory: str
    system: str
    code: str
    key: str
    unit: str
    lines: int


@dataclass(frozen=True)
class ResultSource:
    """The import that brought a result, the laboratory that it named, and the clinic whose import it is."""

    source_id: UUID
    laboratory: str
    clinic_id: UUID


def imports_of(user: User) -> QuerySet[Import]:
    """The imports of the person's clinic, newest first."""
    return Import.objects.filter(clinic=user.clinic_id).select_related("received_by", "committed_by", "run_by")


def unfinished_imports() -> QuerySet[Import]:
    """Every import with something left to do, oldest first."""
    return Import.objects.filter(state__in=UNFINISHED).order_by("received_at")


def counts_of(source: Import) -> Counts:
    """How far the import is."""
    found = list(Line.objects.filter(source=source).order_by().values_list("fate", "reason").annotate(Count("pk")))
    by_fate = {fate: sum(lines for one, _, lines in found if one == fate) for fate in Fate.values}
    reasons = [(reason, str(Reason(reason).label), lines) for _, reason, lines in found if reason]
    return Counts(**by_fate, reasons=tuple(sorted(reasons, key=lambda one: (-one[2], one[1]))))


def lines_of(source: Import, *, fate: str = "", reason: str = "") -> QuerySet[Line]:
    """The lines of a file in their order, all or those of one fate or reason."""
    wanted = {name: value for name, value in (("fate", fate), ("reason", reason)) if value}
    return Line.objects.filter(source=source, **wanted).select_related("finding").order_by("row")


def refused_in(clinic: Clinic) -> QuerySet[Line]:
    """Every refused line of a clinic's imports."""
    return Line.objects.filter(source__clinic=clinic, fate=Fate.REFUSED)


def codes_to_map(clinic: Clinic) -> list[CodeToMap]:
    """The codes that nobody has mapped, the most frequent first."""
    found = (
        refused_in(clinic)
        .filter(reason=Reason.UNKNOWN_CODE)
        .order_by()
        .values("laboratory", "system", "code")
        .annotate(lines=Count("pk"), name=Min(KeyTextTransform(columns.CODE_NAME, "cells")))
        .order_by("-lines", "laboratory", "code")
    )
    return [CodeToMap(one["laboratory"], one["system"], one["code"], one["name"] or "", one["lines"]) for one in found[:MOST_SHOWN]]


def units_to_map(clinic: Clinic) -> list[UnitToMap]:
    """The units that nobody has mapped, the most frequent first."""
    found = (
        refused_in(clinic)
        .filter(reason=Reason.UNKNOWN_UNIT)
        .order_by()
        .values("laboratory", "system", "code", "key", "unit")
        .annotate(lines=Count("pk"))
        .order_by("-lines", "laboratory", "key", "code")
    )
    return [UnitToMap(**one) for one in found[:MOST_SHOWN]]


def lines_to_look_at(clinic: Clinic) -> QuerySet[Line]:
    """Refused lines that no mapping mends: a person has to look, oldest import first."""
    return refused_in(clinic).filter(reason__in=TO_LOOK_AT).select_related("source").order_by("source__received_at", "row")


def code_mappings(clinic: Clinic) -> QuerySet[CodeMapping]:
    """What the clinic has said about codes."""
    return CodeMapping.objects.filter(clinic=clinic).select_related("made_by")


def unit_mappings(clinic: Clinic) -> QuerySet[UnitMapping]:
    """What the clinic has said about units."""
    return UnitMapping.objects.filter(clinic=clinic).exclude(code="").select_related("made_by")


def lines_of_code(clinic: Clinic, *, laboratory: str, system: str, code: str) -> QuerySet[Line]:
    """Every line with this code of this laboratory."""
    return Line.objects.filter(source__clinic=clinic, laboratory=laboratory, system=system, code=code).order_by()


def other_findings(lines: QuerySet[Line], **meant: str) -> int:
    """How many findings came from these lines when they meant something else than now."""
    return lines.filter(finding__isnull=False).exclude(**meant).count()


def sources_of(patient: Patient) -> dict[UUID, ResultSource]:
    """For each finding of the patient's group that came from a file: where it came from."""
    lines = Line.objects.filter(in_group(patient.pk, column="finding__patient")).order_by()
    found = lines.values_list("finding_id", "source_id", "source__laboratory", "source__clinic_id")
    return {finding: ResultSource(source, named, clinic) for finding, source, named, clinic in found if finding is not None}
