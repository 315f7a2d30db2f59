"""How long a search may go on. Steps are counted, not time: the same question gets the same answer everywhere."""

BUDGET = 2_000
"""Steps that a search may take for one question."""


class BudgetSpentError(Exception):
    """The search gave up before it knew."""


class Budget:
    """Counts the steps of one question down."""

    __slots__ = ("left",)

    def __init__(self, steps: int = BUDGET) -> None:
        self.left = steps

    def step(self) -> None:
        """One step more; raises ``BudgetSpentError`` when there were too many."""
        if self.left <= 0:
            raise BudgetSpentError
        self.left -= 1
