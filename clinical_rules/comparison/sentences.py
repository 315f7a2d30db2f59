"""What changed, in sentences that a clinician reads.

``Alendronate, gate contraindication.6: blocked when creatinine clearance is below 30 mL/min (was below 35 mL/min)``
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from clinical_rules.comparison.difference import Change
from clinical_rules.comparison.rows import Place, has_lines
from clinical_rules.explanation.words import EMERGENCY_LABELS, say_test
from clinical_rules.release import TYPE_LABELS, Release

SEVERITIES = {"absolute": "blocked when", "relative": "needs a reason when", "caution": "caution when", "info": "note when"}
STAGES = {"on_treatment": ", while on it", "dose_entry": ", when the dose is entered", "start": ""}
KINDS = {"stop": "stop rule", "gate": "gate", "dose": "dose", "response": "response", "monitoring": "monitoring"}
LIMITS = {"reference": "range", "critical": "critical limits", "soft": "usual limits", "age_days": "ages (days)"}
LIST_NAMES = {
    "work_up": "Work-up",
    "causes": "Cause",
    "advice": "Advice",
    "referrals": "Referral",
    "controversies": "Controversy",
    "instruments": "Instrument",
    "follow_up": "Follow-up check",
}
QUIET = frozenset({"id", "row", "key", "fact", "code"})
"""Names of a row that the sentence says already, or that are its id."""


def sentences(changes: Iterable[Change], old: Release, new: Release) -> tuple[str, ...]:
    """One sentence for each change, in the same order."""
    return tuple(say(one, old, new) for one in changes)


def say(change: Change, old: Release, new: Release) -> str:
    """One change as a sentence."""
    speaker = _Speaker(change, old, new)
    return f"{speaker.subject()}: {speaker.predicate()}"


class _Speaker:
    def __init__(self, change: Change, old: Release, new: Release) -> None:
        self.change, self.old, self.new = change, old, new
        self.place = change.place
        self.depth, self.row_before, self.row_after = self._row()

    def _row(self) -> tuple[int, Mapping[str, Any], Mapping[str, Any]]:
        """Where the place leaves the row, and the row as it was and as it is (empty where it is not there)."""
        place, change = self.place, self.change
        depth = 4 if len(place) > 3 and (place[0] in ("tables", "treatments") or (place[0] == "laboratory" and place[2] == "bands")) else 2
        if place[0] == "lists":
            depth = 3
        if place[0] in ("tables", "treatments") and len(place) > 2 and place[2] in ("table", "treatment"):
            depth = 3
        depth = min(depth, len(place))
        if len(place) == depth and change.kind in ("added", "removed"):
            return depth, change.before or {}, change.after or {}
        return depth, _find(self.old, place[:depth]), _find(self.new, place[:depth])

    @property
    def row(self) -> Mapping[str, Any]:
        return self.row_after or self.row_before

    def subject(self) -> str:
        """What the sentence is about: ``Alendronate, gate 6``."""
        place, row = self.place, self.row
        if place[0] == "treatments":
            return self._of_treatment()
        if place[0] == "tables":
            title = self._either(("tables", place[1], "table", "title")) or place[1]
            return f"{title}, row {place[3]}" if len(place) > 3 else str(title)
        if place[0] == "lists":
            return f"{LIST_NAMES.get(place[1], place[1])} {place[2]}" if len(place) > 2 else f"List {place[1]}"
        if len(place) == 1:
            return f"Release, {place[0]}"
        names = {
            "definitions": f"Definition {row.get('label', place[1])!r}",
            "facts": f"Question {row.get('label', place[1])!r}",
            "drugs": f"Drug {row.get('label', place[1])!r}",
            "conditions": f"Condition {row.get('label', place[1])!r}",
            "implications": f"Implication {place[1]}",
            "references": f"Reference {place[1]}",
            "statements": f"Safety statement {place[1]}",
            "cases": f"Case {place[1]}",
            "laboratory": self._of_analyte(),
        }
        said = names.get(place[0], f"Release, {place[0]} {place[1]}").replace("'", "")
        for end in (3, 4):
            if len(place) > end and has_lines(place[:end]):
                said += f", line {place[end].removeprefix('+')}" + (" (new)" if place[end].startswith("+") else "")
        return said

    def _of_treatment(self) -> str:
        place = self.place
        name = str(self._either(("treatments", place[1], "treatment", "name")) or place[1])
        if len(place) < 4:
            return name
        number = place[3].removeprefix(f"{place[1]}.")
        return f"{name}, {KINDS.get(place[2], place[2])} {number}"

    def _of_analyte(self) -> str:
        name = str(self._either(("laboratory", self.place[1], "name")) or self.place[1])
        return f"{name}, {_band(self.row)}" if self.depth == 4 and self.place[2] == "bands" else name

    def _either(self, place: Place) -> Any:
        return _find(self.new, place) or _find(self.old, place)

    def predicate(self) -> str:
        """What happened to it."""
        change, rest = self.change, self.place[self.depth :]
        if change.kind == "moved":
            front = "first" if change.after is None else f"after {change.after}"
            was = "first" if change.before is None else f"after {change.before}"
            return f"now stands {front} (stood {was}){'' if change.matters else '; the order of these rows decides nothing'}"
        if not rest:
            return self._whole()
        if has_lines(self.place[:-1]):
            return f"{change.kind}: {self._line(change.before if change.kind == 'removed' else change.after, change.kind == 'removed')}"
        told = self._cell(rest)
        if told:
            return told
        shown = rest[1:] if rest[0] in ("then", "table", "treatment") and len(rest) > 1 else rest
        name = " ".join(LIMITS.get(part, part.replace("_", " ")) for part in shown)
        before, after = self._value(rest, change.before, self.old), self._value(rest, change.after, self.new)
        if change.kind == "added":
            return f"{name}: {after} (new)"
        if change.kind == "removed":
            return f"{name}: removed (was {before})"
        return f"{name}: {after} (was {before})"

    def _whole(self) -> str:
        change = self.change
        if change.kind == "changed":
            return f"{_plain(change.after)} (was {_plain(change.before)})"
        release, row = (self.new, change.after) if change.kind == "added" else (self.old, change.before)
        if not isinstance(row, Mapping):
            return f"{change.kind}: {_plain(row)}"
        head = self._outcome(row, release)
        more = "; ".join(
            f"{name.replace('_', ' ')}: {self._value((name,), value, release)}"
            for name, value in row.items()
            if name not in QUIET and not (head and name in ("when", "severity", "stage"))
        )
        return f"{change.kind}: {'; '.join(filter(None, (head, more)))}"

    def _outcome(self, row: Mapping[str, Any], release: Release) -> str:
        """A gate as a sentence: ``blocked when pregnant is yes``."""
        if "when" not in row or "severity" not in row:
            return ""
        stage = STAGES.get(str(row.get("stage")), f", {row.get('stage')}")
        return f"{SEVERITIES.get(row['severity'], row['severity'])} {_when(row['when'], release)}{stage}"

    def _cell(self, rest: Place) -> str:
        """A changed test, with what follows when it holds."""
        change, was, now = self.change, self.change.before, self.change.after
        is_line = has_lines(self.place[: -len(rest)] + rest[:1]) and len(rest) > 2
        is_test = rest[0] in ("when", "if", "then") and len(rest) == 2 and self.place[0] != "cases" and rest != ("then", "type")
        if not is_line and not is_test:
            return ""
        fact = rest[-1]
        if not all(isinstance(one, str) or one is None for one in (was, now)):
            return ""
        lead = ""
        if rest[0] == "when" and "severity" in self.row:
            lead = f"{SEVERITIES.get(self.row['severity'], self.row['severity'])} "
        elif rest[0] == "then":
            lead = "then "
        elif rest[0] in ("when", "if"):
            lead = "when "
        if change.kind == "added":
            return f"{lead}also {_test(fact, now, self.new)} (was not asked)"
        if change.kind == "removed":
            return f"no longer asks for {_test(fact, was, self.old)}"
        return f"{lead}{_test(fact, now, self.new)} (was {_bare_test(fact, was, self.old)})"

    def _line(self, line: Any, is_old: bool) -> str:
        release = self.old if is_old else self.new
        if isinstance(line, Mapping) and "when" in line:
            return f"{line.get('is')} when {_when(line['when'], release)}"
        return _when(line, release)

    def _value(self, rest: Place, value: Any, release: Release) -> str:
        if rest[-1] in ("when", "if") and isinstance(value, Mapping):
            return _when(value, release)
        if rest[-1] in ("any", "true_when", "false_when") and isinstance(value, list):
            return " or ".join(_when(one, release) for one in value if isinstance(one, Mapping))
        if rest[-1] == "type" and isinstance(value, str):
            return TYPE_LABELS.get(value, value)
        if rest == ("key",) and isinstance(value, str):
            return EMERGENCY_LABELS.get(value, value)
        if rest[-1] in ("offer", "forward") and isinstance(value, list):
            return ", ".join(str(_find(release, ("treatments", one, "treatment", "name")) or one) for one in value) or "nothing"
        if rest[-1] in KINDS and isinstance(value, list):
            return "; ".join(self._outcome(one, release) or _plain(one) for one in value if isinstance(one, Mapping))
        if rest[-1] in LIMITS and isinstance(value, list):
            unit = "" if rest[-1] == "age_days" else f" {_find(release, ('laboratory', self.place[1], 'unit')) or ''}".rstrip()
            return " to ".join(str(one) if one not in (None, "") else "open" for one in value) + unit
        return _plain(value)


def _find(release: Release, place: Place) -> Any:
    """What stands at a place of a release; nothing where it has no such place."""
    found: Any = release.content
    for name in place:
        if isinstance(found, Mapping):
            found = found.get(name, {})
        elif isinstance(found, list):
            found = next((one for one in found if _is_called(one, name)), {})
        else:
            return {}
    return found


def _is_called(row: Any, name: str) -> bool:
    from_id = name.partition("#")[0]
    return isinstance(row, Mapping) and from_id in (row.get("id"), row.get("row"), row.get("key"), row.get("fact"), row.get("code"))


def _when(when: Any, release: Release) -> str:
    if not isinstance(when, Mapping):
        return _plain(when)
    return " and ".join(_test(fact, test, release) for fact, test in when.items()) or "always"


def _test(fact: str, test: Any, release: Release) -> str:
    return f"{release.label(fact)} is {_bare_test(fact, test, release)}"


def _bare_test(fact: str, test: Any, release: Release) -> str:
    if not isinstance(test, str) or fact not in release.facts:
        return _plain(test)
    return say_test(release, fact, test)


def _band(row: Mapping[str, Any]) -> str:
    ages = row.get("age_days") or ["", ""]
    sex = {"female": "women, ", "male": "men, "}.get(str(row.get("sex")), "")
    return f"{sex}from day {ages[0]} to {ages[1]}"


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "nothing"
    if isinstance(value, str):
        return f'"{value}"' if " " in value else value
    if isinstance(value, list) and all(isinstance(one, str | int) for one in value):
        return ", ".join(str(one) for one in value) or "nothing"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
