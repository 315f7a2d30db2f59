"""What the queue's page shows, with what was typed and refused."""

from typing import Any

from django.forms import BaseFormSet
from django.http import HttpResponse
from django.shortcuts import render

from calcinosis_app.accounts.decorators import SignedInRequest
from calcinosis_app.accounts.models import Clinic, User
from calcinosis_app.core.stale import NOTHING, version_of
from calcinosis_app.laboratory.actions import note_queue_opened
from calcinosis_app.laboratory.forms import NOT_NEEDED, CodeForms, SetAsideForm, UnitForms
from calcinosis_app.laboratory.models import CodeMapping, UnitMapping
from calcinosis_app.laboratory.presentation import line_views
from calcinosis_app.laboratory.selectors import (
    MOST_SHOWN,
    UnitToMap,
    code_mappings,
    codes_to_map,
    lines_of_code,
    lines_to_look_at,
    other_findings,
    unit_mappings,
    units_to_map,
)
from calcinosis_app.patients.bridge import fact_of


def show_queue(request: SignedInRequest, *, status: int = 200, **said: Any) -> HttpResponse:
    """The page, and the event that somebody looked at it: it names patients."""
    note_queue_opened(by=request.user)
    return render(request, "laboratory/queue.html", queue_page(request.user, **said), status=status)


def queue_page(user: User, *, asides: SetAsideForm | None = None, refused: tuple[str, ...] = ()) -> dict[str, Any]:
    """Codes, units, lines and mappings of the person's clinic."""
    clinic = user.clinic
    if clinic is None:
        return {}
    codes, units = codes_to_map(clinic), units_to_map(clinic)
    code_forms = CodeForms(
        prefix="codes", initial=[{"laboratory": one.laboratory, "system": one.system, "code": one.code, "seen": NOTHING} for one in codes]
    )
    unit_forms = UnitForms(prefix="units", initial=[{**_unit(one, one.unit), "seen": NOTHING} for one in units])
    lines = lines_to_look_at(clinic)
    return {
        "codes": list(zip(codes, code_forms, strict=True)),
        "code_forms": code_forms,
        "units": [(one, _label(one.key), form) for one, form in zip(units, unit_forms, strict=True)],
        "unit_forms": unit_forms,
        "lines": list(zip(lines[:MOST_SHOWN], line_views(lines[:MOST_SHOWN], committed=True), strict=True)),
        "more": max(lines.count() - MOST_SHOWN, 0),
        "asides": asides,
        "refused": refused,
        "mapped_codes": [_mapped_code(one, clinic) for one in code_mappings(clinic)],
        "mapped_units": [_mapped_unit(one, clinic) for one in unit_mappings(clinic)],
    }


def _unit(one: UnitToMap | UnitMapping, spelling: str) -> dict[str, str]:
    return {"laboratory": one.laboratory, "system": one.system, "code": one.code, "key": one.key, "spelling": spelling}


def _mapped_code(one: CodeMapping, clinic: Clinic) -> "tuple[CodeMapping, int, BaseFormSet[Any]]":
    """The mapping, the findings that came from an earlier one, and a form of one row that changes it."""
    said = {"laboratory": one.laboratory, "system": one.system, "code": one.code}
    form = CodeForms(
        prefix="codes", auto_id=f"code_{one.pk}_%s", initial=[{**said, "key": one.key or NOT_NEEDED, "seen": version_of({"key": one.key})}]
    )
    return one, other_findings(lines_of_code(clinic, **said), key=one.key), form


def _mapped_unit(one: UnitMapping, clinic: Clinic) -> "tuple[UnitMapping, str, int, BaseFormSet[Any]]":
    initial = {**_unit(one, one.spelling), "unit": one.unit, "seen": version_of({"unit": one.unit})}
    form = UnitForms(prefix="units", auto_id=f"unit_{one.pk}_%s", initial=[initial])
    lines = lines_of_code(clinic, laboratory=one.laboratory, system=one.system, code=one.code).filter(key=one.key, unit=one.spelling)
    return one, _label(one.key), other_findings(lines, finding__unit=one.unit), form


def _label(key: str) -> str:
    fact = fact_of(key)
    return fact.label if fact else key
