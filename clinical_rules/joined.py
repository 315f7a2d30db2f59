"""Tables that are read together, compiled as one, so that each fact is asked once and not once for every table."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from clinical_rules.tables import CompiledTable, Domain, Knowledge, Row, Table, TableError, compile_table
from clinical_rules.truth import Truth


class Joined(NamedTuple):
    """One compiled table with the rows of several, and where those of each stand."""

    table: CompiledTable | None
    places: tuple[tuple[str, slice], ...]

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts that some table asks for."""
        return self.table.facts if self.table else ()

    def truths(self, knowledge: Knowledge) -> dict[str, tuple[Truth, ...]]:
        """By the key of each table, whether its rows hold."""
        if self.table is None:
            return {}
        truths = self.table.truths(knowledge)
        return {key: truths[place] for key, place in self.places}


def join(key: str, tables: Iterable[Table], domains: Mapping[str, Domain]) -> Joined:
    """Raises ``TableError``, which names the table and the row that is wrong."""
    parts, rows, places = list(tables), list[Row](), []
    for table in parts:
        places.append((table.key, slice(len(rows), len(rows) + len(table.rows))))
        rows += [Row(f"{table.key}: {row.id}", row.when) for row in table.rows]
    if not rows:
        return Joined(None, ())
    try:
        return Joined(compile_table(Table(key, "COLLECT", tuple(rows)), domains), tuple(places))
    except TableError:
        for table in parts:
            compile_table(table, domains)
        raise
