"""One field of case entry: which fact, of which lesion, what was typed, what was recorded, what the rules make of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.utils import timezone

from calcinosis_app.core.stale import NOTHING
from calcinosis_app.desk.entry.layout import box_of
from calcinosis_app.patients.bridge import CaseError, Preview, check, finding_from
from calcinosis_app.patients.models import Case, DraftEntry, Lesion
from calcinosis_app.patients.presentation import FindingLine, position_in_words, position_mark
from calcinosis_app.rulebooks.bridge import Fact, plain_unit

TEMPLATES: Final = {
    "boolean": "desk/entry/_answer.html",
    "code": "desk/entry/_choice.html",
    "number": "desk/entry/_measure.html",
    "date": "desk/entry/_day.html",
}
RESULT_TEMPLATE: Final = "desk/entry/_result.html"
FLAGS: Final = ("normal", "high", "low")


@dataclass(frozen=True)
class Status:
    """What stands beside a field after it was left: saved or cleared, what it means, what is wrong."""

    saved: bool = False
    cleared: bool = False
    error: str = ""
    canonical: str = ""
    reference: str = ""
    position: str = ""
    doubt: str = ""
    warnings: tuple[str, ...] = ()

    @property
    def position_label(self) -> str:
        """The position in words, so that colour and arrow are not alone."""
        return position_in_words(self.position)

    @property
    def position_mark(self) -> str:
        """An arrow for a value out of range."""
        return position_mark(self.position)


@dataclass(frozen=True)
class Field:
    """One field. `slot` numbers several results of one fact; `members` are folded under a group question.

    `said` is what the group question hears from its members; `corrects` names the recorded finding that a line corrects.
    """

    fact: Fact
    lesion: Lesion | None
    slot: int = 0
    raw: Mapping[str, Any] = field(default_factory=dict)
    status: Status = Status()
    recorded: tuple[FindingLine, ...] = ()
    corrects: str = ""
    members: tuple["Field", ...] = ()
    said: str = ""
    seen: str = NOTHING
    """The version of what was typed, by which a change made elsewhere is noticed."""

    @property
    def id(self) -> str:
        """Where the field stands on the page; links of the panel point here."""
        return field_id(self.fact.key, self.lesion.label if self.lesion else None, self.slot)

    @property
    def query(self) -> str:
        """The address that brings the field to the page."""
        return field_query(self.fact.key, self.lesion)

    @property
    def flags(self) -> tuple[str, ...]:
        """What a laboratory may print beside a result."""
        return FLAGS

    @property
    def box(self) -> str:
        """The search box under which the field stands when it is on no panel."""
        return box_of(self.fact)

    @property
    def template(self) -> str:
        """The piece that shows a fact of this kind."""
        return RESULT_TEMPLATE if self.fact.section == "laboratory" else TEMPLATES[self.fact.kind]

    @property
    def units(self) -> tuple[str, ...]:
        """The units to choose from, as people write them; none for a number without one."""
        return tuple(plain_unit(unit.code) for unit in self.fact.units) if self.fact.needs_unit else ()

    @property
    def only_unit(self) -> str:
        """The unit of a fact that is measured in one unit only."""
        return self.units[0] if len(self.units) == 1 else ""

    @property
    def answered(self) -> bool:
        """Whether anything is known or typed."""
        return bool(self.raw or self.recorded)

    @property
    def answered_members(self) -> int:
        """How many of the folded questions are answered."""
        return sum(one.answered for one in self.members)


def field_id(key: str, lesion_label: str | None, slot: int = 0) -> str:
    """The id of a field on the page, which carries no identity."""
    return f"f-{lesion_label or 'p'}-{key}" + (f"-{slot}" if slot else "")


def field_query(key: str, lesion: Lesion | None) -> str:
    """The address, within case entry, that brings a field to the page and goes to it."""
    place = f"lesion={lesion.pk}&" if lesion else ""
    return f"?{place}show={key}#{field_id(key, lesion.label if lesion else None)}"


def status_of(entry: DraftEntry) -> Status:
    """What the rules make of what was typed. An error keeps the text that mends it: the one for which *record* would refuse it."""
    try:
        finding_from(entry)
    except CaseError as error:
        return refused(error)
    return preview_of(entry.case, entry.key, entry.raw, saved=True)


def preview_of(case: Case, key: str, raw: Mapping[str, Any], *, saved: bool) -> Status:
    """What the rules make of a text, kept or not."""
    try:
        found = check(key, raw, case.patient, today(case))
    except CaseError as error:
        return refused(error)
    return _status(found, saved) if found else Status()


def refused(error: CaseError) -> Status:
    """Saved as typed, and not counted."""
    value = "" if error.value in ("", None) else f"{error.value}: "
    return Status(saved=True, error=f"{value}{error.say}")


def today(case: Case) -> date:
    """Today on the calendar of the case's clinic."""
    return timezone.localdate(timezone=case.patient.clinic.zone)


def _status(found: Preview, saved: bool) -> Status:
    canonical = f"{found.canonical} {found.unit or ''}".strip() if found.canonical else ""
    return Status(
        saved=saved,
        canonical=canonical,
        reference=found.reference_range or "",
        position=found.position or "",
        doubt=found.doubt,
        warnings=found.warnings,
    )
