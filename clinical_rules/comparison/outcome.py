"""What is compared of two assessments of one case, and how much harm a change may do."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from clinical_rules.assessment import Assessment
from clinical_rules.pathway import Option

Outcome = dict[str, Any]
"""An assessment as plain data, without the release's number and hash. Options stand by treatment and lesion, each with the
gates that hold or are open."""

HARM: Mapping[str, int] = {
    "error": 0,
    "emergency_lost": 1,
    "absolute_gate_lost": 2,
    "emergency_gained": 3,
    "absolute_gate_gained": 4,
    "type": 5,
    "option": 6,
    "gate": 7,
    "marks": 8,
    "schedule": 9,
    "steps": 10,
    "basis": 11,
    "questions": 12,
    "wording": 13,
}
"""The kinds of effects, most harmful first. ``basis``: the same outcome rests on other rows; ``questions``: other facts are asked for."""
FRAGILE = "fragile"
_WITHHELD = ("id", "release", "hash", "engine", "on", "jurisdiction")


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing that a change does to one case. ``what`` names the emergency, the gate's row, the treatment, the field."""

    kind: str
    what: str
    lesion: str | None
    before: Any
    after: Any

    @property
    def harm(self) -> int:
        """0 is the most harmful kind."""
        return HARM[self.kind]

    def as_json(self) -> dict[str, Any]:
        """The effect as plain data."""
        return {"kind": self.kind, "what": self.what, "lesion": self.lesion, "before": self.before, "after": self.after}


def outcome_of(assessment: Assessment) -> Outcome:
    """What is kept of an assessment to compare it with another.

    How near a result stands to another one is no outcome: a threshold that moves makes many results fragile, and only
    those that it passes different.
    """
    found = {key: value for key, value in assessment.as_json().items() if key not in _WITHHELD}
    for lesion in found["lesions"]:
        lesion["marks"] = [mark for mark in lesion["marks"] if mark != FRAGILE]
    found["lesions"] = {one.pop("id"): one for one in found["lesions"]}
    found["emergencies"] = {place_of(one["key"], one["lesion"]): one["because"] for one in found["emergencies"]}
    found["options"] = {
        place_of(given["treatment"], given["lesion"]): {
            **{key: given[key] for key in ("phase", "status", "because", "needs")},
            "gates": gates_of(one),
        }
        for given, one in zip(found["options"], assessment.options, strict=True)
    }
    return found


def gates_of(option: Option) -> dict[str, Any]:
    """The gates that hold or are open, each with its severity and truth."""
    return {gate.row: [gate.severity, gate.truth] for gate in option.gates if gate.truth is not False}


def place_of(key: str, lesion: str | None) -> str:
    """An emergency or a treatment with the lesion that it belongs to: ``pinch_punch@L1``."""
    return key if lesion is None else f"{key}@{lesion}"


def split_place(name: str) -> tuple[str, str | None]:
    """The key and the lesion of such a name."""
    key, at, lesion = name.partition("@")
    return key, lesion if at else None


def effects(before: Outcome, after: Outcome) -> tuple[Effect, ...]:
    """Everything that differs, most harmful first."""
    if "error" in before or "error" in after:
        same = before == after
        return () if same else (Effect("error", "assessment", None, before.get("error"), after.get("error")),)
    found = [
        *_of_emergencies(before["emergencies"], after["emergencies"]),
        *_of_types(before, after),
        *_of_options(before["options"], after["options"]),
        *_of_lists(before, after),
    ]
    return tuple(sorted(found, key=lambda one: one.harm))


def _of_emergencies(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterable[Effect]:
    for name in dict.fromkeys((*before, *after)):
        key, lesion = split_place(name)
        if name not in after:
            yield Effect("emergency_lost", key, lesion, before[name], None)
        elif name not in before:
            yield Effect("emergency_gained", key, lesion, None, after[name])
        elif before[name] != after[name]:
            yield Effect("basis", key, lesion, before[name], after[name])


_KIND_OF = {
    **dict.fromkeys(("status", "type", "parts", "candidates"), "type"),
    "marks": "marks",
    **dict.fromkeys(("types", "fired", "candidates_exact"), "basis"),
    "settle": "questions",
    "no_lead": "wording",
}


def _of_types(before: Outcome, after: Outcome) -> Iterable[Effect]:
    for field in ("status", "type"):
        if before[field] != after[field]:
            yield Effect("type", f"case {field}", None, before[field], after[field])
    for lesion in dict.fromkeys((*before["lesions"], *after["lesions"])):
        was, now = before["lesions"].get(lesion, {}), after["lesions"].get(lesion, {})
        for field in dict.fromkeys((*was, *now)):
            if was.get(field) == now.get(field):
                continue
            if field == "leading":
                kinds = [one and one["type"] for one in (was.get(field), now.get(field))]
                kind = "type" if kinds[0] != kinds[1] else "questions"
            else:
                kind = _KIND_OF[field]
            yield Effect(kind, field, lesion, was.get(field), now.get(field))


def _of_options(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterable[Effect]:
    for name in dict.fromkeys((*before, *after)):
        treatment, lesion = split_place(name)
        was, now = before.get(name), after.get(name)
        if was == now:
            continue
        if was is None or now is None:
            yield Effect("option", treatment, lesion, was and was["status"], now and now["status"])
            continue
        if was["status"] != now["status"]:
            yield Effect("option", treatment, lesion, was["status"], now["status"])
        is_put_forward = was["status"] != "not_indicated" or now["status"] != "not_indicated"
        for row in dict.fromkeys((*was["gates"], *now["gates"])):
            yield from _of_gate(row, lesion, was["gates"].get(row), now["gates"].get(row), is_put_forward=is_put_forward)
        for field, kind in (("phase", "basis"), ("because", "basis"), ("needs", "questions")):
            if was[field] != now[field]:
                yield Effect(kind, f"{treatment} {field}", lesion, was[field], now[field])


def _of_gate(row: str, lesion: str | None, was: Any, now: Any, *, is_put_forward: bool) -> Iterable[Effect]:
    if was == now:
        return
    held, holds = was == ["absolute", True], now == ["absolute", True]
    kind = "absolute_gate_lost" if held and not holds else "absolute_gate_gained" if holds and not held else "gate"
    yield Effect(kind if is_put_forward else "gate", row, lesion, was, now)


def _of_lists(before: Outcome, after: Outcome) -> Iterable[Effect]:
    for field, kind in (("schedule", "schedule"), ("steps", "steps"), ("contradictions", "basis"), ("warnings", "wording")):
        if before[field] != after[field]:
            lost = [one for one in before[field] if one not in after[field]]
            gained = [one for one in after[field] if one not in before[field]]
            yield Effect(kind, field, None, lost, gained)
