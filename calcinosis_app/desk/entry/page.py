"""The page of case entry: every panel with its fields, as typed and as recorded."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from uuid import UUID

from calcinosis_app.desk.entry.arrange import arranged
from calcinosis_app.desk.entry.fields import TEMPLATES, Field, refused, status_of
from calcinosis_app.desk.entry.layout import FIRST_RESULTS, LABORATORY, LESION, PATIENT, Panel, box_of
from calcinosis_app.patients.bridge import CaseError, finding_from
from calcinosis_app.patients.models import Case, DraftEntry, Finding, Lesion
from calcinosis_app.patients.selectors import draft_of, findings_of, lesions_of
from calcinosis_app.rulebooks.bridge import Fact, current, current_release


@dataclass(frozen=True)
class FilledPanel:
    """One panel with its fields."""

    panel: Panel
    fields: tuple[Field, ...]
    asked: tuple[Field, ...] = ()

    @property
    def answered(self) -> int:
        """How many of its questions are answered, folded ones too."""
        return sum(one.answered + one.answered_members for one in (*self.fields, *self.asked))

    @property
    def is_open(self) -> bool:
        """Unfolded when it holds something that needs a look."""
        return self.panel.open or any(one.status.error for one in self.fields)


class Entry:
    """What case entry shows of one case. Read once, so that a page costs a handful of queries."""

    def __init__(self, case: Case, lesion: Lesion | None = None, show: str = "", corrects: str = "") -> None:
        self.case = case
        self.lesions = list(lesions_of(case))
        self.lesion = lesion or self.lesions[0]
        self.show = show
        self.corrects = corrects
        self.facts: Mapping[str, Fact] = current().facts
        self.draft: dict[tuple[str, UUID | None], list[DraftEntry]] = defaultdict(list)
        self.found: dict[tuple[str, UUID | None], list[Finding]] = defaultdict(list)
        for entry in draft_of(case).order_by("slot"):
            entry.case = case  # its patient and clinic are at hand already
            self.draft[entry.key, entry.lesion_id].append(entry)
        for finding in findings_of(case):
            self.found[finding.key, finding.lesion_id].append(finding)

    @property
    def draft_size(self) -> int:
        """How many fields are typed and not recorded."""
        return sum(len(entries) for entries in self.draft.values())

    @cached_property
    def lesion_panels(self) -> list[FilledPanel]:
        """The panels about the chosen lesion."""
        return [self.filled(panel) for panel in LESION]

    @cached_property
    def patient_panels(self) -> list[FilledPanel]:
        """The panels about the patient."""
        return [self.filled(panel) for panel in PATIENT]

    @cached_property
    def results(self) -> list[Field]:
        """The laboratory sheet: the usual analytes, then whatever else is typed or recorded."""
        keys = dict.fromkeys(FIRST_RESULTS)
        keys |= dict.fromkeys(key for key, place in (*self.found, *self.draft) if place is None and self._section(key) == LABORATORY)
        if self.show and self._section(self.show) == LABORATORY:
            keys[self.show] = None
        return [one for key in keys if key in self.facts for one in self.rows(key)]

    def rows(self, key: str) -> list[Field]:
        """Every line of one analyte: those typed, else an empty one; one more to repeat or correct a result."""
        entries = self.draft.get((key, None), [])
        lines = [self._line(key, entry) for entry in entries] or [self._field(key, None)]
        if key == self.show and entries:
            lines.append(self._field(key, None, slot=entries[-1].slot + 1))
        if key == self.show:
            lines[-1] = replace(lines[-1], corrects=self.corrects)
        # What was recorded stands under the first line only.
        return [lines[0], *(replace(one, recorded=()) for one in lines[1:])]

    @cached_property
    def asked(self) -> dict[str, list[Field]]:
        """What was typed or asked for and stands on no panel, by the search box that finds it."""
        places: Iterable[tuple[str, UUID | None]] = [*self.found, *self.draft]
        keys = dict.fromkeys(key for key, place in places if place in (None, self.lesion.pk))
        if self.show:
            keys[self.show] = None
        boxes: dict[str, list[Field]] = defaultdict(list)
        for key in keys:
            if self._can_be_asked(key) and not self.is_placed(key):
                boxes[box_of(self.facts[key])].append(self.field(key))
        return boxes

    def filled(self, panel: Panel) -> FilledPanel:
        """One panel with its fields."""
        return FilledPanel(panel, self.fields_of(panel), tuple(self.asked.get(panel.search, ())))

    def fields_of(self, panel: Panel) -> tuple[Field, ...]:
        """The fields of a panel, each member under the group question that covers it."""
        lesion = self.lesion if panel.scope == "lesion" else None
        return tuple(
            replace(self._field(key, lesion), members=tuple(self._field(member, lesion) for member in members))
            for key, members in self._arranged[panel.key].items()
        )

    def field(self, key: str) -> Field:
        """The first field of a fact, of the chosen lesion where it belongs to one."""
        return self._field(key, self.lesion if self.facts[key].scope == "lesion" else None)

    def errors(self) -> list[Field]:
        """The typed fields that cannot be counted, of every lesion."""
        labels: dict[UUID | None, Lesion] = {lesion.pk: lesion for lesion in self.lesions}
        found = []
        for (key, place), entries in self.draft.items():
            for entry in entries if key in self.facts else ():
                try:
                    finding_from(entry)
                except CaseError as error:
                    found.append(Field(self.facts[key], labels.get(place), entry.slot, raw=entry.raw, status=refused(error)))
        return found

    def _field(self, key: str, lesion: Lesion | None, slot: int = 0) -> Field:
        place = lesion.pk if lesion else None
        for entry in self.draft.get((key, place), []):
            if entry.slot == slot:
                return self._line(key, entry, lesion)
        return Field(self.facts[key], lesion, slot, recorded=tuple(self.found.get((key, place), ())))

    def _line(self, key: str, entry: DraftEntry, lesion: Lesion | None = None) -> Field:
        return Field(
            self.facts[key],
            lesion,
            entry.slot,
            raw=entry.raw,
            status=status_of(self.case, key, entry.raw),
            recorded=tuple(self.found.get((key, entry.lesion_id), ())),
            corrects=entry.raw.get("corrects", ""),
        )

    def _section(self, key: str) -> str:
        return self.facts[key].section if key in self.facts else ""

    def _can_be_asked(self, key: str) -> bool:
        return key in self.facts and not self.facts[key].derived and self.facts[key].kind in TEMPLATES

    def is_placed(self, key: str) -> bool:
        """Whether the page shows the fact without being asked."""
        return self._section(key) == LABORATORY or any(
            key == one or key in members for panel in self._arranged.values() for one, members in panel.items()
        )

    @cached_property
    def _arranged(self) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        return arranged(current_release().hash)
