"""Saying once what a laboratory means by a code or a unit; the lines concerned are then run again."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from calcinosis_app.accounts.models import Clinic, User
from calcinosis_app.accounts.permissions import LABORATORY_IMPORT
from calcinosis_app.accounts.policy import require
from calcinosis_app.audit.actions import record
from calcinosis_app.core.stale import Label, check_seen
from calcinosis_app.laboratory.actions.imports import start_again
from calcinosis_app.laboratory.codes import LOINC, codes_of, contradicts, laboratory_facts
from calcinosis_app.laboratory.fates import Fate, Reason
from calcinosis_app.laboratory.models import CodeMapping, Import, Line, UnitMapping
from calcinosis_app.laboratory.models.importing import State
from calcinosis_app.laboratory.selectors import lines_of_code, other_findings
from calcinosis_app.rulebooks.bridge import current


class MappingRefused(Exception):
    """The mapping cannot be: the text says why."""


@transaction.atomic
def map_code(*, by: User, laboratory: str, system: str, code: str, key: str, seen: str | None = None) -> int:
    """Says that a laboratory's code means fact `key`, or with an empty key that it is not needed here.

    Returns how many lines run again. What was imported under an earlier mapping stays as it is. Raises MappingRefused, and
    Conflict with both meanings when it means something else by now than the person saw (`seen`).
    """
    clinic = _clinic(by)
    rules = current()
    if key and key not in {fact.key for fact in laboratory_facts(rules)}:
        raise MappingRefused(f"{key!r} is no laboratory fact of the current release: choose one of the list.")
    codes = codes_of(rules)
    if code in codes.never or (system == LOINC and code in codes.known):
        raise MappingRefused(f"LOINC {code} has its meaning from the release and cannot be mapped.")
    if not code:
        raise MappingRefused("A code is missing.")
    _named(laboratory)
    place = {"laboratory": laboratory, "system": system, "code": code}
    lines = lines_of_code(clinic, **place)
    _keep(CodeMapping, by, clinic, place, {"key": key}, "code.mapped", other_findings(lines, key=key), seen)
    return _run_again(by, clinic, lines)


@transaction.atomic
def map_unit(*, by: User, laboratory: str, system: str, code: str, key: str, spelling: str, unit: str, seen: str | None = None) -> int:
    """Says which of the fact's units a laboratory means by `spelling` under one code. Returns how many lines run again.

    A result without unit may be mapped only where the fact has one unit: between several nobody may guess for all that
    come later. Raises as `map_code` does.
    """
    clinic = _clinic(by)
    fact = next((fact for fact in laboratory_facts(current()) if fact.key == key), None)
    if fact is None:
        raise MappingRefused(f"{key!r} is no laboratory fact of the current release.")
    if unit not in {one.code for one in fact.units}:
        raise MappingRefused(f"{unit!r} is no unit of {fact.label}: choose one of the list.")
    if not spelling and len({one.factor for one in fact.units}) > 1:
        raise MappingRefused(f"{fact.label} can be reported in several units, so a result without unit cannot be mapped.")
    if fact.unit_called(spelling):
        raise MappingRefused(f"{spelling} has its meaning from the release and cannot be mapped.")
    if not code:
        raise MappingRefused("The code is missing: a unit is mapped for one code.")
    meaning = codes_of(current()).known.get(code) if system == LOINC else None
    if meaning and contradicts(meaning, unit):
        raise MappingRefused(f"LOINC {code} is not measured in {unit}: choose the unit that the code says.")
    _named(laboratory)
    place = {"laboratory": laboratory, "system": system, "code": code, "key": key, "spelling": spelling}
    lines = lines_of_code(clinic, laboratory=laboratory, system=system, code=code).filter(key=key, unit=spelling)
    _keep(UnitMapping, by, clinic, place, {"unit": unit}, "unit.mapped", other_findings(lines, finding__unit=unit), seen)
    return _run_again(by, clinic, lines)


def _clinic(by: User) -> Clinic:
    require(by, LABORATORY_IMPORT)
    if by.clinic is None:
        raise PermissionDenied("Codes and units are mapped for a clinic, and you belong to none.")
    return by.clinic


def _named(laboratory: str) -> None:
    if not laboratory:
        raise MappingRefused("The laboratory has no name, so it may be several. Send the file again with the laboratory's name.")


def _keep(
    model: type[CodeMapping] | type[UnitMapping],
    by: User,
    clinic: Clinic,
    place: dict[str, str],
    said: dict[str, str],
    action: str,
    findings: int,
    seen: str | None,
) -> None:
    mapping: Any
    mapping, new = model.objects.select_for_update().get_or_create(clinic=clinic, **place, defaults={**said, "made_by": by})
    before = None if new else {name: getattr(mapping, name) for name in said}
    check_seen(
        seen=seen,
        stored=before,
        sent=said,
        labels={name: Label("Means") for name in said},
        say=f"Somebody else has said meanwhile what {place.get('spelling', place['code']) or 'no unit'} means.",
        by="" if new else str(mapping.made_by),
        at=None if new else mapping.made_at,
    )
    if before == said:
        return
    for name, value in {**said, "made_by": by, "made_at": timezone.now()}.items():
        setattr(mapping, name, value)
    mapping.save()
    now = {f"to_{name}": value for name, value in said.items()}
    record(by=by, action=action, subject=mapping, **place, **now, before=before, findings_kept=findings)


def _run_again(by: User, clinic: Clinic, lines: QuerySet[Line]) -> int:
    """Judges anew what has no finding: in a dry run all of it, later what waits for a mapping or was not needed."""
    free = lines.filter(finding__isnull=True).exclude(fate=Fate.WAITING).exclude(reason=Reason.SET_ASIDE)
    free = free.filter(Q(source__committed_at__isnull=True) | Q(fate=Fate.REFUSED) | Q(reason=Reason.NOT_NEEDED))
    concerned = Import.objects.filter(Exists(free.filter(source=OuterRef("pk"))), clinic=clinic, state__in=[State.DONE, State.WORKING])
    return sum(start_again(source, by, free) for source in concerned.select_for_update().order_by("pk"))
