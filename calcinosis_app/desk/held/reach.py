"""Which rows are held on a group of patients.

Whatever points to a patient, or to something that does, is found by itself, also in a table that does not exist yet. What names
a patient without a foreign key is listed here: events, lines of files, keys of what was done once.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from graphlib import TopologicalSorter
from itertools import chain
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.db.models.fields.json import KeyTextTransform

from calcinosis_app.audit.models import Event
from calcinosis_app.core.models import OnceKey
from calcinosis_app.laboratory import columns
from calcinosis_app.patients.models import Finding, Patient
from calcinosis_app.patients.selectors import group_of

Model = type[models.Model]
Keys = dict[Model, tuple[Any, ...]]
Finder = Callable[[list[Patient], Keys], Q]
# The key under which the past of a table keeps the row that it was.
PAST_OF = "pgh_obj"
RECORD_ID = "record_id"
# The forms in which a laboratory's file may give a birth date.
DAYS = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%Y%m%d")


@dataclass(frozen=True)
class Held:
    """The rows of one table that are held on the group, by their keys."""

    model: Model
    keys: tuple[Any, ...]

    @property
    def name(self) -> str:
        """What the table is called in an export: app and model."""
        return self.model._meta.label_lower

    @property
    def rows(self) -> models.QuerySet[Any]:
        """The rows, in the order in which they were made, as far as the key tells."""
        return self.model._base_manager.filter(pk__in=self.keys).order_by("pk")


def held_on(patient: Patient) -> list[Held]:
    """Every table in which rows may be held on the patient's group, with those that are; what points stands after what it points to."""
    patients = list(group_of(patient.pk))
    keys: Keys = {}
    by_hand = {model: UNTIED.get(model, _records) for model in untied()}
    for model in dict.fromkeys([*pointing(), *by_hand]):
        found = Q(pk__in=[one.pk for one in patients]) if model is Patient else _points(model, keys)
        if model in by_hand:
            found |= by_hand[model](patients, keys)
        keys[model] = tuple(model._base_manager.filter(found).order_by("pk").values_list("pk", flat=True))
    return [Held(model, found) for model, found in keys.items()]


def pointing() -> list[Model]:
    """The models that lead to a patient by foreign keys, each after those to which it points."""
    graph: dict[Model, set[Model]] = {Patient: set()}
    while True:
        new = {
            model: targets
            for model in apps.get_models()
            if model not in graph and (targets := {field.related_model for field in _keys_of(model)} & graph.keys())
        }
        if not new:
            break
        graph |= {model: set() for model in new}
    edges = {model: {field.related_model for field in _keys_of(model)} & graph.keys() for model in graph}
    return [model for model in TopologicalSorter(edges).static_order() if model in graph]


def untied() -> list[Model]:
    """The models that name a patient without a foreign key."""
    return [*UNTIED, *(model for model in apps.get_models() if model not in UNTIED and _has(model, RECORD_ID, models.UUIDField))]


def _keys_of(model: Model) -> list[Any]:
    """The foreign keys by which a row belongs to what it points to.

    Not those to its own kind: a patient's row must not come along because it once corrected, followed or was merged into another's.
    """
    kind = getattr(model, "pgh_tracked_model", model)
    found = (field for field in model._meta.concrete_fields if field.is_relation)
    return [field for field in found if field.name == PAST_OF or field.related_model not in (model, kind)]


def _points(model: Model, keys: Keys) -> Q:
    found = Q(pk__in=[])
    for field in _keys_of(model):
        if field.related_model in keys:
            found |= Q(**{f"{field.attname}__in": keys[field.related_model]})
    return found


def _records(patients: list[Patient], keys: Keys) -> Q:
    return Q(**{f"{RECORD_ID}__in": [one.pk for one in patients]})


def _events(patients: list[Patient], keys: Keys) -> Q:
    """What was done to any of the rows, and what was done to others and names one of the patients."""
    found = Q(pk__in=[])
    for model, pks in keys.items():
        if pks and not hasattr(model, "pgh_tracked_model"):
            found |= Q(subject_kind=model._meta.model_name, subject_id__in=[str(pk) for pk in pks])
    for one in patients:
        found |= Q(detail__icontains=str(one.pk))
    return found


def _once(patients: list[Patient], keys: Keys) -> Q:
    """The keys of what was done once, which name the thing."""
    named = [str(pk) for pk in _named(keys)]
    found = Q(made__in=[str(pk) for pks in keys.values() for pk in pks if isinstance(pk, UUID)])
    for pk in named:
        found |= Q(purpose__contains=pk)
    return found


def _named(keys: Keys) -> list[UUID]:
    """The keys by which purposes name things: those of rows that are named by a UUID, without findings, of which there are many."""
    kept = (pks for model, pks in keys.items() if model._meta.model_name != "finding")
    return [pk for pk in chain.from_iterable(kept) if isinstance(pk, UUID)]


def _lines(model: Model) -> Finder:
    """The lines of files in the clinic that give one of the group's numbers, or no patient's number, but family name and birth date.

    Never one that became a finding of somebody else, or gives somebody else's number: of two people of one name, it is the other's.
    """

    def found(patients: list[Patient], keys: Keys) -> Q:
        clinic = {one.clinic_id for one in patients}
        theirs = Q(finding__isnull=True) | Q(finding__in=keys[Finding])
        numbered = Q(**{f"cells__{columns.NUMBER}__in": [one.number for one in patients]})
        named = Q(pk__in=[])
        for one in patients:
            if one.birth_date is not None:
                days = [one.birth_date.strftime(form) for form in DAYS]
                named |= Q(**{f"cells__{columns.FAMILY_NAME}__iexact": one.family_name, f"cells__{columns.BIRTH_DATE}__in": days})
        likely = model._base_manager.filter(named, theirs, source__clinic__in=clinic).exclude(numbered)
        numbers = dict(likely.values_list("pk", KeyTextTransform(columns.NUMBER, "cells")))
        known = set(
            Patient.objects.filter(clinic__in=clinic, number__in=[one for one in numbers.values() if one]).values_list("number", flat=True)
        )
        return Q(source__clinic__in=clinic) & theirs & numbered | Q(pk__in=[pk for pk, number in numbers.items() if number not in known])

    return found


def _has(model: Model, name: str, kind: type[Any]) -> bool:
    return any(field.name == name and type(field) is kind for field in model._meta.concrete_fields)


def _with_cells() -> Iterable[Model]:
    """Lines of files, and their past."""
    return (model for model in apps.get_models() if model._meta.app_label == "laboratory" and _has(model, "cells", models.JSONField))


UNTIED: dict[Model, Finder] = {
    **{model: _lines(model) for model in _with_cells()},
    OnceKey: _once,
    Event: _events,
}
