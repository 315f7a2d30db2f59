"""Reading a case of the contract.

A finding is refused (``CaseError``) when its key, kind, unit or hard limit is wrong.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from clinical_rules.errors import CaseError
from clinical_rules.facts import Fact
from clinical_rules.findings.dates import at_midnight, read_day, read_moment
from clinical_rules.findings.dictionary import Dictionary, look_alikes, only_keys
from clinical_rules.findings.model import Case, Doubt, LesionFindings, Result
from clinical_rules.findings.one import read_finding
from clinical_rules.findings.person import read_age, read_sex


def read_case(document: Any, facts: Mapping[str, Fact] | Dictionary, *, on: date | None = None, today: date | None = None) -> Case:
    """A case from the contract's JSON. ``on`` beats the case's own, the newest finding's date, and ``today``.

    Whoever reads many cases gives the facts as a ``Dictionary``, which is made once.
    """
    if not isinstance(document, Mapping):
        raise CaseError("case", document, "a case is an object with patient and lesions")
    _check_texts(document)
    if on is not None:
        read_day(on.isoformat(), "on")  # as far as a date in the case itself may lie
    case_id = document.get("id", "")
    if not isinstance(case_id, str):
        raise CaseError("id", case_id, "write the id as text")
    try:
        return _read_case(case_id, document, facts if isinstance(facts, Dictionary) else Dictionary(facts), on, today)
    except CaseError as error:
        raise error.at(case=case_id) from None


def _check_texts(value: Any, depth: int = 0) -> None:
    """Refuse what cannot be written down again: half characters, and nesting no case needs."""
    if depth > 12:
        raise CaseError("case", "", "is nested too deeply: write findings as the format says")
    if isinstance(value, str):
        if not value.isascii() and any("\ud800" <= sign <= "\udfff" for sign in value):
            raise CaseError("case", ascii(value), "holds half a character: write the text anew")
    elif isinstance(value, Mapping):
        for key, one in value.items():
            _check_texts(key, depth + 1)
            _check_texts(one, depth + 1)
    elif isinstance(value, Sequence):
        for one in value:
            _check_texts(one, depth + 1)


def _read_case(case_id: str, document: Mapping[str, Any], dictionary: Dictionary, on: date | None, today: date | None) -> Case:
    only_keys(document, {"id", "on", "patient", "lesions", "expected", "source", "title", "note", "purpose"}, "case")
    patient = document.get("patient")
    if not isinstance(patient, Mapping):
        raise CaseError("patient", patient, "write an object with age, sex and findings")
    only_keys(patient, {"age_years", "age_days", "birth_date", "sex", "findings", "note"}, "patient")
    lesions = document.get("lesions")
    if not isinstance(lesions, Sequence) or isinstance(lesions, str) or not lesions:
        raise CaseError("lesions", lesions, 'at least one lesion is needed: [{"id": "L1", "findings": {}}]')
    shared, to_lesions = _read_findings(patient.get("findings"), dictionary, "patient")
    read_lesions = [_read_lesion(one, number, dictionary) for number, one in enumerate(lesions, 1)]
    ids = [one.id for one in read_lesions]
    if len(set(ids)) != len(ids):
        raise CaseError("lesions", ids, "give each lesion an id of its own")
    day = on or read_day(document.get("on"), "on") or _newest(shared, read_lesions) or today
    if day is None:
        raise CaseError("on", None, 'give the date of the assessment, as in "2026-03-02"')
    placed, warnings = _place(to_lesions, read_lesions, dictionary)
    noon = at_midnight(day)
    return Case(
        id=case_id,
        on=day,
        age=read_age(patient, day),
        sex=read_sex(patient.get("sex")),
        findings=_dated(shared, noon),
        lesions=tuple(LesionFindings(one.id, _dated(one.findings, noon)) for one in placed),
        warnings=tuple(warnings),
        expected=document.get("expected") or {},
    )


def _read_lesion(block: Any, number: int, dictionary: Dictionary) -> LesionFindings:
    if not isinstance(block, Mapping):
        raise CaseError("lesions", block, "a lesion is an object with id and findings")
    only_keys(block, {"id", "findings", "note", "label"}, "lesion")
    lesion_id = block.get("id", f"L{number}")
    if not isinstance(lesion_id, str) or not lesion_id or len(lesion_id) > 64:
        raise CaseError("id", lesion_id, "give the lesion an id of up to 64 letters")
    try:
        findings, _ = _read_findings(block.get("findings"), dictionary, "lesion")
    except CaseError as error:
        raise error.at(lesion=lesion_id) from None
    return LesionFindings(lesion_id, findings)


Found = dict[str, tuple[Result, ...]]


def _read_findings(block: Any, dictionary: Dictionary, scope: str) -> tuple[Found, Found]:
    """The findings of this scope, and the site-bound conditions that were given with the patient."""
    if block is None:
        block = {}
    if not isinstance(block, Mapping):
        raise CaseError("findings", block, "write an object: fact: finding")
    here: Found = {}
    elsewhere: Found = {}
    for name, raw in block.items():
        if raw is None:
            continue
        fact = dictionary.find(str(name), raw)
        for key, results in _read_one(fact, raw, dictionary):
            target = dictionary.facts[key]
            if target.scope == scope:
                here[key] = (*here.get(key, ()), *results)
            elif scope == "patient" and target.section == "conditions":
                elsewhere[key] = (*elsewhere.get(key, ()), *results)
            else:
                owner = "patient.findings" if target.scope == "patient" else "the lesion's findings"
                raise CaseError(key, raw, f"belongs to {owner}: move it there")
    return here, elsewhere


def _read_one(fact: Fact, raw: Any, dictionary: Dictionary) -> list[tuple[str, tuple[Result, ...]]]:
    if fact.kind == "codes":
        return _read_set(fact, raw, dictionary)
    if isinstance(raw, Sequence) and not isinstance(raw, str):
        return [(fact.key, tuple(read_finding(fact, one) for one in raw if one is not None))]
    return [(fact.key, (read_finding(fact, raw),))]


def _read_set(fact: Fact, raw: Any, dictionary: Dictionary) -> list[tuple[str, tuple[Result, ...]]]:
    members = {code.code for code in fact.codes}
    if isinstance(raw, Mapping):
        only_keys(raw, {"yes", "no", "date"}, fact.key)
        answers: list[tuple[Any, bool]] = [(one, True) for one in _names(fact, raw.get("yes"))]
        answers += [(one, False) for one in _names(fact, raw.get("no"))]
        when = raw.get("date")
    else:
        answers, when = [(one, True) for one in _names(fact, raw)], None
    read: list[tuple[str, tuple[Result, ...]]] = []
    given: dict[str, bool] = {}
    for name, answer in answers:
        member = dictionary.find(str(name), answer) if str(name) in dictionary.names else None
        if member is None or member.key not in members:
            alike = _meant(str(name), fact, dictionary) or look_alikes(str(name), {code: code for code in members})
            raise CaseError(
                fact.key, name, f"no such code; did you mean {', '.join(alike)}?" if alike else "no such code; `facts --json` lists them"
            )
        if given.setdefault(member.key, answer) != answer:
            raise CaseError(fact.key, name, "stands under yes and under no: keep one")
        taken, dated = read_moment(when, fact.key)
        read.append((member.key, (Result(member.key, answer, answer=answer, taken=taken, dated=dated),)))
    return read


def _meant(name: str, fact: Fact, dictionary: Dictionary) -> list[str]:
    """The members that carry this name as a synonym or label."""
    wanted = name.casefold()
    members = (dictionary.facts[code.code] for code in fact.codes)
    return [one.key for one in members if wanted in {other.casefold() for other in (one.label, *one.synonyms)}][:3]


def _names(fact: Fact, block: Any) -> list[Any]:
    if block is None:
        return []
    if isinstance(block, str) or not isinstance(block, Sequence):
        raise CaseError(fact.key, block, "write a list of codes")
    return list(block)


def _newest(shared: Found, lesions: Iterable[LesionFindings]) -> date | None:
    moments = [
        one.taken
        for found in (shared, *(lesion.findings for lesion in lesions))
        for results in found.values()
        for one in results
        if one.taken
    ]
    return max(moments).date() if moments else None


def _dated(found: Mapping[str, tuple[Result, ...]], noon: datetime) -> Found:
    """An undated finding counts as taken on the day of the assessment."""
    return {key: tuple(one if one.taken else replace(one, taken=noon) for one in results) for key, results in found.items()}


def _place(found: Found, lesions: list[LesionFindings], dictionary: Dictionary) -> tuple[list[LesionFindings], list[Doubt]]:
    """Site-bound conditions given with the patient: a yes goes to the only lesion, a no to every one.

    With several lesions a yes cannot be placed and is not counted; but danger is never dropped: it counts for every
    lesion without an answer of its own. A yes that every lesion denies contradicts them all.
    """
    placed = [LesionFindings(one.id, dict(one.findings)) for one in lesions]
    warnings = []
    for key, results in found.items():
        is_yes = results[-1].answer is True
        if is_yes and len(placed) > 1:
            counts = bool(dictionary.facts[key].details.get("danger"))
            said = "it was counted for every lesion" if counts else "it was not counted"
            warnings.append(Doubt(key, "true", f"belongs to one site: record it under the lesion where it is; {said}"))
            if not counts:
                continue
        silent = [one for one in placed if key not in one.findings]
        is_denied = is_yes and not silent and not any(one.findings[key][-1].answer is True for one in placed)
        for lesion in placed if is_denied else silent:
            own = lesion.findings.get(key, ())
            lesion.findings[key] = (*own, *results)  # type: ignore[index]  # the dict made above
    return placed, warnings
