"""A comparison for people and for programs: what changed in sentences, and the cases it touches, most harmful first."""

from collections.abc import Iterable, Sequence
from typing import Any

from clinical_rules.comparison.difference import Change
from clinical_rules.comparison.impact import Impact
from clinical_rules.comparison.outcome import Effect
from clinical_rules.comparison.sentences import sentences
from clinical_rules.explanation.words import EMERGENCY_LABELS, STATUS_LABELS
from clinical_rules.release import Release

KINDS = {
    "error": "is refused, or no longer",
    "emergency_lost": "loses an emergency",
    "emergency_gained": "gains an emergency",
    "absolute_gate_lost": "loses an absolute gate",
    "absolute_gate_gained": "gains an absolute gate",
    "type": "changes type",
    "option": "changes an option",
    "gate": "changes another gate",
    "marks": "changes marks",
    "schedule": "changes the schedule",
    "steps": "changes steps",
    "basis": "rests on other rows",
    "questions": "asks for something else",
    "wording": "is worded otherwise",
}


def as_json(old: Release, new: Release, changes: Sequence[Change], found: Impact | None, names: Sequence[str]) -> dict[str, Any]:
    """The comparison as plain data; ``names`` says what each case is called."""
    said = sentences(changes, old, new)
    data: dict[str, Any] = {
        "old": {"release": old.number, "hash": old.hash},
        "new": {"release": new.number, "hash": new.hash},
        "changes": [{**change.as_json(), "say": text} for change, text in zip(changes, said, strict=True)],
    }
    if found is not None:
        data["impact"] = {
            "cases": found.cases,
            "judged": found.judged,
            "counts": found.counts(),
            "touched": [{"case": names[one.case], "effects": [each.as_json() for each in one.effects]} for one in found.touched],
        }
    return data


def as_lines(old: Release, new: Release, changes: Sequence[Change], found: Impact | None, names: Sequence[str]) -> Iterable[str]:
    """The comparison as text."""
    yield f"{len(changes)} changes" if changes else "nothing changed"
    yield from sentences(changes, old, new)
    if found is None:
        return
    yield ""
    yield f"{len(found.touched)} of {found.cases} cases touched ({found.judged} judged anew)"
    yield from (f"{count:7} {KINDS[kind]}" for kind, count in found.counts().items())
    for one in found.touched:
        yield f"{names[one.case]}: {'; '.join(_say(each, new) for each in one.effects if each.harm <= max(6, one.effects[0].harm))}"


def _say(effect: Effect, release: Release) -> str:
    where = f" at {effect.lesion}" if effect.lesion else ""
    if effect.kind in ("emergency_lost", "emergency_gained"):
        return f"{KINDS[effect.kind]}: {EMERGENCY_LABELS.get(effect.what, effect.what)}{where}"
    if effect.kind == "option":
        name = release.content["treatments"].get(effect.what, {}).get("treatment", {}).get("name", effect.what)
        was, now = (STATUS_LABELS.get(one, "not there") for one in (effect.before, effect.after))
        return f"{name}{where}: {now} (was {was})"
    if "gate" in effect.kind:
        return f"{KINDS[effect.kind]}: {effect.what}{where}"
    if effect.kind == "type":
        return f"{effect.what}{where}: {_value(effect.after)} (was {_value(effect.before)})"
    return f"{KINDS[effect.kind]}: {effect.what}{where}"


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return str(value.get("type"))
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
