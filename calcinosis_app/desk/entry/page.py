"""The page of case entry: every panel with its fields, as typed and as recorded."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from uuid import UUID

from calcinosis_app.desk.entry.arrange import arranged
from calcinosis_app.desk.entry.fields import TEMPLATES, Field, preview_of, refused, status_of, today
from calcinosis_app.desk.entry.groups import said_of
from calcinosis_app.desk.entry.layout import FIRST_RESULTS, LABORATORY, LESION, PANELS, PATIENT, Panel, box_of
from calcinosis_app.desk.entry.search import Hit
from calcinosis_app.patients.bridge import CaseError, finding_from
from calcinosis_app.patients.models import Case, DraftEntry, Finding, Lesion
from calcinosis_app.patients.presentation import FindingLine, line
from calcinosis_app.patients.selectors import draft_of, findings_of, lesions_of
from calcinosis_app.patients.typed import text
from calcinosis_app.patients.versions import version_of_entry
from calcinosis_app.rulebooks.bridge import Fact, current, current_release


@dataclass(frozen=True)
class FilledPanel:
    """One panel with its fields."""

    panel: Panel
    fields: tuple[Field, ...]
    asked: tuple[Field, ...] = ()
    answered: int = 0
    """How many of its questions are answered, folded ones too."""

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
        is_typed = self.corrects and any(text(entry.raw, "corrects") == self.corrects for entry in entries)
        if key == self.show and entries and not is_typed:
            lines.append(self._field(key, None, slot=entries[-1].slot + 1))
        # What was recorded stands under the first line only.
        return [lines[0], *(replace(one, recorded=()) for one in lines[1:])]

    @cached_property
    def asked(self) -> dict[str, list[Field]]:
        """What was typed or asked for and stands on no panel, by the search box that finds it."""
        boxes: dict[str, list[Field]] = defaultdict(list)
        for key in self._asked_keys:
            boxes[box_of(self.facts[key])].append(self.field(key))
        return boxes

    @cached_property
    def _asked_keys(self) -> list[str]:
        places: Iterable[tuple[str, UUID | None]] = [*self.found, *self.draft]
        keys = dict.fromkeys(key for key, place in places if place in (None, self.lesion.pk))
        if self.show:
            keys[self.show] = None
        return [key for key in keys if self._can_be_asked(key) and not self.is_placed(key)]

    def filled(self, panel: Panel) -> FilledPanel:
        """One panel with its fields."""
        return FilledPanel(panel, self.fields_of(panel), tuple(self.asked.get(panel.search, ())), self.answered(panel))

    @property
    def counts(self) -> list[tuple[Panel, int]]:
        """How many questions of each panel are answered."""
        return [(panel, self.answered(panel)) for panel in PANELS.values()]

    def answered(self, panel: Panel) -> int:
        """How many questions of the panel are answered: its own, the folded ones, and those found by its search."""
        own = [key for one, members in self._arranged[panel.key].items() for key in (one, *members)]
        found = [key for key in self._asked_keys if panel.search and box_of(self.facts[key]) == panel.search]
        return sum(self._is_answered(key) for key in (*own, *found))

    @property
    def groups(self) -> list[Field]:
        """The group questions of the page, bare: for what they hear from their members, and how many of these are answered."""
        return [
            self._with_members(key, members, panel)
            for panel in PANELS.values()
            for key, members in self._arranged[panel.key].items()
            if self.facts[key].members
        ] + [one for box in self.asked.values() for one in box if one.fact.members]

    def fields_of(self, panel: Panel) -> tuple[Field, ...]:
        """The fields of a panel, each member under the group question that covers it."""
        return tuple(self._with_members(key, members, panel) for key, members in self._arranged[panel.key].items())

    def _with_members(self, key: str, members: Iterable[str], panel: Panel) -> Field:
        lesion = self.lesion if panel.scope == "lesion" else None
        return replace(self._field(key, lesion), members=tuple(self._field(member, lesion) for member in members))

    def field(self, key: str) -> Field:
        """The first field of a fact, of the chosen lesion where it belongs to one."""
        return self._field(key, self.lesion if self.facts[key].scope == "lesion" else None)

    def answered_hit(self, hit: Hit) -> Hit:
        """What a search found, with the answer that is known already."""
        place = hit.lesion.pk if hit.lesion else None
        return replace(hit, answer=self._answer(hit.fact.key, place), is_draft=bool(self.draft.get((hit.fact.key, place))))

    @property
    def of_lesion(self) -> int:
        """How many entries, typed and recorded, go with the chosen lesion."""
        return sum(len(of) for known in (self.draft, self.found) for (_, place), of in known.items() if place == self.lesion.pk)

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
        corrected = next((one for one in self.found.get((key, place), ()) if key == self.show and str(one.pk) == self.corrects), None)
        bare = Field(self.facts[key], lesion, slot, recorded=self._recorded(key, lesion), said=self._said(key, ""))
        return self._as_recorded(bare, corrected) if corrected else bare

    def _as_recorded(self, bare: Field, corrected: Finding) -> Field:
        """A line filled with what was recorded, to be corrected or confirmed. Nothing of it is kept until it is changed."""
        day = corrected.taken_on.isoformat() if corrected.taken_on else ""
        raw = {name: value for name, value in {"date": day, **corrected.raw}.items() if name not in ("confirmed", "corrects")}
        return replace(bare, raw=raw, status=preview_of(self.case, corrected.key, raw, saved=False), corrects=str(corrected.pk))

    def _line(self, key: str, entry: DraftEntry, lesion: Lesion | None = None) -> Field:
        return Field(
            self.facts[key],
            lesion,
            entry.slot,
            raw=entry.raw,
            status=status_of(entry),
            recorded=self._recorded(key, lesion),
            corrects=text(entry.raw, "corrects"),
            said=self._said(key, text(entry.raw, "answer")),
            seen=version_of_entry(entry),
        )

    def seen(self, key: str, place: UUID | None) -> str:
        """The version of what was typed into the first field of a fact."""
        return version_of_entry(next((entry for entry in self.draft.get((key, place), ()) if entry.slot == 0), None))

    def _recorded(self, key: str, lesion: Lesion | None) -> tuple[FindingLine, ...]:
        """What was recorded before, newest last, as the rules judge it today."""
        return tuple(line(one, self.case.patient, today(self.case)) for one in self.found.get((key, lesion.pk if lesion else None), ()))

    def _said(self, key: str, answer: str) -> str:
        """What a group question hears from its members."""
        fact = self.facts[key]
        if not fact.members:
            return ""
        place = self.lesion.pk if fact.scope == "lesion" else None
        return said_of(fact, answer or self._answer(key, place), self._yes, self.facts)

    @cached_property
    def _yes(self) -> frozenset[str]:
        """The facts of the patient and of the chosen lesion that are yes, as typed, else as recorded last."""
        places = [(key, place) for key, place in (*self.found, *self.draft) if place in (None, self.lesion.pk)]
        return frozenset(key for key, place in places if self._answer(key, place) == "yes")

    def _answer(self, key: str, place: UUID | None) -> str:
        for entry in self.draft.get((key, place), ()):
            return text(entry.raw, "answer")
        for finding in reversed(self.found.get((key, place), [])):
            return {True: "yes", False: "no", None: ""}[finding.answer]
        return ""

    def _is_answered(self, key: str) -> bool:
        place = self.lesion.pk if self.facts[key].scope == "lesion" else None
        return bool(self.draft.get((key, place)) or self.found.get((key, place)))

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
