"""What the rules say of the case as it stands on the page: recorded findings and the draft, stored nowhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from calcinosis_app.assessments.bridge import AssumptionView, CaseError, LesionView, Presentation, judge, present
from calcinosis_app.desk.entry.asking import Ask, ask
from calcinosis_app.desk.entry.fields import Field, today
from calcinosis_app.desk.entry.page import Entry
from calcinosis_app.patients.bridge import case_document
from calcinosis_app.patients.models import Case, Lesion
from calcinosis_app.rulebooks.bridge import current

NOT_YET: Final = "Cannot say yet: "
# What an assumption of absence comes to: a no to each of its questions confirms it.
ABSENT: Final = (False, "none", "untreated")


@dataclass(frozen=True)
class Assumption:
    """An assumption of the leading type. When `by_no`, a no to every question confirms it with one press."""

    text: str
    asks: tuple[Ask, ...]
    by_no: bool


@dataclass(frozen=True)
class LiveLesion:
    """What is said of one lesion so far."""

    view: LesionView
    lesion: Lesion
    assumptions: tuple[Assumption, ...]
    settle: tuple[Ask, ...]

    @property
    def headline(self) -> str:
        """The headline without the assumptions, which stand below it as questions."""
        return self.view.headline.partition(", if ")[0] if self.assumptions else self.view.headline


@dataclass(frozen=True)
class Live:
    """The panel beside the entry. `left_out` are fields in error; `trouble` says why nothing could be judged."""

    said: Presentation | None
    lesions: tuple[LiveLesion, ...]
    left_out: tuple[Field, ...]
    draft_size: int
    trouble: str = ""

    @property
    def summary(self) -> str:
        """Everything in one line, for a narrow screen."""
        return self.trouble or " · ".join(f"{one.view.id}: {one.headline.removeprefix(NOT_YET)}" for one in self.lesions)


def live(entry: Entry) -> Live:
    """Judges what can be read. What cannot be read is left out and named."""
    left_out = tuple(entry.errors())
    try:
        said = _judged(entry.case)
    except CaseError as error:
        return Live(None, (), left_out, entry.draft_size, trouble=f"{error.key}: {error.say}")
    labels = {lesion.label: lesion for lesion in entry.lesions}
    lesions = tuple(_lesion(view, labels) for view in said.lesions)
    return Live(said, lesions, left_out, entry.draft_size)


def _judged(case: Case) -> Presentation:
    rules = current()
    document = case_document(case, include_draft=True)
    return present(judge(document, rules, on=today(case), jurisdiction=case.patient.clinic.jurisdiction), rules)


def _lesion(view: LesionView, lesions: Mapping[str, Lesion]) -> LiveLesion:
    return LiveLesion(
        view,
        lesions[view.id],
        tuple(_assumption(one, lesions) for one in view.assumptions),
        tuple(ask(one, lesions) for one in view.settle),
    )


def _assumption(view: AssumptionView, lesions: Mapping[str, Lesion]) -> Assumption:
    asks = tuple(ask(one, lesions) for one in view.asks)
    by_no = (
        bool(asks)
        and any(view.is_ is absent or view.is_ == absent for absent in ABSENT)
        and all(one.kind == "boolean" for one in view.asks)
    )
    return Assumption(view.text, asks, by_no)
