"""A search for an assignment that satisfies clauses: unit propagation, learned clauses, restarts, and a budget.

Literals are whole numbers: ``n`` says that variable ``n`` is true, ``-n`` that it is false. The order of choices
depends on the clauses alone, so the same clauses give the same answer and cost everywhere.
"""

from collections.abc import Iterable, Mapping, Sequence
from heapq import heapify, heappop, heappush

Clause = Sequence[int]
DECAY = 1 / 0.95
RESTART = 64
"""Conflicts before the first restart; each restart waits longer by half."""


class StepsSpentError(Exception):
    """The search gave up before it knew."""


class Steps:
    """Counts assignments down."""

    __slots__ = ("left", "used")

    def __init__(self, budget: int) -> None:
        self.left = budget
        self.used = 0


def solve(clauses: Iterable[Clause], prefer: Mapping[int, bool], steps: Steps) -> dict[int, bool] | None:
    """Values of all variables that make every clause true; ``None`` when there are none.

    ``prefer`` is what a variable is tried as first (false, when it is not named). Raises ``StepsSpentError``.
    """
    search = _Search(clauses, prefer, steps)
    return search.run() if search.consistent else None


class _Search:
    """One search. Variables are numbered anew, a literal is ``2 * variable + negated``."""

    __slots__ = (
        "activity",
        "bump",
        "clauses",
        "consistent",
        "head",
        "heap",
        "level",
        "limits",
        "names",
        "phase",
        "reason",
        "steps",
        "trail",
        "value",
        "watches",
    )

    def __init__(self, clauses: Iterable[Clause], prefer: Mapping[int, bool], steps: Steps) -> None:
        number: dict[int, int] = {}
        self.names: list[int] = []
        self.clauses: list[list[int]] = []
        units: list[int] = []
        self.consistent = True
        for clause in clauses:
            found = set()
            for literal in clause:
                name = literal if literal > 0 else -literal
                index = number.get(name)
                if index is None:
                    index = number[name] = len(self.names)
                    self.names.append(name)
                found.add(2 * index if literal > 0 else 2 * index + 1)
            if len(found) > 1:
                if len({one >> 1 for one in found}) == len(found):  # else it holds a literal and its opposite
                    self.clauses.append(sorted(found))
            elif found:
                units += found
            else:
                self.consistent = False
        count = len(self.names)
        self.steps = steps
        self.value: list[int] = [-1] * (2 * count)
        """1 true, 0 false, -1 not assigned; by literal."""
        self.level = [0] * count
        self.reason: list[list[int] | None] = [None] * count
        self.trail: list[int] = []
        self.limits: list[int] = []
        self.head = 0
        self.watches: list[list[list[int]]] = [[] for _ in range(2 * count)]
        self.activity = [0.0] * count
        self.bump = 1.0
        self.phase = [0 if prefer.get(name, False) else 1 for name in self.names]
        for one in self.clauses:
            self.watches[one[0]].append(one)
            self.watches[one[1]].append(one)
            for literal in one:
                self.activity[literal >> 1] += 1.0 / len(one)
        self.heap = [(-self.activity[index], index) for index in range(count)]
        heapify(self.heap)
        for literal in units:
            if self.value[literal] == 0:
                self.consistent = False
            elif self.value[literal] < 0:
                self._assign(literal, None)

    def run(self) -> dict[int, bool] | None:
        """Search until an assignment is found, or none can be."""
        conflicts, limit = 0, RESTART
        while True:
            conflict = self._propagate()
            if conflict is not None:
                if not self.limits:
                    return None
                conflicts += 1
                self._learn(conflict)
                if conflicts >= limit:
                    limit += limit // 2
                    conflicts = 0
                    self._back_to(0)
                continue
            literal = self._choose()
            if literal is None:
                return {name: self.value[2 * index] == 1 for index, name in enumerate(self.names)}
            self.limits.append(len(self.trail))
            self._assign(literal, None)

    def _assign(self, literal: int, reason: list[int] | None) -> None:
        self.steps.used += 1
        self.steps.left -= 1
        if self.steps.left < 0:
            raise StepsSpentError
        self.value[literal] = 1
        self.value[literal ^ 1] = 0
        variable = literal >> 1
        self.level[variable] = len(self.limits)
        self.reason[variable] = reason
        self.trail.append(literal)

    def _propagate(self) -> list[int] | None:
        """What follows from the assignments; a clause that cannot hold any more, if there is one."""
        value, watches, trail = self.value, self.watches, self.trail
        while self.head < len(trail):
            false = trail[self.head] ^ 1
            self.head += 1
            watching = watches[false]
            kept: list[list[int]] = []
            for position, clause in enumerate(watching):
                if clause[0] == false:
                    clause[0], clause[1] = clause[1], false
                first = clause[0]
                if value[first] == 1:
                    kept.append(clause)
                    continue
                for index in range(2, len(clause)):
                    other = clause[index]
                    if value[other]:
                        clause[1], clause[index] = other, false
                        watches[other].append(clause)
                        break
                else:
                    kept.append(clause)
                    if value[first] == 0:
                        kept += watching[position + 1 :]
                        watches[false] = kept
                        return clause
                    self._assign(first, clause)
            watches[false] = kept
        return None

    def _learn(self, conflict: list[int]) -> None:
        """A clause that rules out what led to the conflict, and back to where it says something new."""
        learned: list[int] = []
        seen: set[int] = set()
        open_here, position, asserting = 0, len(self.trail) - 1, -1
        clause: Iterable[int] = conflict
        here = len(self.limits)
        while True:
            for literal in clause:
                variable = literal >> 1
                if literal == asserting or variable in seen or not self.level[variable]:
                    continue
                seen.add(variable)
                self._raise(variable)
                if self.level[variable] == here:
                    open_here += 1
                else:
                    learned.append(literal)
            while self.trail[position] >> 1 not in seen:
                position -= 1
            asserting = self.trail[position]
            position -= 1
            open_here -= 1
            if not open_here:
                break
            clause = self.reason[asserting >> 1] or ()
        self.bump *= DECAY
        if self.bump > 1e100:
            self.activity = [one * 1e-100 for one in self.activity]
            self.bump *= 1e-100
        learned.sort(key=lambda literal: -self.level[literal >> 1])
        new = [asserting ^ 1, *learned]
        self._back_to(self.level[learned[0] >> 1] if learned else 0)
        if len(new) > 1:
            self.watches[new[0]].append(new)
            self.watches[new[1]].append(new)
        self._assign(new[0], new if len(new) > 1 else None)

    def _raise(self, variable: int) -> None:
        self.activity[variable] += self.bump
        heappush(self.heap, (-self.activity[variable], variable))

    def _back_to(self, level: int) -> None:
        if len(self.limits) <= level:
            return
        start = self.limits[level]
        for literal in self.trail[start:]:
            self.value[literal] = self.value[literal ^ 1] = -1
            variable = literal >> 1
            self.phase[variable] = literal & 1
            heappush(self.heap, (-self.activity[variable], variable))
        del self.trail[start:]
        del self.limits[level:]
        self.head = start

    def _choose(self) -> int | None:
        while self.heap:
            _, variable = heappop(self.heap)
            if self.value[2 * variable] < 0:
                return 2 * variable + self.phase[variable]
        return None
