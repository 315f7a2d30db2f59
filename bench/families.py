"""Tables of any size for measuring verification: leaves of a decision tree, and random rows.

`tree`: the leaves of a decision tree, complete and disjoint, so that every answer is a proof.
`tree-`: one leaf is missing and one is wider than it should be. `random`: two to five tests a row.
All over 60 facts, drawn from a seed, without clinical meaning.
"""

import random
from collections import deque
from dataclasses import dataclass

from bench.workload import FACTS, OUTCOMES
from clinical_rules.tables import Domain, Row, Table
from clinical_rules.tables.sfeel import print_value

FAMILIES = ("tree", "tree-", "random")
SEED = 20260302


@dataclass(frozen=True)
class Sample:
    """One table and its facts."""

    domains: dict[str, Domain]
    table: Table


def family(name: str, rows: int, hit_policy: str = "FIRST", seed: int = SEED) -> Sample:
    """The same table for the same arguments."""
    rng = random.Random(f"{name.rstrip('-')} {rows} {seed}")
    domains = {domain.key: domain for domain in (_domain(number) for number in range(FACTS))}
    whens = _random(rng, domains, rows) if name == "random" else _leaves(rng, domains, rows)
    if name == "tree-":
        # In this order, so that the leaf that is widened is not the one that is missing.
        whens.pop(rows // 3)
        wide = whens[rows // 2]
        del wide[next(iter(wide))]
    made = tuple(Row(f"r{number}", when, {"type": rng.choice(OUTCOMES)}) for number, when in enumerate(whens))
    return Sample(domains, Table(name, hit_policy, made))


def _domain(number: int) -> Domain:
    key = f"f{number}"
    if number % 5 < 2:
        return Domain(key, "number", precision=2, low=0, high=1000)
    if number % 5 < 4:
        return Domain(key, "boolean")
    return Domain(key, "code", codes=("a", "b", "c", "d", "e"))


Whole = dict[str, frozenset[bool | str] | tuple[int, int]]


def _leaves(rng: random.Random, domains: dict[str, Domain], rows: int) -> list[dict[str, str]]:
    leaves: deque[Whole] = deque([{}])
    while len(leaves) < rows:
        leaf = leaves.popleft()
        halves = None
        while halves is None:
            halves = _split(rng, domains[rng.choice(list(domains))], leaf)
        leaves += halves
    whens = [{fact: _text(domains[fact], values) for fact, values in leaf.items()} for leaf in leaves]
    rng.shuffle(whens)
    return whens


def _split(rng: random.Random, domain: Domain, leaf: Whole) -> list[Whole] | None:
    if domain.kind == "number":
        low, high = leaf.get(domain.key, (0, 1000))
        assert isinstance(low, int) and isinstance(high, int)
        if high - low < 20:
            return None
        cut = rng.randrange(low // 10 + 1, high // 10) * 10
        return [{**leaf, domain.key: (low, cut)}, {**leaf, domain.key: (cut + 1, high)}]
    values = leaf.get(domain.key, frozenset(domain.codes or (True, False)))
    assert isinstance(values, frozenset)
    if len(values) < 2:
        return None
    some = frozenset(rng.sample(sorted(values), rng.randint(1, len(values) - 1)))
    return [{**leaf, domain.key: some}, {**leaf, domain.key: values - some}]


def _text(domain: Domain, values: frozenset[bool | str] | tuple[int, int]) -> str:
    if isinstance(values, tuple):
        return f"[{print_value(values[0], domain)}..{print_value(values[1], domain)}]"
    return ", ".join(print_value(value, domain) for value in sorted(values))


def _random(rng: random.Random, domains: dict[str, Domain], rows: int) -> list[dict[str, str]]:
    return [{fact: _test(rng, domains[fact]) for fact in rng.sample(list(domains), rng.randint(2, 5))} for _ in range(rows)]


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
