"""What the engine says when a table or a finding cannot be used."""


class TableError(ValueError):
    """A table that must not be evaluated: names table, row, fact and text, and the remedy."""

    def __init__(
        self,
        problem: str,
        *,
        remedy: str,
        table: str | None = None,
        row: str | None = None,
        fact: str | None = None,
        text: str | None = None,
    ) -> None:
        self.problem, self.remedy = problem, remedy
        self.table, self.row, self.fact, self.text = table, row, fact, text
        places = (("table", table), ("row", row), ("fact", fact), ("text", text))
        where = ", ".join(f"{name} {place!r}" if name == "text" else f"{name} {place}" for name, place in places if place is not None)
        super().__init__(f"{where}: {problem}; {remedy}" if where else f"{problem}; {remedy}")

    def at(self, *, table: str, row: str, fact: str) -> "TableError":
        """The same problem, placed in the table where the test stands."""
        return TableError(self.problem, remedy=self.remedy, table=table, row=row, fact=fact, text=self.text)


class KnowledgeError(ValueError):
    """A finding that does not fit its fact: it should have been refused at the door."""

    def __init__(self, fact: str, value: object, remedy: str) -> None:
        self.fact, self.value, self.remedy = fact, value, remedy
        super().__init__(f"fact {fact}: value {value!r} does not fit; {remedy}")
