"""What the queue's page shows, with what was typed and refused."""

from typing import Any

from calcinosis_app.accounts.models import User
from calcinosis_app.laboratory.forms import CodeForms, SetAsideForm, UnitForms
from calcinosis_app.laboratory.presentation import line_views
from calcinosis_app.laboratory.selectors import (
    MOST_SHOWN,
    code_mappings,
    codes_to_map,
    lines_to_look_at,
    unit_mappings,
    units_to_map,
)
from calcinosis_app.patients.bridge import fact_of


def queue_page(user: User, *, asides: SetAsideForm | None = None, refused: tuple[str, ...] = ()) -> dict[str, Any]:
    """Codes, units, lines and mappings of the person's clinic."""
    clinic = user.clinic
    if clinic is None:
        return {}
    codes, units = codes_to_map(clinic), units_to_map(clinic)
    code_forms = CodeForms(
        prefix="codes", initial=[{"laboratory": one.laboratory, "system": one.system, "code": one.code} for one in codes]
    )
    unit_forms = UnitForms(prefix="units", initial=[{"laboratory": one.laboratory, "key": one.key, "spelling": one.unit} for one in units])
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
        "mapped_codes": [(one, _label(one.key) if one.key else "not needed here") for one in code_mappings(clinic)],
        "mapped_units": [(one, _label(one.key)) for one in unit_mappings(clinic)],
    }


def _label(key: str) -> str:
    fact = fact_of(key)
    return fact.label if fact else key
