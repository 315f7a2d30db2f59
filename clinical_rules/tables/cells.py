"""Tables compiled to cells and bit sets: the form in which every question is answered.

The tests of a table cut each fact's range into finitely many cells, inside which no test of the
table can tell two values apart. Each cell carries a bit set of the rows whose test on this fact it
satisfies (a row without a test on the fact is satisfied everywhere). What is known of a fact is a
set of cells, so one AND per fact says which rows surely hold and which still may.

"Not applicable" is one more cell of every fact, satisfied by no test. Bit ``n`` of a row set is
row ``n`` in table order; bit ``n`` of a cell set is cell ``n`` of its column.

Whatever is worked out here late is worked out the same by whoever comes first, so threads may share
it: the worst that can happen is that two of them do the same work.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from clinical_rules.tables.domain import Domain
from clinical_rules.tables.errors import KnowledgeError
from clinical_rules.tables.possible import (
    NOT_APPLICABLE,
    Many,
    Possible,
    Token,
    among,
    between,
    intersection,
    union,
)

Knowledge = Mapping[str, Possible]
"""What is known, by fact key. A fact that is absent is unknown."""

REMEMBERED = 512
"""How much a column remembers of what it was told, before it forgets it all and starts again."""

_BOOLEANS: tuple[bool, ...] = (True, False)


def bits(row_set: int) -> Iterator[int]:
    """The members of a bit set, lowest first."""
    while row_set:
        lowest = row_set & -row_set
        yield lowest.bit_length() - 1
        row_set ^= lowest


class Choices(NamedTuple):
    """What a fact could still be made to do to the rows."""

    masks: tuple[int, ...]
    """The rows that a cell satisfies, for every cell worth choosing where rows shall fail."""
    everywhere: int
    """The rows satisfied whatever is chosen."""
    somewhere: int
    """The rows satisfied by some choice."""


class _Cut(NamedTuple):
    """How a column is cut into cells."""

    cuts: tuple[int, ...]
    """For numbers, the first number of each cell but the lowest."""
    cell_of: dict[bool | str, int]
    """For booleans and codes, the cell of each value."""
    masks: tuple[int, ...]


class Column:
    """One fact of a table: its cells, and for each the rows that it satisfies."""

    __slots__ = ("_asking", "_choices", "_cut", "_possibles", "_satisfying", "any_sure", "domain", "key", "rows", "tested")

    def __init__(self, domain: Domain, asking: Sequence[tuple[int, Possible]], rows: int) -> None:
        """``asking``: the rows that ask something, each as a bit set of one row with what it accepts; ``rows``: all rows."""
        self.key, self.domain, self.rows = domain.key, domain, rows
        self._asking = asking
        self.tested = self.any_sure = 0
        for row, accepts in asking:
            self.tested |= row
            if _accepts_all(accepts, domain):
                self.any_sure |= row
        self.any_sure |= rows & ~self.tested
        """The rows satisfied by every value that the fact can have."""
        self._cut: _Cut | None = None
        self._possibles: dict[int, Possible] = {}
        self._choices: dict[int, Choices] = {}
        self._satisfying: dict[int, int] = {}

    @classmethod
    def of(cls, domain: Domain, accepted: Sequence[Possible | None]) -> "Column":
        """A column by what every row accepts; ``None`` where a row asks nothing."""
        asking = [(1 << row, accepts) for row, accepts in enumerate(accepted) if accepts]
        return cls(domain, asking, (1 << len(accepted)) - 1)

    @property
    def cut(self) -> _Cut:
        """Made when somebody first looks: of a large release most columns are not looked at for one patient."""
        found = self._cut
        if found is None:
            unasked = self.rows & ~self.tested
            found = (_cut_numbers if self.domain.numeric else _cut_codes)(self.domain, self._asking, unasked)
            self._cut = found
        return found

    @property
    def masks(self) -> tuple[int, ...]:
        """The rows that each cell satisfies; the last cell is "not applicable"."""
        return self.cut.masks

    @property
    def not_applicable(self) -> int:
        """The number of the cell that stands for "not applicable"."""
        return len(self.cut.masks) - 1

    @property
    def everything(self) -> int:
        """The cells in which a fact may be of which nothing is known."""
        return (1 << self.not_applicable) - 1

    def cell_set(self, known: Possible | None) -> int:
        """The cells the fact may be in. Raises ``KnowledgeError`` for a value of another kind."""
        if known is None:
            return self.everything
        cuts, cell_of, _ = self.cut
        found = 1 << self.not_applicable if known.not_applicable else 0
        if known.values is not None:
            if self.domain.numeric:
                raise self.misfit(known)
            for value in known.values:
                if value not in cell_of:
                    raise self.misfit(value)
                found |= 1 << cell_of[value]
        if known.spans is not None:
            if not self.domain.numeric:
                raise self.misfit(known)
            for low, high in known.spans:
                first = 0 if low is None else bisect_right(cuts, low)
                last = len(cuts) if high is None else bisect_right(cuts, high)
                found |= (2 << last) - (1 << first)
        return found

    def summary(self, known: Possible) -> tuple[int, int]:
        """The rows that every possible cell satisfies, and those that some possible cell does."""
        only = known.only
        if isinstance(only, Many):
            return _summary(self.masks, self.cell_set(known))
        mask = self.mask(only)
        return mask, mask

    def mask(self, value: bool | str | int) -> int:
        """The rows that one value satisfies. Raises ``KnowledgeError`` for a value of another kind."""
        cuts, cell_of, masks = self.cut
        if self.domain.numeric:
            if value.__class__ is int:
                return masks[bisect_right(cuts, int(value))]
        elif value.__class__ is not int and value in cell_of:
            return masks[cell_of[value]]  # type: ignore[index]  # not a whole number, so a key
        raise self.misfit(value)

    def satisfying(self, row: int) -> int:
        """The cells that satisfy the row with this number."""
        found = self._satisfying.get(row)
        if found is None:
            found = sum(1 << cell for cell, mask in enumerate(self.masks) if mask >> row & 1)
            self._satisfying[row] = found
        return found

    def choices(self, cell_set: int) -> Choices:
        """What the cells can do; of two cells of which one satisfies all that the other does, the other is kept."""
        found = self._choices.get(cell_set)
        if found is None:
            masks = [self.masks[cell] for cell in bits(cell_set)]
            everywhere, somewhere = -1, 0
            for mask in masks:
                everywhere &= mask
                somewhere |= mask
            found = Choices(_undominated(masks), everywhere, somewhere)
            if len(self._choices) >= REMEMBERED:
                self._choices.clear()
            self._choices[cell_set] = found
        return found

    @property
    def cells(self) -> tuple[Possible, ...]:
        """The values in each cell, "not applicable" last."""
        return tuple(map(self.cell, range(len(self.masks))))

    def cell(self, number: int) -> Possible:
        """The values in one cell."""
        found = self._possibles.get(number)
        if found is None:
            self._possibles[number] = found = self._cell(number)
        return found

    def _cell(self, number: int) -> Possible:
        cuts, cell_of, _ = self.cut
        if number == self.not_applicable:
            return NOT_APPLICABLE
        if not self.domain.numeric:
            return among(value for value, cell in cell_of.items() if cell == number)
        low = cuts[number - 1] if number else self.domain.low
        return between(low, cuts[number] - 1 if number < len(cuts) else self.domain.high)

    def possible(self, cell_set: int) -> Possible:
        """The values in these cells."""
        return union(*map(self.cell, bits(cell_set)))

    def within(self, cell_set: int, known: Possible | None) -> Possible:
        """The values in these cells that what is known still allows."""
        values = self.possible(cell_set)
        if known is None:
            return values
        # A known value beyond a limit counts as the limit, and so lies in no cell by its number.
        return intersection(values, known) or values

    def misfit(self, value: object) -> KnowledgeError:
        """The error to raise for a value of another kind."""
        wanted = {
            "number": "give a whole number, scaled by the fact's precision",
            "date": "give the day's ordinal",
            "boolean": "give true or false",
            "code": f"give one of its codes: {', '.join(self.domain.codes)}",
        }
        return KnowledgeError(self.key, value, wanted[self.domain.kind])


class Spoilers(dict[int, tuple[int, ...]]):
    """For one row, by column: the cells in which the row fails, as what is left of all rows there, fewest rows first."""

    __slots__ = ("_columns", "_row")

    def __init__(self, columns: Sequence[Column], row: int) -> None:
        super().__init__()
        self._columns, self._row = columns, row

    def __missing__(self, index: int) -> tuple[int, ...]:
        """``index`` is the number of a column on which the row hangs."""
        column = self._columns[index]
        found = tuple([mask for mask in column.choices(column.everything).masks if not mask & self._row])
        self[index] = found
        return found


class Unsaid(dict[int, int]):
    """For up to eight columns, by the set of those of which nothing is known: the rows that surely hold all the same."""

    __slots__ = ("_columns",)

    def __init__(self, columns: Sequence[Column]) -> None:
        super().__init__()
        self._columns = columns

    def __missing__(self, some: int) -> int:
        found = -1
        for index in bits(some):
            found &= self._columns[index].any_sure
        self[some] = found
        return found


class Aim:
    """What it would take for one row to hold: its columns confined to the cells that satisfy it."""

    __slots__ = ("compatible", "confined")

    def __init__(self, columns: Sequence[Column], number: int, hinges: int) -> None:
        self.compatible = -1
        """The rows that can hold together with this one."""
        self.confined: dict[int, Choices] = {}
        """By column (a bit set of one), what is left to choose."""
        for index in bits(hinges):
            column = columns[index]
            found = column.choices(column.satisfying(number) & column.everything)
            self.confined[1 << index] = found
            self.compatible &= found.somewhere


class Aims(dict[int, Aim]):
    """By row number, what it would take for the row to hold."""

    __slots__ = ("_columns", "_hinges")

    def __init__(self, columns: Sequence[Column], hinges: Sequence[int]) -> None:
        super().__init__()
        self._columns, self._hinges = columns, hinges

    def __missing__(self, number: int) -> Aim:
        self[number] = found = Aim(self._columns, number, self._hinges[number])
        return found


class Read(NamedTuple):
    """A table read over what is known: row sets, and column sets in the same manner."""

    sure: int
    """The rows that surely hold."""
    possible: int
    """The rows that may hold."""
    unknown: int
    """The columns of which nothing is known."""
    partial: int
    """The columns of which something is known, but not one value."""


class Grid:
    """All columns of a table. Threads may share it."""

    __slots__ = (
        "_nothing",
        "_said",
        "_unsaid",
        "_unsaid_bytes",
        "aims",
        "all_columns",
        "all_rows",
        "column_count",
        "column_of",
        "columns",
        "hinges",
        "places",
        "row_count",
        "spoilers",
        "tested",
    )

    def __init__(self, domains: Sequence[Domain], rows: Sequence[Mapping[str, Possible]]) -> None:
        """``domains``: the facts of the table; ``rows``: what each row accepts, by fact."""
        self.row_count, self.column_count = len(rows), len(domains)
        self.places = tuple([1 << number for number in range(max(self.row_count, self.column_count))])
        """Bit sets of one row, or of one column."""
        self.all_rows = (1 << self.row_count) - 1
        self.all_columns = (1 << self.column_count) - 1
        asking: dict[str, list[tuple[int, Possible]]] = {domain.key: [] for domain in domains}
        for number, row in enumerate(rows):
            for fact, accepts in row.items():
                asking[fact].append((1 << number, accepts))
        self.columns = tuple(Column(domain, asking[domain.key], self.all_rows) for domain in domains)
        self.column_of = {column.key: column for column in self.columns}
        self.tested, self.hinges = _columns_of(self.columns, self.row_count)
        self.spoilers = tuple([Spoilers(self.columns, 1 << number) for number in range(self.row_count)])
        self.aims = Aims(self.columns, self.hinges)
        # What is known of one fact says of all rows whether they may hold and whether they surely do, and of the columns
        # which is known. All of it is one integer, so that one AND per fact is enough. From the lowest bit: rows that may
        # hold, rows that surely hold, columns of which nothing is known, columns known in part. What a fact does not speak
        # of it leaves as it is.
        self._nothing = (1 << 2 * (self.row_count + self.column_count)) - 1
        self._said: dict[str, dict[Token, int]] = {column.key: {} for column in self.columns}
        self._unsaid = tuple([Unsaid(self.columns[start : start + 8]) for start in range(0, self.column_count, 8)])
        self._unsaid_bytes = len(self._unsaid)

    def read(self, knowledge: Knowledge) -> Read:
        """Raises ``KnowledgeError`` for a value that does not fit its fact."""
        return Read(*self.scan(knowledge))

    def scan(self, knowledge: Knowledge) -> tuple[int, int, int, int]:
        """What ``read`` reads, without the names, which cost as much as seven facts."""
        word, said = self._nothing, self._said
        try:
            for key, known in knowledge.items():
                word &= said[key][known.token]
        except KeyError:
            word = self._first_time(knowledge)
        rows, columns, all_rows = self.row_count, self.column_count, self.all_rows
        possible, word = word & all_rows, word >> rows
        sure, word = word & all_rows, word >> rows
        unknown = word & self.all_columns
        for unsaid, some in zip(self._unsaid, unknown.to_bytes(self._unsaid_bytes, "little")):  # noqa: B905 - as long, by construction
            sure &= unsaid[some]
        # Of a column of which nothing is known, nothing was said in the last part either.
        return sure, possible, unknown, word >> columns ^ unknown

    def _first_time(self, knowledge: Knowledge) -> int:
        """Where something is said that was not said before, or of a fact that no row asks for."""
        word, said = self._nothing, self._said
        for index, column in enumerate(self.columns):
            known = knowledge.get(column.key)
            if known is None:
                continue
            words = said[column.key]
            found = words.get(known.token)
            if found is None:
                if len(words) >= REMEMBERED:
                    words.clear()
                words[known.token] = found = self._word(index, known)
            word &= found
        return word

    def _word(self, index: int, known: Possible) -> int:
        """What one fact says of rows and columns. Raises ``KnowledgeError``."""
        surely, possibly = self.columns[index].summary(known)
        others = self.all_columns & ~(1 << index)
        partial = self.all_columns if isinstance(known.only, Many) else others
        return possibly | surely << self.row_count | (others | partial << self.column_count) << 2 * self.row_count

    def surely(self, index: int, knowledge: Knowledge) -> int:
        """The rows that a column satisfies whatever its fact turns out to be."""
        column = self.columns[index]
        known = knowledge.get(column.key)
        return column.any_sure if known is None else column.summary(known)[0]

    def cell_sets(self, knowledge: Knowledge) -> list[int]:
        """The cells each column may be in, in column order."""
        return [column.cell_set(knowledge.get(column.key)) for column in self.columns]

    def read_cells(self, cell_sets: Sequence[int]) -> tuple[int, int]:
        """As ``read``, for cells instead of knowledge."""
        sure = possible = self.all_rows
        for column, cell_set in zip(self.columns, cell_sets, strict=True):
            surely, possibly = _summary(column.masks, cell_set)
            sure &= surely
            possible &= possibly
        return sure, possible


def _columns_of(columns: Sequence[Column], row_count: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """For each row the columns that it tests, and those on which it hangs while nothing is known of them."""
    tested, hinges = [0] * row_count, [0] * row_count
    for index, column in enumerate(columns):
        for number in bits(column.tested):
            tested[number] |= 1 << index
        for number in bits(column.tested & ~column.any_sure):
            hinges[number] |= 1 << index
    return tuple(tested), tuple(hinges)


def _accepts_all(accepts: Possible, domain: Domain) -> bool:
    """Whether every value that the fact can have is accepted; "not applicable" is no value."""
    if accepts.values is not None:
        return len(accepts.values) == len(domain.codes or _BOOLEANS)
    return any(
        (low is None or (domain.low is not None and low <= domain.low))
        and (high is None or (domain.high is not None and high >= domain.high))
        for low, high in accepts.spans or ()
    )


def _summary(masks: Sequence[int], cell_set: int) -> tuple[int, int]:
    surely, possibly = -1, 0
    for cell in bits(cell_set):
        surely &= masks[cell]
        possibly |= masks[cell]
    return surely, possibly


def _undominated(masks: Sequence[int]) -> tuple[int, ...]:
    """The masks that contain no other, smallest first."""
    kept: list[int] = []
    for mask in sorted(dict.fromkeys(masks), key=int.bit_count):
        if all(other & ~mask for other in kept):
            kept.append(mask)
    return tuple(kept)


def _cut_numbers(domain: Domain, asking: Sequence[tuple[int, Possible]], unasked: int) -> _Cut:
    """Walks up the numbers and changes the rows wherever a test begins or ceases to hold.

    Only cuts inside the fact's limits count. So no cell is impossible, and a value beyond a limit
    falls into the cell next to it.
    """
    changes: dict[int, int] = {}
    lowest = unasked
    for row, accepts in asking:
        for low, high in accepts.spans or ():
            if low is not None and domain.high is not None and low > domain.high:
                continue
            if high is not None and domain.low is not None and high < domain.low:
                continue
            if low is None or (domain.low is not None and low <= domain.low):
                lowest |= row
            else:
                changes[low] = changes.get(low, 0) ^ row
            if high is not None and (domain.high is None or high < domain.high):
                changes[high + 1] = changes.get(high + 1, 0) ^ row
    cuts = tuple(sorted(changes))
    masks = [lowest]
    for cut in cuts:
        masks.append(masks[-1] ^ changes[cut])
    return _Cut(cuts, {}, (*masks, unasked))


def _cut_codes(domain: Domain, asking: Sequence[tuple[int, Possible]], unasked: int) -> _Cut:
    """Codes that satisfy the same rows share a cell."""
    values: tuple[bool | str, ...] = domain.codes or _BOOLEANS
    satisfied = dict.fromkeys(values, unasked)
    for row, accepts in asking:
        for value in accepts.values or ():
            satisfied[value] |= row
    cells: dict[int, int] = {}
    cell_of = {value: cells.setdefault(mask, len(cells)) for value, mask in satisfied.items()}
    return _Cut((), cell_of, (*cells, unasked))
