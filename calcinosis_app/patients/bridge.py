"""Between what is typed and stored here and what the rules read: cases in the contract's format."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone

from calcinosis_app.patients.models import Case, DraftEntry, Finding, Patient
from calcinosis_app.patients.selectors import draft_of, findings_of, lesions_of, survivor_of
from calcinosis_app.patients.typed import Misread, compared_number, day, number, says_nothing, text
from calcinosis_app.rulebooks.bridge import current, plain_unit
from clinical_rules.errors import CaseError
from clinical_rules.explanation.course import Course, CourseResult, Stretch, course, ranges_over_time
from clinical_rules.explanation.preview import Preview, preview
from clinical_rules.facts import Fact
from clinical_rules.findings import read_finding
from clinical_rules.findings.dates import read_day

__all__ = [
    "CaseError",
    "Course",
    "CourseResult",
    "Preview",
    "Stretch",
    "case_document",
    "check",
    "course_of",
    "enterable_fact",
    "fact_of",
    "finding_from",
    "judged",
    "ranges_of",
    "result_from",
    "to_finding",
]

WITHOUT_DIMENSION = "1"
ANSWERS = {"yes": True, "no": False}
STATES = ("not_done", "unknown")


def fact_of(key: str) -> Fact | None:
    """The fact that the current release knows by this key, if it does."""
    return current().facts.get(key)


def enterable_fact(key: str) -> Fact:
    """The fact that the current release knows by this key.

    Raises CaseError for a key it does not know, for a derived fact, which nobody can enter, and for a list,
    whose members are facts of their own.
    """
    fact = fact_of(key)
    if fact is None:
        raise CaseError(key, "", "is not a fact of the current release: search for it by its name")
    if fact.derived:
        raise CaseError(key, "", "is worked out from other findings and cannot be entered: enter those instead")
    if fact.kind == "codes":
        raise CaseError(key, "", "is a list and cannot be entered as one: answer each of its members by its own name")
    return fact


def check(key: str, raw: Mapping[str, Any], patient: Patient, on: date) -> Preview | None:
    """What the rules make of one field as typed: canonical value, range, position, warnings.

    Nothing while the field says nothing. Raises CaseError with the remedy when it cannot be counted.
    """
    fact = enterable_fact(key)
    finding = to_finding(raw, fact)
    if finding is None:
        return None
    _not_later(key, raw, on)
    if fact.kind in ("boolean", "code"):
        read_finding(fact, finding)
        return Preview(key)
    return preview(current(), key, finding, on, _person(patient))


def judged(finding: Finding, patient: Patient, on: date) -> Preview | None:
    """What the rules make of one recorded measurement on a day: canonical value, range, position, doubt.

    Nothing for an answer, and for what the current release does not know or would refuse today.
    """
    fact = fact_of(finding.key)
    if fact is None or fact.kind != "number" or finding.state:
        return None
    with suppress(CaseError):
        return preview(current(), finding.key, _contract(finding), on, _person(patient))
    return None


def course_of(patient: Patient, key: str, findings: Sequence[Finding], on: date) -> Course:
    """All findings of one fact of the current release, oldest first, as the rules read each alone and all together on a day."""
    replaced = {finding.corrects_id for finding in findings}
    corrected = frozenset(place for place, finding in enumerate(findings) if finding.pk in replaced)
    return course(current(), key, [_contract(finding) for finding in findings], _person(patient), on, corrected)


def ranges_of(patient: Patient, key: str) -> tuple[Stretch, ...]:
    """The ranges on file for one fact over the patient's life."""
    return ranges_over_time(current(), key, _person(patient))


def to_finding(raw: Mapping[str, Any], fact: Fact) -> Any:
    """One field as typed, in the contract's form; nothing when the field was left empty.

    Raises CaseError for what cannot be read, with the text to type instead.
    """
    if says_nothing(raw):
        return None
    try:
        return _read(raw, fact)
    except Misread as error:
        raise CaseError(fact.key, error.value, error.say) from error


