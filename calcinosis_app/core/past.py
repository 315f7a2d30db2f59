"""Rows that can change keep their past: triggers of the database write it down, whoever changes them and by whatever way.

`@keeps_its_past()` on a model makes a second table, named after the first with `_past` behind it. A row that is changed or deleted
leaves there what it was until then; a new row leaves a copy, unless `added=False`. Who did it is taken from what
`core.acting` has told the connection; for a change past the application it is the database role that signed in.

The triggers act with the rights of the tables' owner, so that the application itself can only read the past: it can neither
change nor forge it, nor make the triggers look away.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import pghistory
import pghistory.models
import pgtrigger
from django.db import models
from pgtrigger import compiler

ADDED, CHANGED, REMOVED = "added", "changed", "removed"
SUFFIX = "_past"
LONGEST_NAME = 30
Row = TypeVar("Row", bound=models.Model)
WHO = "coalesce(nullif(current_setting('pghistory.context_metadata', true), '')::jsonb, jsonb_build_object('role', session_user))"
TOGETHER = "nullif(current_setting('pghistory.context_id', true), '')::uuid"


@dataclass(frozen=True)
class Kept:
    """How the past of one model is kept. `secret` fields leave only the trace that something changed, `noise` not even that."""

    past: type[models.Model]
    secret: tuple[str, ...]
    noise: tuple[str, ...]
    added: bool


KEPT: dict[type[models.Model], Kept] = {}


class Past(pghistory.models.Event):
    """One row as it was."""

    pgh_id = models.BigAutoField(primary_key=True)

    class Meta:
        abstract = True


class KeepSql(compiler.UpsertTriggerSql):
    """A trigger that acts with its owner's rights and that no setting switches off. Migrations name it: never change what it says."""

    def get_template(self) -> str:
        """The SQL of function and trigger."""
        return """
            CREATE OR REPLACE FUNCTION {pgid}() RETURNS trigger LANGUAGE plpgsql
                SECURITY DEFINER SET search_path = public, pg_temp AS $$
                BEGIN
                    {func}
                    RETURN NULL;
                END;
            $$;
            DROP TRIGGER IF EXISTS {pgid} ON {table};
            CREATE TRIGGER {pgid} {when} {operation} ON {table} FOR EACH {level} {condition} EXECUTE FUNCTION {execute};
            COMMENT ON TRIGGER {pgid} ON {table} IS '{hash}';
        """


class Keep(pgtrigger.Trigger):
    """Writes the row as it was (or, for a new one, as it is) into the table of the past."""

    level = pgtrigger.Row
    when = pgtrigger.After

    def __init__(self, *, label: str, operation: pgtrigger.Operation, past: type[models.Model], noise: Sequence[str], unless: str) -> None:
        self.label, self.past, self.noise, self.unless = label, past, noise, unless
        super().__init__(name=f"past_{label}", operation=operation)

    def get_func(self, model: Any) -> str:
        """The one statement of the trigger."""
        row = "NEW" if self.label == ADDED else "OLD"
        kept = [field.column for field in self.past._meta.concrete_fields if not field.name.startswith("pgh_")]
        values = {column: f'{row}."{column}"' for column in kept} | {
            "pgh_created_at": "statement_timestamp()",
            "pgh_label": f"'{self.label}'",
            "pgh_obj_id": f'{row}."{model._meta.pk.column}"',
            "pgh_context": WHO,
            "pgh_context_id": TOGETHER,
        }
        columns = ", ".join(f'"{column}"' for column in values)
        return f'INSERT INTO "{self.past._meta.db_table}" ({columns}) VALUES ({", ".join(values.values())});'  # noqa: S608  # names of ours

    def render_condition(self, model: Any) -> str:
        """A change counts when a column differs that is no noise."""
        if self.label != CHANGED:
            return ""
        counted = [field.column for field in model._meta.concrete_fields if field.name not in self.noise]
        then, now = (", ".join(f'{row}."{column}"' for column in counted) for row in ("OLD", "NEW"))
        differs = f"ROW({then}) IS DISTINCT FROM ROW({now})"
        return f"WHEN ({differs} AND NOT ({self.unless}))" if self.unless else f"WHEN ({differs})"

    def compile(self, model: Any) -> compiler.Trigger:
        """In the form that migrations keep."""
        sql = KeepSql(
            pgid=self.get_pgid(model),
            func=self.render_func(model),
            table=model._meta.db_table,
            when=self.when,
            operation=self.operation,
            level=self.level,
            condition=self.render_condition(model),
        )
        return compiler.Trigger(name=self.name, sql=sql)


class _Keeps(pghistory.Tracker):
    """Puts one trigger on the model whose past is kept."""

    def __init__(self, label: str, operation: pgtrigger.Operation, noise: Sequence[str] = (), unless: str = "") -> None:
        super().__init__(label)  # type: ignore[no-untyped-call]  # the package's base has no types
        self.operation, self.noise, self.unless = operation, noise, unless

    def setup(self, event_model: type[models.Model]) -> None:
        """Called when the table of the past is known as a model."""
        model = event_model.pgh_tracked_model  # type: ignore[attr-defined]  # set by the package
        trigger = Keep(label=str(self.label), operation=self.operation, past=event_model, noise=self.noise, unless=self.unless)
        pgtrigger.register(trigger)(model)


def keeps_its_past(
    *,
    by: Sequence[str] = (),
    secret: Sequence[str] = (),
    noise: Sequence[str] = (),
    added: bool = True,
    unless: str = "",
    app: str = "",
) -> Callable[[type[Row]], type[Row]]:
    """Has the past of a model kept.

    `by` names the foreign keys through which the past is looked for. `secret` fields are not kept, but that they changed is;
    `noise` changes leave nothing. `unless` is SQL over OLD and NEW for changes that leave nothing. `app` is for a model of a package.
    """

    def wrap(model: type[Row]) -> type[Row]:
        table = f"{app or model._meta.app_label}_{model._meta.model_name}{SUFFIX}" if app else f"{model._meta.db_table}{SUFFIX}"
        trackers = [_Keeps(ADDED, pgtrigger.Insert)] if added else []
        trackers += [_Keeps(CHANGED, pgtrigger.Update, noise, unless), _Keeps(REMOVED, pgtrigger.Delete)]
        past = pghistory.create_event_model(
            model,
            *trackers,
            exclude=[*secret, *noise],
            obj_field=pghistory.ObjForeignKey(related_name="+", related_query_name="+"),
            context_field=pghistory.ContextJSONField(),
            context_id_field=pghistory.ContextUUIDField(null=True),
            model_name=f"{model.__name__}Past",
            app_label=app or None,
            base_model=Past,
            abstract=False,
            meta={
                "db_table": table,
                "indexes": [models.Index(fields=[name], name=f"{model._meta.model_name}_past_by_{name}"[:LONGEST_NAME]) for name in by],
            },
        )
        KEPT[model] = Kept(past, tuple(secret), tuple(noise), added)
        return model

    return wrap
