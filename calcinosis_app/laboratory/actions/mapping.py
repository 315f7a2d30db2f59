"""Saying once what a laboratory means by a code or a unit; the lines concerned are then run again."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from calcinosis_app.accounts.models import Clinic, User
from calcinosis_app.accounts.permissions import LABORATORY_IMPORT
from calcinosis_app.accounts.policy import require
from calcinosis_app.audit.actions import record
from calcinosis_app.laboratory.actions.imports import start_again
from calcinosis_app.laboratory.codes import LOINC, codes_of, laboratory_facts
from calcinosis_app.laboratory.fates import Fate, Reason
from calcinosis_app.laboratory.models import CodeMapping, Import, Line, UnitMapping
from calcinosis_app.laboratory.models.importing import State
from calcinosis_app.rulebooks.bridge import current


class MappingRefused(Exception):
    """The mapping cannot be: the text says why."""


@transaction.atomic
def map_code(*, by: User, laboratory: str, system: str, code: str, key: str) -> int:
    """Says that a laboratory's code means fact `key`, or with an empty key that it is not needed here.

    Returns how many lines run again. What was imported under an earlier mapping stays as it is. Raises MappingRefused.
    """
    clinic = _clinic(by)
    rules = current()
    if key and key not in {fact.key for fact in laboratory_facts(rules)}:
        raise MappingRefused(f"{key!r} is no laboratory fact of the current release: choose one of the list.")
    codes = codes_of(rules)
    if system == LOINC and (code in codes.known or code in codes.never):
        raise MappingRefused(f"LOINC {code} has its meaning from the release and cannot be mapped.")
    if not code:
        raise MappingRefused("A code is missing.")
    place = {"laboratory": laboratory, "system": system, "code": code}
    _keep(CodeMapping, by, clinic, place, {"key": key}, "code.mapped")
    return _run_again(by, clinic, reason=Reason.UNKNOWN_CODE, **place)


@transaction.atomic
def map_unit(*, by: User, laboratory: str, key: str, spelling: str, unit: str) -> int:
    """Says which of the fact's units a laboratory means by `spelling`. Returns how many lines run again.

    A result without unit may be mapped only where the fact has one unit: between several nobody may guess for all that
    come later. Raises MappingRefused.
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
    place = {"laboratory": laboratory, "key": key, "spelling": spelling}
    _keep(UnitMapping, by, clinic, place, {"unit": unit}, "unit.mapped")
    return _run_again(by, clinic, reason=Reason.UNKNOWN_UNIT, laboratory=laboratory, key=key, unit=spelling)


def _clinic(by: User) -> Clinic:
    require(by, LABORATORY_IMPORT)
    if by.clinic is None:
        raise PermissionDenied("Codes and units are mapped for a clinic, and you belong to none.")
    return by.clinic


def _keep(
    model: type[CodeMapping] | type[UnitMapping], by: User, clinic: Clinic, place: dict[str, str], said: dict[str, str], action: str
) -> None:
    mapping: Any
    mapping, new = model.objects.select_for_update().get_or_create(clinic=clinic, **place, defaults={**said, "made_by": by})
    before = None if new else {name: getattr(mapping, name) for name in said}
    if before == said:
        return
    for name, value in {**said, "made_by": by, "made_at": timezone.now()}.items():
        setattr(mapping, name, value)
    mapping.save()
    record(by=by, action=action, subject=mapping, **place, **{f"to_{name}": value for name, value in said.items()}, before=before)


def _run_again(by: User, clinic: Clinic, **wanted: str) -> int:
    lines = Line.objects.filter(source=OuterRef("pk"), fate=Fate.REFUSED, **wanted)
    concerned = Import.objects.filter(Exists(lines), clinic=clinic, state__in=[State.DONE, State.WORKING])
    return sum(start_again(source, by, **wanted) for source in concerned.select_for_update().order_by("pk"))
