"""What was changed: read from the tables of the past, for any model that keeps one."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models

from calcinosis_app.core.past import ADDED, CHANGED, KEPT, REMOVED

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """One row, added, changed or removed. `before` and `after` hold its columns; the one that there was not is empty.

    `secret` says that nothing of what is kept differs: what changed is a secret. `together` ties what one request or task did.
    """

    at: datetime
    label: str
    model: type[models.Model]
    key: Any
    before: Row
    after: Row
    context: Mapping[str, Any]
    together: UUID | None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that differ."""
        return tuple(name for name in {**self.before, **self.after} if self.before.get(name) != self.after.get(name))

    @property
    def secret(self) -> bool:
        """Whether only a secret changed, which is not kept."""
        return self.label == CHANGED and not self.columns and bool(KEPT[self.model].secret)

    @property
    def outside(self) -> bool:
        """Whether it was done past the application."""
        return "role" in self.context


def changes_of(model: type[models.Model], **of: Any) -> list[Change]:
    """Everything that happened to the rows that `of` fits, now or at any time, oldest first.

    Found by key, so that a row that was moved elsewhere takes its whole past along.
    """
    past = KEPT[model].past._default_manager
    keys = set(past.filter(**of).order_by().values_list("pgh_obj_id", flat=True))
    keys |= set(model._default_manager.filter(**of).values_list("pk", flat=True))
    return changes_of_keys(model, keys)


def changes_of_keys(model: type[models.Model], keys: Iterable[Any]) -> list[Change]:
    """The same for known rows."""
    wanted = list(keys)
    columns = [field.attname for field in KEPT[model].past._meta.concrete_fields if not field.name.startswith("pgh_")]
    of_key: dict[Any, list[Any]] = defaultdict(list)
    one: Any
    for one in KEPT[model].past._default_manager.filter(pgh_obj_id__in=wanted).order_by("pgh_id"):
        of_key[one.pgh_obj_id].append(one)
    standing = {row["pk"]: row for row in model._default_manager.filter(pk__in=wanted).values("pk", *columns)}
    found = [change for key, past in of_key.items() for change in _chain(model, key, past, columns, standing.get(key, {}))]
    return sorted(found, key=lambda change: change.at)


def _chain(model: type[models.Model], key: Any, past: list[Any], columns: list[str], standing: Row) -> Iterable[Change]:
    """One row's changes: each copy says how the row was until then, so what it became says the next one, or the row itself."""
    copies = [{name: getattr(one, name) for name in columns} for one in past]
    became = [*copies[1:], {name: standing[name] for name in columns} if standing else {}]
    for one, copy, after in zip(past, copies, became, strict=True):
        before, now = {ADDED: ({}, copy), CHANGED: (copy, after), REMOVED: (copy, {})}[one.pgh_label]
        yield Change(one.pgh_created_at, one.pgh_label, model, key, before, now, one.pgh_context or {}, one.pgh_context_id)


def state_at(model: type[models.Model], at: datetime, **of: Any) -> list[Row]:
    """The rows that `of` fitted at one moment, as they stood then. Rows from before the past was kept count as they stand."""
    found = []
    past = KEPT[model].past._default_manager
    keys = set(past.filter(**of).order_by().values_list("pgh_obj_id", flat=True))
    keys |= set(model._default_manager.filter(**of).values_list("pk", flat=True))
    columns = [field.attname for field in KEPT[model].past._meta.concrete_fields if not field.name.startswith("pgh_")]
    standing = {row["pk"]: row for row in model._default_manager.filter(pk__in=keys).values("pk", *columns)}
    later: dict[Any, Any] = {}
    one: Any
    for one in past.filter(pgh_obj_id__in=keys, pgh_created_at__gt=at).order_by("-pgh_id"):
        later[one.pgh_obj_id] = one
    for key in keys:
        first = later.get(key)
        if first is None:
            row: Row = standing.get(key, {})
        else:
            row = {} if first.pgh_label == ADDED else {name: getattr(first, name) for name in columns}
        if row and all(row.get(name) == value for name, value in of.items()):
            found.append(row)
    return found
