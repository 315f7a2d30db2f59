"""What answers beside an option came to, in words: what was recorded, and what it changed."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from calcinosis_app.assessments.actions import Answer
from calcinosis_app.assessments.bridge import STATUS_LABELS
from calcinosis_app.assessments.models import Assessment
from calcinosis_app.desk.places import Titles, titles_of
from calcinosis_app.rulebooks.bridge import EMERGENCY_LABELS, Rules, plain_unit, rules_of

NOTHING = "Nothing was answered, so nothing was recorded."
SKIN_MARK = "calciphylaxis_not_excluded"


def in_words(single: Sequence[Answer], bulk: Sequence[Answer], before: Assessment, after: Assessment, rules: Rules) -> str:
    """What was recorded and what changed: "Recorded: ulcer yes; 3 × no (...). L1 · left thigh was open, is now metastatic."."""
    titles = titles_of(after)
    said = [f"{_label(one, rules, titles)} {_answer(one, rules)}" for one in single]
    if bulk:
        said.append(f"{len(bulk)} \u00d7 no ({'; '.join(_label(one, rules, titles) for one in bulk)})")
    changed = list(changes(before, after))
    return " ".join([f"Recorded: {'; '.join(said)}.", *(changed or ["No type, emergency or option changed."])])


def _label(answer: Answer, rules: Rules, titles: Titles) -> str:
    fact = rules.facts[answer.key]
    return f"{fact.label} ({titles.get(answer.lesion.label, answer.lesion.label)})" if answer.lesion else str(fact.label)


def _answer(answer: Answer, rules: Rules) -> str:
    raw = answer.raw
    if code := raw.get("code"):
        return next((one.label for one in rules.facts[answer.key].codes if one.code == code), code)
    return str(raw.get("answer") or f"{raw.get('value', '')} {plain_unit(raw.get('unit'))}".strip())


def changes(earlier: Assessment, later: Assessment) -> Iterator[str]:
    """What an assessment says of emergencies, types and options that the one before it did not."""
    before, after, rules, titles = earlier.outcome, later.outcome, rules_of(later.release), titles_of(later)
    flags_then, flags_now = ({one["key"] for one in outcome["emergencies"]} for outcome in (before, after))
    for key in sorted(flags_now - flags_then):
        yield f"New emergency: {EMERGENCY_LABELS[key]}."
    for key in sorted(flags_then - flags_now):
        yield f"No longer an emergency: {EMERGENCY_LABELS[key]}."
    lesions = {one["id"]: one for one in before["lesions"]}
    for now in after["lesions"]:
        name = titles.get(now["id"], now["id"])
        then = lesions.get(now["id"], now)
        if _standing(then) != _standing(now):
            yield f"{name} was {_standing(then)}, is now {_standing(now)}."
        if SKIN_MARK in then["marks"] and SKIN_MARK not in now["marks"] and now["status"] != "withheld":
            yield f"{name} is no longer marked \u201ccalciphylaxis is not excluded\u201d."
    statuses = {(one["treatment"], one["lesion"]): one["status"] for one in before["options"]}
    changed = [one for one in after["options"] if statuses.get((one["treatment"], one["lesion"]), one["status"]) != one["status"]]
    if len(changed) == 1:
        [one] = changed
        then_label = STATUS_LABELS[statuses[one["treatment"], one["lesion"]]].lower()
        name = rules.treatments[one["treatment"]].content["treatment"]["name"]
        yield f"{name}: {then_label}, now {STATUS_LABELS[one['status']].lower()}."
    elif changed:
        yield f"{len(changed)} options have another status."


def _standing(lesion: Mapping[str, Any]) -> str:
    return str(lesion["type"] or lesion["status"]).replace("_", " ")
