"""The same three questions put to z3-solver.

Each fact is a variable: numbers are integers within their limits, codes are numbers of a small
enumeration. Rows are formulas; one solver is used for all questions of one kind, as its makers advise.
"""

import time
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from bench.families import Sample
from clinical_rules.tables import Domain
from clinical_rules.tables.sfeel import Interval, Part, parse_test

# Only the peers' own environment has it; whoever writes the page reads this module too.
z3: Any = import_module("z3") if find_spec("z3") else None


class Prover:
    """One table as formulas."""

    def __init__(self, sample: Sample) -> None:
        self.domains = sample.domains
        self.facts = {key: z3.Bool(key) if domain.kind == "boolean" else z3.Int(key) for key, domain in sample.domains.items()}
        self.limits = [limit for domain in sample.domains.values() for limit in self._limits(domain)]
        self.rows = [z3.And([self._test(fact, text) for fact, text in row.when.items()]) for row in sample.table.rows]
        self.then = [row.then["type"] for row in sample.table.rows]

    def _limits(self, domain: Domain) -> list[Any]:
        if domain.kind == "boolean":
            return []
        fact = self.facts[domain.key]
        low, high = (0, len(domain.codes) - 1) if domain.codes else (domain.low, domain.high)
        return [fact >= low, fact <= high]

    def _test(self, fact: str, text: str) -> Any:
        test = parse_test(text, self.domains[fact])
        named = z3.Or([self._part(fact, part) for part in test.parts])
        return z3.Not(named) if test.negated else named

    def _part(self, fact: str, part: Part) -> Any:
        variable, domain = self.facts[fact], self.domains[fact]
        if isinstance(part, Interval):
            return z3.And(variable >= part.low + part.low_open, variable <= part.high - part.high_open)
        if domain.kind == "boolean":
            return variable if part.value else z3.Not(variable)
        if domain.kind == "code":
            return variable == domain.codes.index(str(part.value))
        value = int(part.value)
        return {"=": variable == value, "<": variable < value, "<=": variable <= value, ">": variable > value, ">=": variable >= value}[
            part.sign
        ]

    def _solver(self) -> Any:
        solver = z3.Solver()
        solver.add(self.limits)
        return solver

    def overlaps(self, patience: float) -> int | None:
        """How many pairs of rows with different outcomes hold together; ``None`` when stopped."""
        end, solver, found = time.perf_counter() + patience, self._solver(), 0
        for number, row in enumerate(self.rows):
            solver.push()
            solver.add(row)
            for other in range(number + 1, len(self.rows)):
                if self.then[other] != self.then[number]:
                    solver.push()
                    solver.add(self.rows[other])
                    found += solver.check() == z3.sat
                    solver.pop()
                    if time.perf_counter() > end:
                        return None
            solver.pop()
        return found

    def gap(self, patience: float) -> int | None:
        """1 when some case satisfies no row, else 0."""
        solver = self._solver()
        solver.set("timeout", int(patience * 1000))
        solver.add([z3.Not(row) for row in self.rows])
        verdict = solver.check()
        return None if verdict == z3.unknown else int(verdict == z3.sat)

    def masked(self, patience: float) -> int | None:
        """How many rows never come first."""
        end, solver, found = time.perf_counter() + patience, self._solver(), 0
        for row in self.rows:
            solver.push()
            solver.add(row)
            found += solver.check() == z3.unsat
            solver.pop()
            solver.add(z3.Not(row))
            if time.perf_counter() > end:
                return None
        return found
