"""Values from bottom to top: a scale that holds what is drawn, with round numbers."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

HEIGHT = 112
"""Of the drawn part, in pixels. It stays, however wide the page is."""
PAD = 8
MOST_TICKS = 5
# From this ratio of the greatest to the smallest value on, small ones would lie on the floor of an even scale.
LOGARITHMIC_FROM = 40


@dataclass(frozen=True)
class ValueTick:
    """One round number, and its height in pixels from the top."""

    y: float
    label: str


@dataclass(frozen=True)
class ValueAxis:
    """The values from `low` to `high`. `is_logarithmic`: each step up is a multiple, not a sum."""

    low: float
    high: float
    is_logarithmic: bool = False

    @classmethod
    def around(cls, values: Iterable[float], limits: Iterable[float] = ()) -> "ValueAxis":
        """A scale that holds the values, and the limits of a range beside them."""
        own, beside = list(values), list(limits)
        everything = [*own, *beside] or [0.0, 1.0]
        low, high = min(everything), max(everything)
        if low > 0 and high / low >= LOGARITHMIC_FROM:
            return cls(low / 1.2, high * 1.2, is_logarithmic=True)
        room = (high - low) * 0.06 or abs(high) * 0.1 or 1.0
        return cls(max(low - room, 0.0) if low >= 0 else low - room, high + room)

    def y(self, value: float) -> float:
        """The height of a value in pixels from the top, kept inside the drawn part."""
        share = self._share(value)
        return round(PAD + (1 - min(max(share, 0.0), 1.0)) * (HEIGHT - 2 * PAD), 1)

    def holds(self, value: float) -> bool:
        """Whether the value lies on the scale."""
        return self.low <= value <= self.high

    @cached_property
    def ticks(self) -> tuple[ValueTick, ...]:
        """A few round numbers."""
        found = self._powers() if self.is_logarithmic else self._steps()
        return tuple(ValueTick(self.y(value), label) for value, label in found)

    def _share(self, value: float) -> float:
        if not self.is_logarithmic:
            return (value - self.low) / (self.high - self.low)
        if value <= 0:
            return 0.0
        return math.log(value / self.low) / math.log(self.high / self.low)

    def _steps(self) -> list[tuple[float, str]]:
        """Multiples of the finest round step that gives few enough of them."""
        power = 10.0 ** (math.floor(math.log10(self.high - self.low)) - 1)
        steps = (factor * scale * power for scale in (1, 10) for factor in (1, 2, 2.5, 5))
        step = next(one for one in steps if len(self._multiples(one)) <= MOST_TICKS)
        exponent = math.floor(math.log10(step) + 1e-9)
        is_half_way = abs(step / 10.0**exponent - 2.5) < 1e-9
        places = max(0, -exponent + is_half_way)
        return [(number * step, f"{number * step:.{places}f}") for number in self._multiples(step)]

    def _multiples(self, step: float) -> range:
        return range(math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9) + 1)

    def _powers(self) -> list[tuple[float, str]]:
        """1, 2 and 5 of each power of ten; only the powers where that would be too many."""
        exponents = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1)
        for factors in ((1, 2, 5), (1, 3), (1,)):
            found = [factor * 10.0**power for power in exponents for factor in factors]
            found = [value for value in found if self.low <= value <= self.high]
            if len(found) <= MOST_TICKS:
                break
        return [(value, f"{value:g}") for value in found]
