"""One measurement as a picture: places in per cent of the width and pixels of height, ready for the template.

The same picture fits every width and the paper, because only its height is fixed. What a place means is said by
its shape: a triangle up is above the range, a triangle down below it, a dot within it, a diamond not certain, a
square where there is no range at all.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property

from calcinosis_app.desk.chart.analytes import Analyte, Point
from calcinosis_app.desk.chart.time_axis import TimeAxis
from calcinosis_app.desk.chart.value_axis import HEIGHT, ValueAxis
from calcinosis_app.patients.bridge import Stretch

STRIP = 22
"""Height of the strip under a plot for results without a number, in pixels."""
SHAPES: dict[tuple[str, ...], str] = {("below",): "below", ("within",): "within", ("above",): "above"}
FLAG_LETTERS = {"high": "H", "normal": "N", "low": "L"}
FLAG_SHAPES = {"high": "above", "normal": "within", "low": "below"}
LIMITS = {"<": "down", "<=": "down", ">": "up", ">=": "up"}
# Beyond this, large marks hide each other.
MANY = 60


@dataclass(frozen=True)
class Mark:
    """One result as drawn. `shape` says its position, `limit` the way a reported limit points, `sign` that it needs a look.

    Places are texts already: numbers would be put into words for each of thousands.
    """

    x: str
    y: str
    shape: str
    limit: str
    sign: str
    standing: str
    title: str
    own: tuple[float, float] | None = None
    is_small: bool = False

    @property
    def symbol(self) -> str:
        """The shape drawn: a corrected one is crossed out, a reported limit is an arrow."""
        shape = "corrected" if self.standing == "corrected" else self.limit or self.shape
        return f"{shape}-small" if self.is_small else shape

    @property
    def classes(self) -> str:
        """What the style sheet goes by."""
        return f"mark is-{self.standing} mark--{'limit' if self.limit else self.shape}"


@dataclass(frozen=True)
class Flag:
    """A result without a number, on the strip: its letter, or a dash where there was no result."""

    x: float
    letter: str
    standing: str
    title: str


@dataclass(frozen=True)
class Area:
    """A range on file as drawn: from where to where in per cent, and its upper and lower edge in pixels."""

    x: float
    width: float
    y: float
    height: float
    has_top: bool
    has_bottom: bool
    row: str

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return round(self.y + self.height, 1)


class Plot:
    """An analyte on a time axis."""

    def __init__(self, analyte: Analyte, axis: TimeAxis) -> None:
        self.analyte, self.axis = analyte, axis
        self.drawn = tuple(one for one in analyte.points if one.result.value is not None)

    @cached_property
    def values(self) -> ValueAxis:
        """A scale that holds every value, the ranges that came with them, and the ranges on file of these days.

        A result that was corrected does not stretch it: a slip of typing would flatten all that is true.
        """
        held = [one for one in self.drawn if one.result.standing != "corrected"] or self.drawn
        limits = [*(end for one in held for end in (one.result.low, one.result.high)), *self._ends()]
        return ValueAxis.around(_known([one.result.value for one in held]), _known(limits))

    @property
    def has_numbers(self) -> bool:
        """Whether there is anything to draw above the strip."""
        return bool(self.drawn)

    @property
    def height(self) -> int:
        """Of the whole picture, in pixels."""
        return (HEIGHT if self.has_numbers else 0) + (STRIP if self.flags else 0)

    @property
    def strip_y(self) -> float:
        """The line on which the letters of the strip stand."""
        return (HEIGHT if self.has_numbers else 0) + STRIP - 7

    @property
    def is_dense(self) -> bool:
        """Whether marks are drawn small."""
        return len(self.drawn) > MANY

    @cached_property
    def marks(self) -> tuple[Mark, ...]:
        """Every result with a number, oldest first; those that count now last, so that nothing covers them."""
        return tuple(self._mark(one) for one in sorted(self.drawn, key=lambda one: one.counts))

    @cached_property
    def flags(self) -> tuple[Flag, ...]:
        """The results without a number."""
        return tuple(
            Flag(
                self.axis.at(one.day),
                FLAG_LETTERS.get(one.result.flag, "\u2013"),
                _standing(one),
                _title(one),
            )
            for one in self.analyte.points
            if one.result.value is None
        )

    @cached_property
    def line(self) -> str:
        """The way through the numbers, for a polyline over a width of 1000. Limits and corrected results are no part of it."""
        joined = [one for one in self.drawn if not one.result.comparator and one.result.standing != "corrected"]
        if len(joined) < 2:
            return ""
        return " ".join(f"{self.axis.at(one.day) * 10:g},{self._y(one.result.value)}" for one in joined)

    @cached_property
    def areas(self) -> tuple[Area, ...]:
        """The ranges on file of the days shown, each as long as its age lasts; all of them where the age is not known."""
        return tuple(self._areas())

    @property
    def is_uncertain(self) -> bool:
        """Whether several ranges may hold on one day, because the birth date or the sex is not known."""
        return any(one.x < other.x + other.width - 0.01 and other.x < one.x + one.width - 0.01 for one, other in _pairs(self.areas))

    def _areas(self) -> Iterator[Area]:
        for stretch in self.analyte.stretches if self.has_numbers else ():
            span = self._span(stretch)
            if span is None or (stretch.low is None and stretch.high is None):
                continue
            top = 0.0 if stretch.high is None else self._y(stretch.high)
            bottom = float(HEIGHT) if stretch.low is None else self._y(stretch.low)
            yield Area(
                *span, top, round(bottom - top, 1), has_top=stretch.high is not None, has_bottom=stretch.low is not None, row=stretch.row
            )

    def _span(self, stretch: Stretch) -> tuple[float, float] | None:
        if stretch.start is None or stretch.end is None:
            return 0.0, 100.0
        return self.axis.span(stretch.start, stretch.end + timedelta(days=1))

    def _ends(self) -> Iterator[Fraction | None]:
        for stretch in self.analyte.stretches:
            if self._span(stretch) is not None:
                yield from (stretch.low, stretch.high)

    def _mark(self, one: Point) -> Mark:
        result = one.result
        own = None
        if result.own_range:
            own = (0.0 if result.high is None else self._y(result.high), float(HEIGHT) if result.low is None else self._y(result.low))
        return Mark(
            x=f"{self.axis.at(one.day):g}",
            y=f"{self._y(result.value):g}",
            shape=SHAPES.get(result.positions, "open" if result.positions or self.analyte.stretches else "plain"),
            limit=LIMITS.get(result.comparator, ""),
            sign=_sign(one),
            standing=_standing(one),
            title=_title(one) if self.values.holds(float(result.value or 0)) else f"{_title(one)}; off the scale, drawn at its edge",
            own=own,
            is_small=self.is_dense and not one.counts,
        )

    def _y(self, value: Fraction | None) -> float:
        return self.values.y(float(value or 0))


def _known(limits: list[Fraction | None]) -> list[float]:
    return [float(one) for one in limits if one is not None]


def _pairs(areas: tuple[Area, ...]) -> Iterator[tuple[Area, Area]]:
    return ((one, other) for place, one in enumerate(areas) for other in areas[place + 1 :])


def _sign(one: Point) -> str:
    """Whether somebody should look at it; a corrected one was looked at."""
    if one.result.standing == "corrected":
        return ""
    return "!" if one.result.clash or one.result.say else "?" if one.result.doubt else ""


def _standing(one: Point) -> str:
    if one.counts:
        return "counts"
    return "corrected" if one.result.standing == "corrected" else "too-old" if one.result.standing == "too_old" else "earlier"


def _title(one: Point) -> str:
    said = [
        f"{one.typed}{f' = {one.canonical}' if one.canonical else ''}, {one.day:%-d %b %Y}",
        one.position_label,
        one.standing,
        *one.notes,
    ]
    return "; ".join(text for text in said if text)


def axis_for(days: list[date], today: date) -> TimeAxis:
    """From the first day to the last; to today, unless nothing has happened for longer than the story lasts."""
    first, last = min(days, default=today), max(days, default=today)
    ends_today = today <= last or (today - last).days <= max(14, (last - first).days)
    return TimeAxis(first, max(last, today) if ends_today else last)
