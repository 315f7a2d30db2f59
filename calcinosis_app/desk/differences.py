"""What one assessment of a case says that the one before it did not, in words."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from django.utils.formats import date_format

from calcinosis_app.assessments.models import Assessment
from calcinosis_app.desk.answered import changes
from calcinosis_app.desk.places import Titles, titles_of
from calcinosis_app.patients.presentation import STATES
from calcinosis_app.rulebooks.bridge import Rules, plain_unit, rules_of

SHOWN: Final = 4
PERSON: Final = {"sex": "sex", "birth_date": "birth date"}


def between(before: Assessment, after: Assessment) -> tuple[str, ...]:
    """Rules, findings, types, emergencies and options, in this order; one sentence says so when nothing differs."""
    rules = rules_of(after.release)
    titles = {**titles_of(before), **titles_of(after)}
    said = [*_rules(before, after), *_findings(before.document, after.document, rules), *_lesions(before.outcome, after.outcome, titles)]
    said += changes(before, after)
    return tuple(said) or ("Nothing differs but the day.",)


def _rules(before: Assessment, after: Assessment) -> Iterator[str]:
    if before.release_id != after.release_id:
        yield f"Release {after.release.number} instead of {before.release.number}."
    if before.engine != after.engine:
        yield f"Engine {after.engine} instead of {before.engine}."
    if before.jurisdiction != after.jurisdiction:
        yield "Labels of another country."


def _findings(before: Mapping[str, Any], after: Mapping[str, Any], rules: Rules) -> Iterator[str]:
    then, now = _known(before), _known(after)
    for name, keys in (
        ("New", [key for key in now if key not in then]),
        ("Changed", [key for key in now if key in then and now[key] != then[key]]),
        ("No longer there", [key for key in then if key not in now]),
    ):
        if keys:
            yield f"{name}: {_listed(name, keys, then, now, rules)}."


def _lesions(before: Mapping[str, Any], after: Mapping[str, Any], titles: Titles) -> Iterator[str]:
    """Lesions that came or went, and another leading type where both are open."""
    then, now = ({one["id"]: one for one in outcome["lesions"]} for outcome in (before, after))
    for name in sorted({*then} ^ {*now}):
        yield f"Lesion {titles.get(name, name)} is {'new' if name in now else 'no longer there'}."
    for name, lesion in now.items():
        was, leads = (_leading(one) for one in (then.get(name, lesion), lesion))
        if was != leads and not lesion["type"] and not then[name]["type"]:
            yield f"{titles.get(name, name)}: {leads or 'no type'} leads instead of {was or 'none'}."


def _leading(lesion: Mapping[str, Any]) -> str:
    return str((lesion["leading"] or {}).get("type", "")).replace("_", " ")


def _listed(name: str, keys: list[tuple[str, str]], then: Mapping[Any, Any], now: Mapping[Any, Any], rules: Rules) -> str:
    shown = []
    for key in keys[:SHOWN]:
        label = _label(key, rules)
        if name == "Changed":
            shown.append(f"{label} {_said(key[1], then[key], rules)} \u2192 {_said(key[1], now[key], rules)}")
        else:
            shown.append(label if name == "No longer there" else f"{label} {_said(key[1], now[key], rules)}")
    return "; ".join(shown) + (f"; and {len(keys) - SHOWN} more" if len(keys) > SHOWN else "")


def _known(document: Mapping[str, Any]) -> dict[tuple[str, str], Any]:
    """What was known, by lesion (empty for the patient) and fact."""
    patient = document["patient"]
    known = {("", key): patient[key] for key in PERSON if patient.get(key)}
    known |= {("", key): value for key, value in patient.get("findings", {}).items()}
    return known | {(lesion["id"], key): value for lesion in document["lesions"] for key, value in lesion.get("findings", {}).items()}


def _label(place: tuple[str, str], rules: Rules) -> str:
    lesion, key = place
    fact = rules.facts.get(key)
    label = fact.label if fact else PERSON.get(key, key)
    return f"{label} ({lesion})" if lesion else str(label)


def _said(key: str, value: Any, rules: Rules) -> str:
    """A value of the contract in words; of several results the newest, with how many there are."""
    if isinstance(value, list):
        many = f" ({len(value)} results)" if len(value) > 1 else ""
        return f"{_said(key, value[-1], rules)}{many}" if value else "none"
    if isinstance(value, Mapping):
        return _said_fully(key, value, rules)
    if isinstance(value, bool):
        return "yes" if value else "no"
    fact = rules.facts.get(key)
    codes = {one.code: one.label for one in fact.codes} if fact else {}
    return str(codes.get(str(value), value))


def _said_fully(key: str, value: Mapping[str, Any], rules: Rules) -> str:
    if state := value.get("state"):
        return STATES.get(state, str(state))
    if "value" not in value:
        return str(value.get("flag", ""))
    if "unit" not in value and not isinstance(value["value"], int | float):
        return _said(key, value["value"], rules)
    if isinstance(value["value"], bool):
        return _said(key, value["value"], rules)
    taken = value.get("date")
    day = f", {date_format(date.fromisoformat(taken), 'j M Y')}" if taken else ""
    return f"{value.get('comparator', '')}{value['value']} {plain_unit(value.get('unit'))}".strip() + day
