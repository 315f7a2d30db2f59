"""Time and value axes: round marks, few enough to be read, wherever the story begins and ends."""

from datetime import date, timedelta

import pytest

from calcinosis_app.desk.chart.plot import axis_for
from calcinosis_app.desk.chart.time_axis import MOST_TICKS, MOST_TICKS_ON_A_NARROW_SCREEN, TimeAxis
from calcinosis_app.desk.chart.value_axis import HEIGHT, ValueAxis

START = date(2016, 2, 27)


@pytest.mark.parametrize("days", [0, 1, 2, 3, 6, 10, 20, 31, 45, 60, 90, 100, 200, 365, 400, 730, 1000, 1826, 3652, 7305, 20000, 40000])
def test_dates_read_well_however_long_the_story(days: int) -> None:
    axis = TimeAxis(START, START + timedelta(days=days))

    assert 1 <= len(axis.ticks) <= MOST_TICKS
    assert sum(not tick.is_minor for tick in axis.ticks) <= MOST_TICKS_ON_A_NARROW_SCREEN
    assert all(0 <= tick.at <= 100 for tick in axis.ticks)
    labels = [tick.label for tick in axis.ticks]
    assert len(set(labels)) == len(labels)
    assert days == 0 or len(labels) >= 2


def test_three_days_are_days_and_ten_years_are_years() -> None:
    assert [tick.label for tick in TimeAxis(START, START + timedelta(days=3)).ticks] == ["27 Feb 2016", "28 Feb", "29 Feb", "1 Mar"]
    assert [tick.label for tick in TimeAxis(START, date(2026, 2, 27)).ticks] == ["2018", "2020", "2022", "2024", "2026"]


def test_a_year_that_begins_is_named_among_days() -> None:
    assert [tick.label for tick in TimeAxis(date(2025, 12, 31), date(2026, 1, 1)).ticks] == ["31 Dec 2025", "1 Jan 2026"]


def test_first_and_last_day_lie_within_the_width() -> None:
    axis = TimeAxis(START, START + timedelta(days=9))
    assert 0 < axis.at(axis.start) < axis.at(axis.end) < 100
    assert axis.span(START - timedelta(days=500), START - timedelta(days=400)) is None
    assert axis.span(date(1900, 1, 1), date(2100, 1, 1)) == (0.0, 100.0)


def test_the_axis_ends_today_unless_nothing_has_happened_for_long() -> None:
    today = date(2026, 3, 20)
    assert axis_for([date(2024, 1, 1), date(2026, 1, 1)], today).end == today
    assert axis_for([date(2016, 1, 1), date(2016, 1, 3)], today).end == date(2016, 1, 3)
    assert axis_for([], today) == TimeAxis(today, today)


@pytest.mark.parametrize(
    ("values", "labels"),
    [
        ([0.84, 1.45, 2.55], ["1.0", "1.5", "2.0", "2.5"]),
        ([1.15, 1.35], ["1.15", "1.20", "1.25", "1.30", "1.35"]),
        ([0, 5, 12], ["0", "5", "10"]),
        ([-4, 30], ["0", "10", "20", "30"]),
        ([7.4, 7.4], ["7.0", "7.5", "8.0"]),
        ([30, 20000], ["100", "1000", "10000"]),
    ],
)
def test_values_have_round_marks(values: list[float], labels: list[str]) -> None:
    assert [tick.label for tick in ValueAxis.around(values).ticks] == labels


def test_every_value_lies_within_the_height_and_higher_is_higher() -> None:
    for values in ([0.1, 0.11], [1.0, 3000.0], [0.0, 0.0], [5.0], [140.0, 141.0]):
        axis = ValueAxis.around(values)
        heights = [axis.y(value) for value in sorted(values)]
        assert all(0 < height < HEIGHT for height in heights)
        assert heights == sorted(heights, reverse=True)
        assert len(axis.ticks) >= 1, values


def test_a_value_off_the_scale_is_drawn_at_its_edge() -> None:
    axis = ValueAxis.around([1.0, 2.0])
    assert not axis.holds(14.0)
    assert 0 <= axis.y(14.0) < axis.y(2.0)