def finding_from(entry: DraftEntry) -> Finding:
    """The finding that a field of the draft becomes; not saved, and nobody has recorded it yet.

    What came without a day counts as found on the day on which it was typed, so that it grows old
    like everything else. Raises CaseError where the rules would refuse it.
    """
    patient = entry.case.patient
    finding = _finding(patient, enterable_fact(entry.key), entry.raw, timezone.localdate(entry.saved_at, patient.clinic.zone))
    finding.case, finding.lesion, finding.corrects = entry.case, entry.lesion, _corrected(entry)
    return finding


def result_from(patient: Patient, fact: Fact, raw: Mapping[str, Any], today: date) -> Finding:
    """The finding that a laboratory's result becomes; not saved, and nobody has recorded it yet.

    `fact` is of the current release, looked up once for many results.

    `raw` holds the same texts as a field that a person types, and is refused for the same reasons: raises CaseError.
    The result belongs to the patient and to no case, so that it counts in all of them.
    """
    return _finding(patient, fact, raw, today)


def case_document(case: Case, include_draft: bool = False) -> dict[str, Any]:
    """The case in the contract's format, from what was recorded, and from the draft when asked for.

    Of a laboratory fact all results count, of any other the newest. Fields of the draft that are in
    error are left out: their error stands beside them on the page.
    """
    findings = list(findings_of(case))
    if include_draft:
        typed = _readable(draft_of(case))
        corrected = {finding.corrects_id for finding in typed}
        findings = [finding for finding in findings if finding.pk not in corrected] + typed
    known: dict[UUID | None, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for finding in sorted(findings, key=_age):
        known[finding.lesion_id][finding.key].append(_contract(finding))
    return {
        "id": str(case.pk),
        "patient": {**_person(survivor_of(case.patient_id)), "findings": _findings(known[None])},
        "lesions": [{"id": lesion.label, "findings": _findings(known[lesion.pk])} for lesion in lesions_of(case)],
    }


def _finding(patient: Patient, fact: Fact, raw: Mapping[str, Any], today: date) -> Finding:
    """What `raw` says of the fact, as the rules read it; found today when it names no day."""
    read_finding(fact, to_finding(raw, fact))
    _not_later(fact.key, raw, today)
    finding = Finding(
        patient=patient,
        key=fact.key,
        raw=raw,
        confirmed=bool(raw.get("confirmed")),
        taken_on=day(text(raw, "date")) if text(raw, "date") else today,
    )
    for column, value in _columns(raw, fact).items():
        setattr(finding, column, value)
    return finding


def _readable(entries: Iterable[DraftEntry]) -> list[Finding]:
    findings = []
    for entry in entries:
        with suppress(CaseError):
            findings.append(finding_from(entry))
    return findings


def _person(patient: Patient) -> dict[str, Any]:
    """Age and sex of whom the person is known as: a duplicate's own count for nothing."""
    patient = patient.survivor
    born = {"birth_date": patient.birth_date.isoformat()} if patient.birth_date else {}
    return {**born, "sex": patient.sex or None}


def _read(raw: Mapping[str, Any], fact: Fact) -> Any:
    state = text(raw, "state") or text(raw, "answer")
    if state in STATES:
        return {"state": state}
    if fact.kind == "number":
        return _result(raw, fact)
    if fact.kind == "code":
        return text(raw, "code")
    if fact.kind == "date":
        return day(text(raw, "value")).isoformat()
    answer = text(raw, "answer")
    if answer not in ANSWERS:
        raise Misread(answer, "is no answer: choose yes, no, unknown or not done")
    return ANSWERS[answer]


def _result(raw: Mapping[str, Any], fact: Fact) -> dict[str, Any]:
    result: dict[str, Any] = {}
    if text(raw, "value"):
        value, comparator = compared_number(raw)
        result["value"] = _json_number(value)
        if comparator:
            result["comparator"] = comparator
    elif not text(raw, "flag"):
        raise Misread("", "the value is missing: write it, choose normal, high or low, or clear the line")
    if text(raw, "unit"):
        result["unit"] = _ucum(text(raw, "unit"), fact)
    if text(raw, "flag"):
        result["flag"] = text(raw, "flag")
    for name in ("low", "high"):
        if text(raw, name):
            result[name] = _json_number(number(text(raw, name)))
    if text(raw, "date"):
        result["date"] = day(text(raw, "date")).isoformat()
    if raw.get("confirmed"):
        result["confirmed"] = True
    return result


def _ucum(typed: str, fact: Fact) -> str:
    """The unit's code, where it was chosen as it is offered: the list writes units as people do."""
    offered = {plain_unit(unit.code): unit.code for unit in fact.units}
    return offered.get(typed, typed)


def _columns(raw: Mapping[str, Any], fact: Fact) -> dict[str, Any]:
    """The columns of a finding that carry what was typed. `raw` has been read without error before."""
    read = _read(raw, fact)
    if isinstance(read, bool):
        return {"answer": read}
    if isinstance(read, str):
        return {"day": day(read)} if fact.kind == "date" else {"code": read}
    if "state" in read:
        return {"state": read["state"]}
    columns = {name: read[name] for name in ("comparator", "flag", "unit") if name in read}
    for column, name in (("number", "value"), ("low", "low"), ("high", "high")):
        if name in read:
            columns[column] = Decimal(str(read[name]))
            columns.setdefault("unit", WITHOUT_DIMENSION)
    return columns


def _not_later(key: str, raw: Mapping[str, Any], on: date) -> None:
    """Raises CaseError for a day that no case may hold, whatever kind of fact it was sent with, or that lies in the future."""
    try:
        found = day(text(raw, "date")) if text(raw, "date") else None
    except Misread as error:
        raise CaseError(key, error.value, error.say) from error
    if found is not None and read_day(found.isoformat(), key) and found > on:
        raise CaseError(key, text(raw, "date"), "lies in the future: correct the day")


def _corrected(entry: DraftEntry) -> Finding | None:
    """The earlier finding that this field says it corrects: of the same fact of the same patient or lesion."""
    typed = text(entry.raw, "corrects")
    if not typed:
        return None
    for finding in findings_of(entry.case).filter(key=entry.key, lesion=entry.lesion):
        if str(finding.pk) == typed:
            return finding
    raise CaseError(entry.key, typed, "what this corrects is not there, or was corrected already: load the page again")


def _contract(finding: Finding) -> Any:
    """A stored finding in the contract's form."""
    dated = {} if finding.taken_on is None else {"date": finding.taken_on.isoformat()}
    if finding.state:
        return {"state": finding.state, **dated}
    if finding.answer is not None:
        return {"value": finding.answer, **dated}
    if finding.code:
        return {"value": finding.code, **dated}
    if finding.day is not None:
        return {"value": finding.day.isoformat(), **dated}
    result: dict[str, Any] = {}
    for name, value in (("value", finding.number), ("low", finding.low), ("high", finding.high)):
        if value is not None:
            result[name] = _json_number(value)
    if finding.unit != WITHOUT_DIMENSION:
        result["unit"] = finding.unit
    result |= {"comparator": finding.comparator, "flag": finding.flag, "confirmed": finding.confirmed}
    # By identity, not by equality: 0 equals False, and a pain of 0 is a finding.
    return {name: value for name, value in {**result, **dated}.items() if value != "" and value is not False}


def _findings(known: Mapping[str, list[Any]]) -> dict[str, Any]:
    return {key: _all(values) if _from_laboratory(key) else values[-1] for key, values in sorted(known.items())}


def _from_laboratory(key: str) -> bool:
    fact = fact_of(key)
    return fact is not None and fact.section == "laboratory"


def _all(values: list[Any]) -> Any:
    """Every result; when nobody ever had one, what was answered last."""
    results = [value for value in values if "state" not in value]
    return results or values[-1]


def _age(finding: Finding) -> tuple[date, Any]:
    """Oldest first: by the day it was found, then by when it was recorded."""
    return finding.taken_on or timezone.localdate(finding.recorded_at), finding.recorded_at


def _json_number(value: Decimal) -> int | float:
    """The number as JSON writes it. At most 15 digits arrive here, which a float carries unharmed."""
    return int(value) if value == value.to_integral_value() else float(value)
