"""The search for a case outside some rows, against trying every case: hard covers, many questions in a row."""

import random
from itertools import product

from clinical_rules.tables import Domain, Row, Table, compile_table
from clinical_rules.tables.candidates import Budget
from clinical_rules.tables.cells import bits
from clinical_rules.tables.verify.constraints import Constraints
from clinical_rules.tables.verify.search import Covered, Search
from clinical_rules.tables.verify.space import Box, Space

FACTS = {f"f{number}": Domain(f"f{number}", "code", codes=("a", "b", "c", "d")[: 2 + number % 3]) for number in range(6)}


def hard_cover(rng: random.Random) -> Space:
    """About as many rows as it takes to cover everything: there the search has to go back most often."""
    rows = tuple(Row(f"r{number}", _when(rng), {"out": "x"}) for number in range(rng.randint(80, 200)))
    return Space(compile_table(Table("cover", "FIRST", rows), FACTS), Constraints())


def _when(rng: random.Random) -> dict[str, str]:
    facts = rng.sample(sorted(FACTS), rng.randint(3, 4))
    return {fact: ", ".join(rng.sample(FACTS[fact].codes, rng.randint(1, len(FACTS[fact].codes) - 1))) for fact in facts}


class Points:
    """Every case there is, and sets of them as bit sets."""

    def __init__(self, space: Space) -> None:
        self.points = list(product(*(range(len(axis.options)) for axis in space.axes)))
        self.all = (1 << len(self.points)) - 1
        self.having = [
            [sum(1 << number for number, point in enumerate(self.points) if point[axis] == option) for option in range(len(one.options))]
            for axis, one in enumerate(space.axes)
        ]

    def of(self, box: Box, without: int = -1) -> int:
        """The cases in a box."""
        found = self.all
        for axis, options in box.items():
            if axis != without:
                found &= sum(self.having[axis][option] for option in bits(options))
        return found

    def of_rows(self, search: Search, rows: int, without: int = -1) -> int:
        """The cases in which one of the rows holds."""
        found = 0
        for row in bits(rows):
            found |= self.of(search.boxes[row], without)
        return found


def ask_everything(seed: int) -> int:
    """A random sequence of questions to one search; returns how many boxes were learned on the way."""
    rng = random.Random(seed)
    space = hard_cover(rng)
    search, points = Search(space, Budget(100_000)), Points(space)
    learned = 0
    for _ in range(6):
        box = space.boxes[rng.randrange(space.row_count)] if rng.random() < 0.5 else {}
        rows = space.all_rows & ~(rng.getrandbits(space.row_count) & rng.getrandbits(space.row_count) & rng.getrandbits(space.row_count))
        rows &= -1 if not box else ~(1 << space.boxes.index(box))
        without = rng.randrange(len(space.axes)) if rng.random() < 0.3 else -1
        left = points.of(box, without) & ~points.of_rows(search, rows, without)
        found = search.outside(box, rows, without)
        if not isinstance(found, Covered):
            # Of the axis that was left out, any value will do.
            assert left >> points.points.index(tuple(found)) & 1
            continue
        assert not left
        assert not found.rows & ~rows
        assert not points.of(found.box, without) & ~points.of_rows(search, found.rows, without)
        assert not points.of(box, without) & ~points.of(found.box, without)
        for number in range(space.row_count, len(search.boxes)):
            assert not points.of(search.boxes[number]) & ~points.of_rows(search, search.made_of[number])
        learned = max(learned, len(search.boxes) - space.row_count)
    return learned


def test_the_search_finds_a_case_exactly_if_there_is_one() -> None:
    learned = [ask_everything(seed) for seed in range(25)]
    assert sum(some > 3 for some in learned) > 10, "these covers are too easy to say anything"
