"""The chart of one patient: what was chosen, its plots and tables, its lesions, and its story."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from urllib.parse import urlencode

from django.http import QueryDict

from calcinosis_app.accounts.models import User
from calcinosis_app.desk.chart.analytes import Analyte, Point, analytes_of
from calcinosis_app.desk.chart.filters import FilterForm, Wanted, wanted
from calcinosis_app.desk.chart.lanes import DrawnLane, Lane, drawn, lanes_of
from calcinosis_app.desk.chart.lesions import LesionCourse, lesions_of
from calcinosis_app.desk.chart.plot import Plot, axis_for
from calcinosis_app.desk.chart.record import Record
from calcinosis_app.desk.chart.story import story_of
from calcinosis_app.desk.chart.story.entry import Year
from calcinosis_app.desk.chart.story.reminders import waiting
from calcinosis_app.desk.chart.time_axis import TimeAxis
from calcinosis_app.followups.presentation import ReminderItem
from calcinosis_app.followups.selectors import today_in
from calcinosis_app.patients.models import Patient
from calcinosis_app.rulebooks.bridge import current

MOST_ROWS = 40
"""Of one table, before its older rows wait behind a link that says how many they are."""


@dataclass(frozen=True)
class Shown:
    """One measurement as shown: its plot and the newest rows of its table. `left_out` lie outside the days chosen."""

    analyte: Analyte
    plot: Plot
    rows: tuple[Point, ...]
    more: int
    left_out: int
    table_url: str
    all_rows_url: str


class Chart:
    """Everything the page shows. Each part is worked out when it is first asked for."""

    def __init__(self, patient: Patient, user: User, sent: QueryDict) -> None:
        self.patient, self.user = patient, user
        self.today = today_in(patient.clinic)
        self.record = Record(patient)
        self.form = FilterForm(sent, self.analytes)
        self.wanted: Wanted = wanted(self.form, self.today)
        self.all_rows = sent.get("rows") == "all"

    @cached_property
    def analytes(self) -> tuple[Analyte, ...]:
        """Every measurement of the patient."""
        return analytes_of(self.record, self.today)

    @cached_property
    def lanes(self) -> tuple[Lane, ...]:
        """Treatments and events, also those outside the days shown."""
        return lanes_of(self.record, self.today)

    @cached_property
    def axis(self) -> TimeAxis:
        """One axis for all plots and lanes: the days chosen, or all that something is known of."""
        since, until = self.wanted.since, self.wanted.until
        days = [one.day for analyte in self.chosen for one in analyte.points] + [lane.first for lane in self.lanes if not self.chosen]
        whole = axis_for(days, self.today)
        start = since or min(whole.start, until or whole.start)
        return TimeAxis(start, max(until or whole.end, start))

    @cached_property
    def chosen(self) -> tuple[Analyte, ...]:
        """The measurements chosen; without a choice all."""
        return tuple(one for one in self.analytes if not self.wanted.of or one.id in self.wanted.of)

    @cached_property
    def shown(self) -> tuple[Shown, ...]:
        """The measurements chosen, with the results of the days chosen."""
        return tuple(self._shown(one) for one in self.chosen)

    @cached_property
    def drawn_lanes(self) -> tuple[DrawnLane, ...]:
        """The lanes of these days."""
        return drawn(self.lanes, self.axis)

    @cached_property
    def lanes_outside(self) -> tuple[Lane, ...]:
        """The lanes of which nothing lies within these days; they are told in words."""
        shown = {id(one.lane) for one in self.drawn_lanes}
        return tuple(one for one in self.lanes if id(one) not in shown)

    @cached_property
    def judged_at(self) -> tuple[tuple[float, str], ...]:
        """Where the plots are crossed by an assessment or a signature, and which."""
        lanes = (one for one in self.drawn_lanes if one.lane.kind == "judgement")
        return tuple((x, "signed" if one.lane.name == "Reviews signed" else "assessed") for one in lanes for x, _, _ in one.signs)

    @cached_property
    def lesions(self) -> tuple[LesionCourse, ...]:
        """The lesions of every case."""
        return lesions_of(self.record)

    @cached_property
    def story(self) -> tuple[Year, ...]:
        """Everything that happened."""
        return story_of(self.record, self.lesions, self.user, self.today)

    @cached_property
    def waiting(self) -> tuple[ReminderItem, ...]:
        """What is still to be done."""
        return waiting(self.record, self.today)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever recorded."""
        return not self.record.findings

    @property
    def release(self) -> int:
        """The release by which everything is judged here."""
        return int(current().number)

    @property
    def intended_use(self) -> str:
        """What the rules are for."""
        return str(current().content["intended_use"])

    @property
    def unknown_person(self) -> str:
        """What is not known of the person and widens every range."""
        return " and ".join(what for what, known in (("birth date", self.patient.birth_date), ("sex", self.patient.sex)) if not known)

    def _shown(self, analyte: Analyte) -> Shown:
        start, end = (self.axis.start, self.axis.end) if not self.wanted.is_whole else (date.min, date.max)
        within = analyte.within(start, end)
        rows = within.backwards if self.all_rows else within.backwards[:MOST_ROWS]
        return Shown(
            analyte=analyte,
            plot=Plot(within, self.axis),
            rows=rows,
            more=len(within.points) - len(rows),
            left_out=len(analyte.points) - len(within.points),
            table_url=f"{'' if self.wanted.tables else self._address(analyte, show='both')}#t-{analyte.id}",
            all_rows_url=f"{self._address(analyte, show='tables', rows='all')}#t-{analyte.id}",
        )

    def _address(self, analyte: Analyte, **choice: str) -> str:
        """The page with one measurement, of the same days."""
        days = {"since": self.wanted.since, "until": self.wanted.until}
        return "?" + urlencode({**choice, "of": analyte.id, **{name: day.isoformat() for name, day in days.items() if day}})
