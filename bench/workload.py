"""A table of the size that the engine is built for, and patients with 30 % of their facts missing.

The table is drawn from a seed and has no clinical meaning: 200 rows of two to five tests over 60
facts (numbers, booleans, codes), and a last row that always holds.
"""

import random
from dataclasses import dataclass

from clinical_rules.tables import Domain, Possible, Row, Table, exactly
from clinical_rules.tables.sfeel import print_value

ROWS, FACTS, MISSING = 200, 60, 0.3
OUTCOMES = ("iatrogenic", "metastatic", "mixed", "dystrophic", "idiopathic")
CODES = ("a", "b", "c", "d", "e")


@dataclass(frozen=True)
class Workload:
    """One table and many patients, each a scaled value per known fact."""

    domains: dict[str, Domain]
    table: Table
    patients: list[dict[str, bool | str | int]]

    def knowledge(self) -> list[dict[str, Possible]]:
        """The patients as the engine takes them."""
        return [{fact: exactly(value) for fact, value in patient.items()} for patient in self.patients]


def workload(patients: int, missing: float = MISSING, seed: int = 20260302, row_count: int = ROWS) -> Workload:
    """The same table for the same seed, whatever the patients."""
    rng = random.Random(seed)
    domains = {domain.key: domain for domain in (_domain(number) for number in range(FACTS))}
    rows = []
    for number in range(row_count - 1):
        facts = rng.sample(sorted(domains), rng.randint(2, 5))
        rows.append(
            Row(
                f"r{number}",
                {fact: _test(rng, domains[fact]) for fact in facts},
                {"type": rng.choice(OUTCOMES)},
            )
        )
    rows.append(Row("otherwise", {}, {"type": "undetermined"}))
    return Workload(
        domains,
        Table("workload", "FIRST", tuple(rows)),
        [{fact: _value(rng, domain) for fact, domain in domains.items() if rng.random() >= missing} for _ in range(patients)],
    )


def _domain(number: int) -> Domain:
    key = f"f{number}"
    if number % 5 < 2:
        return Domain(key, "number", precision=2, low=0, high=1000)
    if number % 5 < 4:
        return Domain(key, "boolean")
    return Domain(key, "code", codes=CODES)


def _value(rng: random.Random, domain: Domain) -> bool | str | int:
    if domain.kind == "number":
        return rng.randint(0, 100) * 10
    return rng.random() < 0.5 if domain.kind == "boolean" else rng.choice(domain.codes)


def _test(rng: random.Random, domain: Domain) -> str:
    if domain.kind == "boolean":
        return rng.choice(("true", "false"))
    if domain.kind == "code":
        some = ", ".join(rng.sample(domain.codes, rng.randint(1, 2)))
        return f"not({some})" if rng.random() < 0.3 else some
    low = rng.randint(5, 80) * 10
    number = print_value(low, domain)
    form = rng.randrange(3)
    if form == 0:
        return f"[{number}..{print_value(low + 150, domain)}]"
    return f"{'>' if form == 1 else '<='} {number}"
