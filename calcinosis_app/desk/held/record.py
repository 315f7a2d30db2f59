"""Everything that is held on one person, as plain data for machines: docs/patient-record.md describes it."""

import json
from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import models
from django.utils import timezone

from calcinosis_app.accounts.models import User
from calcinosis_app.audit.actors import Actor
from calcinosis_app.desk.held.reach import Held, held_on
from calcinosis_app.patients.models import Patient
from calcinosis_app.rulebooks.models import Release

FORMAT: Final = "calcinosis.patient-record"
VERSION: Final = 1


def record_of(patient: Patient, by: Actor) -> dict[str, Any]:
    """The record of a survivor with all duplicates, complete: each table with each of its rows and columns."""
    held = held_on(patient)
    tables = {one.name: [row_of(row) for row in one.rows] for one in held if one.keys}
    return {
        "format": FORMAT,
        "version": VERSION,
        "made_at": timezone.now().isoformat(),
        "made_by": by.audit_name,
        "clinic": {"id": str(patient.clinic_id), "name": patient.clinic.name},
        "patient": str(patient.pk),
        "people": _people(held),
        "releases": _releases(held),
        "tables": tables,
    }


def as_json(record: dict[str, Any]) -> str:
    """The same, written out. Whatever is not plain ASCII is escaped, so that nothing in it acts on whoever looks at it."""
    return json.dumps(record, indent=1, ensure_ascii=True)


def row_of(row: models.Model) -> dict[str, Any]:
    """Every column of a row. Numbers with decimals are texts, so that none loses a digit."""
    return {field.name: _plain(getattr(row, field.attname)) for field in row._meta.concrete_fields}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return value


def _people(held: Iterable[Held]) -> dict[str, str]:
    """Who of the clinic did something, by id."""
    ids = _pointed_to(held, User)
    return {str(one.pk): one.display_name for one in User.objects.filter(pk__in=ids).order_by("display_name")}


def _releases(held: Iterable[Held]) -> dict[str, dict[str, Any]]:
    """The releases of the rules under which something was judged, by id."""
    found = Release.objects.filter(pk__in=_pointed_to(held, Release)).only("number", "hash")
    return {str(one.pk): {"number": one.number, "hash": one.hash} for one in found}


def _pointed_to(held: Iterable[Held], model: type[models.Model]) -> set[Any]:
    ids: set[Any] = set()
    for one in held:
        for field in one.model._meta.concrete_fields:
            if one.keys and field.related_model is model:
                ids |= set(one.rows.order_by().values_list(field.attname, flat=True))
    return ids - {None}
