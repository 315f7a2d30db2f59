"""One step of a migration for many new tables and triggers: Django would otherwise make all models anew after each of them."""

from collections.abc import Sequence
from typing import Any

from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation
from pgtrigger.migrations import AddTrigger


class Together(Operation):
    """New models with everything that is added to them, and triggers. A table is made once, as it is at the end."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, operations: Sequence[Any]) -> None:
        self.operations = operations

    def state_forwards(self, app_label: str, state: Any) -> None:
        """All of them, before any model is made."""
        state.__dict__.pop("apps", None)
        for one in self.operations:
            one.state_forwards(app_label, state)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Tables first, whole; then triggers."""
        for one in (*self._of(CreateModel), *self._of(AddTrigger)):
            one.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Triggers first. Those that were there are known to `from_state`."""
        for one in (*self._of(AddTrigger), *self._of(CreateModel)):
            one.database_backwards(app_label, schema_editor, from_state, from_state if isinstance(one, AddTrigger) else to_state)

    def describe(self) -> str:
        """For whoever watches the migration."""
        return f"{len(self.operations)} steps together"

    def _of(self, kind: type[Operation]) -> list[Any]:
        return [one for one in self.operations if isinstance(one, kind)]
