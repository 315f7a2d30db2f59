"""Random tables and random partial findings, drawn from one seed so that a failure can be repeated."""

import random
from collections.abc import Mapping
from dataclasses import dataclass

from clinical_rules.tables import (
    NOT_APPLICABLE,
    CompiledTable,
    Domain,
    HitPolicy,
    Possible,
    Row,
    Table,
    TableError,
    among,
    between,
    compile_table,
    exactly,
    parse_test,
    union,
)
from clinical_rules.tables.reference import Reference
from clinical_rules.tables.sfeel import print_value

DOMAINS = {
    domain.key: domain
    for domain in (
        Domain("limited", "number", precision=1, low=0, high=30),
        Domain("unlimited", "number"),
        Domain("half_limited", "number", precision=2, low=-5),
        Domain("day", "date", low=738000, high=738020),
        Domain("yes_no", "boolean"),
        Domain("other_yes_no", "boolean"),
        Domain("two_codes", "code", codes=("a", "b")),
        Domain("four_codes", "code", codes=("a", "b", "c d", "not")),
    )
}


@dataclass(frozen=True)
class Sample:
    """A random table with both evaluators, and what is known of a random patient."""

    table: Table
    cells: CompiledTable
    reference: Reference
    knowledge: Mapping[str, Possible]
    ordinary: Mapping[str, Possible]

    def __str__(self) -> str:
        rows = "\n".join(f"  {row.id}: {dict(row.when)} -> {dict(row.then)}" for row in self.table.rows)
        return f"{rows}\nknowledge: {dict(self.knowledge)}\nordinary: {dict(self.ordinary)}"


def sample(seed: int, *, facts: int = 3, rows: int = 6, policy: HitPolicy = "FIRST") -> Sample:
    rng = random.Random(seed)
    keys = rng.sample(sorted(DOMAINS), rng.randint(1, facts))
    outcomes = ["A", "B", "C", True, False][: rng.randint(1, 5)]
    asking = [{key: random_test(rng, DOMAINS[key]) for key in keys if rng.random() < 0.6} for _ in range(rng.randint(1, rows))]
    if policy == "UNIQUE" and seed % 2:
        asking = disjoint(rng, keys, rows)
    made = tuple(Row(f"r{number}", when, {"out": rng.choice(outcomes)}) for number, when in enumerate(asking))
    table = Table("random", policy, made)
    return Sample(
        table,
        compile_table(table, DOMAINS),
        Reference(table, DOMAINS),
        {key: random_possible(rng, DOMAINS[key]) for key in keys if rng.random() < 0.6},
        {key: random_possible(rng, DOMAINS[key]) for key in keys if rng.random() < 0.6},
    )


def disjoint(rng: random.Random, keys: list[str], rows: int) -> list[dict[str, str]]:
    """Rows of which no two can hold together: some of the leaves of a tree, in any order."""
    leaves: list[dict[str, str]] = [{}]
    while len(leaves) < rows + 2 and (open_leaves := [leaf for leaf in leaves if len(leaf) < len(keys)]):
        leaf = rng.choice(open_leaves)
        key = rng.choice([key for key in keys if key not in leaf])
        leaves.remove(leaf)
        leaves += [leaf | {key: text} for text in _split(rng, DOMAINS[key])]
    rng.shuffle(leaves)
    return leaves[: rng.randint(1, min(rows, len(leaves)))]


def _split(rng: random.Random, domain: Domain) -> tuple[str, str]:
    if domain.kind == "boolean":
        return "true", "false"
    if domain.kind == "code":
        code = print_value(rng.choice(domain.codes), domain)
        return code, f"not({code})"
    low = domain.low if domain.low is not None else -8
    limit = print_value(rng.randint(low, (domain.high if domain.high is not None else low + 18) - 1), domain)
    return f"<= {limit}", f"> {limit}"


def random_test(rng: random.Random, domain: Domain) -> str:
    """The text of a test that some value within the limits satisfies."""
    while True:
        text = _text(rng, domain)
        try:
            parse_test(text, domain)
        except TableError:
            continue
        return text


def _text(rng: random.Random, domain: Domain) -> str:
    if rng.random() < 0.1:
        return "-"
    if domain.kind == "boolean":
        return rng.choice(("true", "false"))
    parts = [_part(rng, domain) for _ in range(rng.choice((1, 1, 1, 2, 3)))]
    text = ", ".join(parts)
    return f"not({text})" if rng.random() < 0.25 else text


def _part(rng: random.Random, domain: Domain) -> str:
    if domain.kind == "code":
        return print_value(rng.choice(domain.codes), domain)
    one, other = sorted((_number(rng, domain), _number(rng, domain)))
    low, high = print_value(one, domain), print_value(other, domain)
    form = rng.randrange(3)
    if form == 0:
        return low
    if form == 1:
        return f"{rng.choice(('<', '<=', '>', '>='))} {low}"
    return f"{rng.choice('[](')}{low}..{high}{rng.choice('[])')}".replace("[[", "[")


def _number(rng: random.Random, domain: Domain) -> int:
    low = domain.low if domain.low is not None else -8
    return rng.randint(low - 2, (domain.high if domain.high is not None else low + 18) + 2)


def random_possible(rng: random.Random, domain: Domain) -> Possible:
    """One value, a few, intervals with or without ends, not applicable, or a mixture."""
    kind = rng.random()
    if kind < 0.1:
        return NOT_APPLICABLE
    some = _some(rng, domain)
    return union(some, NOT_APPLICABLE) if kind > 0.9 else some


def _some(rng: random.Random, domain: Domain) -> Possible:
    if not domain.numeric:
        values = domain.codes or (True, False)
        return among(rng.sample(values, rng.randint(1, len(values))))
    if rng.random() < 0.4:
        return exactly(_number(rng, domain))
    spans = []
    for _ in range(rng.randint(1, 3)):
        low, high = sorted((_number(rng, domain), _number(rng, domain)))
        spans.append(
            between(
                None if rng.random() < 0.15 else low,
                None if rng.random() < 0.15 else high,
            )
        )
    return union(*spans)
