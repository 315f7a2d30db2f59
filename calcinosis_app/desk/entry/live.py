"""What the rules say of the case as it stands on the page: recorded findings and the draft, stored nowhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from calcinosis_app.assessments.bridge import AssumptionView, CaseError, LesionView, Presentation, Sentence, judge, present
from calcinosis_app.desk.entry.adjusted import adjusted_calcium
from calcinosis_app.desk.entry.asking import Ask, ask
from calcinosis_app.desk.entry.assumed import buttons_of, is_answered_here
from calcinosis_app.desk.entry.fields import Field, Status, today
from calcinosis_app.desk.entry.page import Entry
from calcinosis_app.patients.bridge import case_document
from calcinosis_app.patients.models import Case, Lesion
from calcinosis_app.rulebooks.bridge import current

NOT_EXCLUDED: Final = "calciphylaxis_not_excluded"


@dataclass(frozen=True)
class Assumption:
    """An assumption of the leading type. `no` and `yes` are what stands on its buttons, where it is `answered_here`."""

    text: str
    asks: tuple[Ask, ...]
    answered_here: bool
    no: str
    yes: str


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
        if self.assumptions:
            return f"{self.view.headline.partition(', if ')[0]}, if"
        return f"{self.view.headline.rstrip('.')}."

    @property
    def danger(self) -> Sentence | None:
        """The mark that comes before the type: that calciphylaxis is not excluded."""
        return next((mark for mark in self.view.marks if mark.key == NOT_EXCLUDED), None)

    @property
    def marks(self) -> tuple[Sentence, ...]:
        """What else qualifies the type."""
        return tuple(mark for mark in self.view.marks if mark.key != NOT_EXCLUDED)

    @property
    def in_short(self) -> str:
        """A few words for a narrow screen, which keep that nothing is decided, and what is not excluded."""
        return self._type_in_short() + (" · calciphylaxis not excluded" if self.danger else "")

    def _type_in_short(self) -> str:
        if self.view.status == "withheld":
            return "type withheld"
        if self.view.status != "open":
            return self.view.headline
        if not self.view.leading:
            return "cannot say yet"
        leads = self.view.leading.partition(", if ")[0]
        held = len(self.view.assumptions)
        condition = f", if {held} {'thing holds' if held == 1 else 'things hold'}" if held else ""
        return f"cannot say yet; {leads[:1].lower()}{leads[1:]}{condition}"


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
        """Everything in one line, for a narrow screen; lesions of which the same is said stand together."""
        alike: dict[str, list[str]] = {}
        for one in self.lesions:
            alike.setdefault(one.in_short, []).append(one.view.id)
        return self.trouble or " · ".join(f"{', '.join(names)}: {said}" for said, names in alike.items())

    @property
    def emergency(self) -> str:
        """The first emergency with its urgency, and how many more there are, for a narrow screen."""
        emergencies = self.said.emergencies if self.said else ()
        if not emergencies:
            return ""
        first = " · ".join(part for part in (emergencies[0].label, emergencies[0].urgency) if part)
        return f"{first} · and {len(emergencies) - 1} more" if len(emergencies) > 1 else first

    @property
    def adjusted(self) -> Status | None:
        """What to say under total calcium."""
        return adjusted_calcium(self.said)


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
    return Assumption(view.text, tuple(ask(one, lesions) for one in view.asks), is_answered_here(view), *buttons_of(view))
