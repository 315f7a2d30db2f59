"""Time from left to right: the days shown, where each lies, and marks that read well over three days as over twenty years."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, partial

MOST_TICKS = 9
MOST_TICKS_ON_A_NARROW_SCREEN = 5
# Room left and right of the first and last day, as a share of the days shown.
MARGIN = 0.03
DAY_STEPS = (1, 2, 7, 14)
MONTH_STEPS = (1, 2, 3, 6)
YEAR_STEPS = (1, 2, 5, 10, 20)


@dataclass(frozen=True)
class TimeTick:
    """One mark: where it lies in per cent of the width, and its words. A narrow screen leaves out the minor ones."""

    at: float
    label: str
    is_minor: bool

    @property
    def anchor(self) -> str:
        """Words near an edge grow away from it."""
        return "start" if self.at < 3 else "end" if self.at > 97 else "middle"


@dataclass(frozen=True)
class TimeAxis:
    """The days from `start` to `end`, both shown whole."""

    start: date
    end: date

    @cached_property
    def ticks(self) -> tuple[TimeTick, ...]:
        """At most MOST_TICKS marks, evenly apart on the calendar."""
        days = self._marked_days()
        every = -(-len(days) // MOST_TICKS_ON_A_NARROW_SCREEN)
        return tuple(TimeTick(self.at(day), label, place % every != 0) for place, (day, label) in enumerate(days))

    def at(self, day: date) -> float:
        """Where the day lies, in per cent of the width. Days outside lie outside."""
        return round(100 * ((day - self.start).days + self._margin) / self._width, 2)

    def shows(self, day: date) -> bool:
        """Whether the day is among those shown."""
        return self.start <= day <= self.end

    def span(self, start: date, end: date) -> tuple[float, float] | None:
        """Where a stretch of days begins and how wide it is, cut at the edges; nothing when it lies outside."""
        left, right = max(self.at(start), 0.0), min(self.at(end), 100.0)
        if end < start or right < 0 or left > 100 or right < left:
            return None
        return left, round(right - left, 2)

    @property
    def _margin(self) -> float:
        return max(0.5, (self.end - self.start).days * MARGIN)

    @property
    def _width(self) -> float:
        return (self.end - self.start).days + 2 * self._margin

    def _marked_days(self) -> list[tuple[date, str]]:
        for calendar in (*_day_calendars(), *_month_calendars(), *_year_calendars()):
            days = [(day, label) for day, label in calendar(self.start, self.end) if self.shows(day)]
            if len(days) <= MOST_TICKS:
                return days if len(days) > 1 else [(self.start, f"{self.start:%-d %b %Y}"), *self._last()]
        return []

    def _last(self) -> list[tuple[date, str]]:
        return [(self.end, f"{self.end:%-d %b %Y}")] if self.end != self.start else []


Calendar = Callable[[date, date], Iterator[tuple[date, str]]]


def _day_calendars() -> Iterator[Calendar]:
    for step in DAY_STEPS:
        yield partial(_every_days, step=step)


def _month_calendars() -> Iterator[Calendar]:
    for step in MONTH_STEPS:
        yield partial(_every_months, step=step)


def _year_calendars() -> Iterator[Calendar]:
    for step in YEAR_STEPS:
        yield partial(_every_years, step=step)


def _every_days(start: date, end: date, step: int) -> Iterator[tuple[date, str]]:
    """The year stands at the first mark, and wherever it changes."""
    year = None
    for offset in range(0, (end - start).days + 1, step):
        day = start + timedelta(days=offset)
        yield day, f"{day:%-d %b}" if day.year == year else f"{day:%-d %b %Y}"
        year = day.year


def _every_months(start: date, end: date, step: int) -> Iterator[tuple[date, str]]:
    months = range(start.year * 12 + start.month - 1, end.year * 12 + end.month)
    for number in months:
        if number % step == 0:
            day = date(number // 12, number % 12 + 1, 1)
            yield day, f"{day:%b %Y}"


def _every_years(start: date, end: date, step: int) -> Iterator[tuple[date, str]]:
    for year in range(start.year, end.year + 1):
        if year % step == 0:
            yield date(year, 1, 1), str(year)
