"""What becomes of one line. Reads, writes nothing: a dry run and a commit judge by the same function."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from calcinosis_app.laboratory import columns, typed
from calcinosis_app.laboratory.codes import LOINC, Meaning, contradicts, measured_in, plain, system_called
from calcinosis_app.laboratory.fates import OF_IGNORED, Fate, Reason
from calcinosis_app.laboratory.fingerprints import Result, of_sample, plain_number
from calcinosis_app.laboratory.identity import check_identity
from calcinosis_app.laboratory.known import Known
from calcinosis_app.laboratory.models import Line
from calcinosis_app.laboratory.models.importing import LABORATORY_LENGTH
from calcinosis_app.laboratory.models.line import CODE_LENGTH, UNIT_LENGTH
from calcinosis_app.laboratory.refusal import Refusal
from calcinosis_app.patients.bridge import CaseError, result_from
from calcinosis_app.patients.models import Finding, Patient
from calcinosis_app.patients.typed import Misread, compared_number, number
from calcinosis_app.rulebooks.bridge import Fact

SOMEBODY_ELSES = "somebody else's"
LONGEST = {columns.LABORATORY: LABORATORY_LENGTH, columns.CODE: CODE_LENGTH, columns.SYSTEM: CODE_LENGTH, columns.UNIT: UNIT_LENGTH}


@dataclass
class Judged:
    """A line with its fate. `finding` is not saved; `result` is set as soon as it is known which result it is."""

    line: Line
    fate: Fate = Fate.IMPORTED
    reason: str = ""
    say: str = ""
    laboratory: str = ""
    system: str = ""
    code: str = ""
    unit: str = ""
    key: str = ""
    fingerprint: str = ""
    content: str = ""
    finding: Finding | None = None
    also: tuple[tuple[str, str], ...] = ()
    """Fingerprint and content of the same result under the other numbers of a person whose duplicates were merged."""

    @property
    def fingerprints(self) -> set[str]:
        """Under which it may have been imported before."""
        return {self.fingerprint, *(fingerprint for fingerprint, _ in self.also)}

    def says(self, content: str) -> bool:
        """Whether what was imported before said the same, of the same person."""
        return content in (self.content, *(one for _, one in self.also))

    def is_of(self, fingerprint: str, patient: UUID) -> bool:
        """Whether this is the result of that fingerprint, and of that patient or one with whom the patient was merged."""
        if self.finding is None or fingerprint not in self.fingerprints:
            return False
        survivor = self.finding.patient.survivor
        return patient == survivor.pk or any(patient == one.pk for one in survivor.duplicates.all())

    def end(self, reason: Reason, say: str) -> None:
        """It goes no further, and makes no finding."""
        self.fate = Fate.IGNORED if reason in OF_IGNORED else Fate.REFUSED
        self.reason, self.say, self.finding = reason, say, None


def judge(line: Line, known: Known) -> Judged:
    """The line's fate, before it is asked whether the same result came before."""
    judged = Judged(line)
    try:
        _judge(line.cells, judged, known)
    except Refusal as refusal:
        judged.end(refusal.reason, refusal.say)
    return judged


def _judge(cells: Mapping[str, str], judged: Judged, known: Known) -> None:
    if judged.line.spoiled:
        raise Refusal(Reason.UNREADABLE, f"The line cannot be read: {judged.line.spoiled}.")
    if not cells:
        raise Refusal(Reason.EMPTY, "Nothing stands in this line.")
    _check_lengths(cells)
    judged.laboratory = _short(columns.LABORATORY, plain(cells.get(columns.LABORATORY, "") or known.laboratory))
    judged.system = _short(columns.SYSTEM, system_called(cells.get(columns.SYSTEM, "")))
    judged.code, judged.unit = cells.get(columns.CODE, ""), cells.get(columns.UNIT, "")
    patient = _patient(judged, known)
    taken = _taken(cells, patient, known)
    meaning = _meaning(judged, known)
    judged.key = meaning.key
    fact = known.facts[meaning.key]
    raw = _raw(cells, known)
    unit = _unit(fact, meaning, judged, raw, known)
    named = fact.unit_called(unit)
    _identify(judged, patient, taken, raw, named.code if named else "")
    judged.finding = _finding(patient, fact, {**raw, "unit": unit, "date": taken.day.isoformat()}, known.today)


def _check_lengths(cells: Mapping[str, str]) -> None:
    for column in LONGEST:
        _short(column, cells.get(column, ""))


def _short(column: str, text: str) -> str:
    """The text, if it fits: also once capitals are gone, which makes some letters two. Raises Refusal."""
    if len(text) > LONGEST[column]:
        raise Refusal(Reason.UNREADABLE, f"The {column} is longer than {LONGEST[column]} letters.")
    return text


def _patient(judged: Judged, known: Known) -> Patient:
    cells = judged.line.cells
    text = cells.get(columns.BIRTH_DATE, "")
    born = typed.day_written(text, columns.BIRTH_DATE, known.written) if text else None
    try:
        return check_identity(cells, born, known.patients.get(cells.get(columns.NUMBER, "")))
    except Refusal:
        # That a sample is said to be somebody else's speaks against the file's other lines of it.
        if sample := cells.get(columns.SAMPLE, ""):
            judged.fingerprint = of_sample(judged.laboratory, judged.system, judged.code, sample)
            judged.content = SOMEBODY_ELSES
        raise


def _taken(cells: Mapping[str, str], patient: Patient, known: Known) -> typed.Moment:
    text = cells.get(columns.TAKEN_AT, "")
    if not text:
        raise Refusal(Reason.UNREADABLE, "The day on which the sample was taken is missing.")
    taken = typed.moment(text, columns.TAKEN_AT, known.written, known.zone)
    if taken.day > known.today:
        raise Refusal(Reason.DAY, f"Taken on {taken.day}, which lies in the future. Check the day, and the form of days that was chosen.")
    born = patient.survivor.birth_date
    if born is not None and taken.day < born:
        raise Refusal(Reason.DAY, f"Taken on {taken.day}, before the patient was born. Check the day, and whose result it is.")
    return taken


def _meaning(judged: Judged, known: Known) -> Meaning:
    if not judged.code:
        raise Refusal(Reason.UNREADABLE, "The code is missing.")
    if note := known.codes.never.get(judged.code):  # whatever list the laboratory says it is of
        raise Refusal(Reason.NEVER_COUNTED, f"LOINC {judged.code} is not counted by the rules: {note}.")
    if judged.system == LOINC and (meaning := known.codes.known.get(judged.code)):
        return meaning
    # Laboratories without a name may be several: what was said of one must not count for another.
    key = known.mapped_codes.get((judged.laboratory, judged.system, judged.code)) if judged.laboratory else None
    if key == "":
        raise Refusal(Reason.NOT_NEEDED, "A person of the clinic has said that this code is not needed here.")
    if key is None and not judged.laboratory:
        raise Refusal(
            Reason.UNKNOWN_CODE, f"The code {judged.code} is not known, and no laboratory is named. Send the file again with its name."
        )
    if key is None or key not in known.facts:
        raise Refusal(Reason.UNKNOWN_CODE, f"The code {judged.code} is not known. Map it once in the queue, then run the line again.")
    return Meaning(key)


def _raw(cells: Mapping[str, str], known: Known) -> dict[str, str]:
    """What a person would have typed: with a point before decimals, and nothing where nothing stands."""
    raw = {"flag": typed.flag(cells.get(columns.FLAG, "")), "comparator": cells.get(columns.COMPARATOR, "")}
    for column in (columns.VALUE, columns.LOW, columns.HIGH):
        raw[column] = typed.decimal(cells.get(column, ""), column, known.written)
    if not raw["value"] and not raw["flag"]:
        raise Refusal(Reason.UNREADABLE, "The value is missing, and there is no flag either.")
    if raw["comparator"] and not raw["value"]:
        raise Refusal(Reason.UNREADABLE, "There is a comparator without a value.")
    try:
        _check_numbers(raw)
    except Misread as error:
        raise Refusal(Reason.UNREADABLE, f"{error.value}: {error.say}.") from error
    return raw


def _check_numbers(raw: dict[str, str]) -> None:
    if raw["value"]:
        value, raw["comparator"] = compared_number(raw)
        raw["value"] = f"{value:f}"
    low, high = (number(raw[name]) if raw[name] else None for name in ("low", "high"))
    if low is not None and high is not None and low > high:
        raise Misread(f"{low} to {high}", "the range's low stands above its high")


def _unit(fact: Fact, meaning: Meaning, judged: Judged, raw: Mapping[str, str], known: Known) -> str:
    """The unit in which the rules read it: as it was written, or as a person has mapped it. Raises Refusal."""
    spelling = judged.unit
    unit = (
        known.mapped_units.get((judged.laboratory, judged.system, judged.code, fact.key, spelling)) if judged.laboratory else ""
    ) or spelling
    if not unit:
        if not fact.needs_unit or not any(raw[name] for name in ("value", "low", "high")):
            return ""
        if len({one.factor for one in fact.units}) > 1:
            raise Refusal(Reason.UNIT_MISSING, f"{fact.label} has no unit, and can be reported in several. None is guessed.")
        raise Refusal(Reason.UNKNOWN_UNIT, f"{fact.label} has no unit. Say once in the queue which one is meant.")
    found = fact.unit_called(unit)
    if found is None:
        raise Refusal(Reason.UNKNOWN_UNIT, _unknown_unit(fact, unit))
    if contradicts(meaning, found.code):
        raise Refusal(Reason.CODE_AND_UNIT, f"{_contradiction(judged.code, meaning, fact, unit, found.code)} One of the two is wrong.")
    return unit


def _contradiction(code: str, meaning: Meaning, fact: Fact, unit: str, called: str) -> str:
    measured = measured_in(called)
    if meaning.measures and measured and meaning.measures != measured:
        return f"The code {code} says {fact.label} as {_property(meaning.measures)}, and {unit} is a unit of {_property(measured)}."
    return f"The code {code} says {meaning.substance.replace('_', ' ')}, and {unit} is a unit of something else."


def _unknown_unit(fact: Fact, unit: str) -> str:
    for refused in fact.details.get("refused_units", ()):
        if unit in refused["spellings"]:
            return f"{fact.label}: {refused['say']}."
    known = ", ".join(one.code for one in fact.units)
    return f"The unit {unit} is not known for {fact.label} ({known}). Map it once in the queue, then run the line again."


def _property(measures: str) -> str:
    return "a mass" if measures == "mass" else "an amount (mol)"


def _identify(judged: Judged, patient: Patient, taken: typed.Moment, raw: Mapping[str, str], unit: str) -> None:
    result = Result(
        laboratory=judged.laboratory,
        sample=judged.line.cells.get(columns.SAMPLE, ""),
        patient=patient.pk,
        system=judged.system,
        code=judged.code,
        key=judged.key,
        taken=taken.text,
        value=plain_number(raw["value"]),
        comparator=raw["comparator"],
        unit=unit,
        flag=raw["flag"],
    )
    judged.fingerprint, judged.content = result.fingerprint, result.content
    others = (replace(result, patient=one.pk) for one in (patient.survivor, *patient.survivor.duplicates.all()) if one.pk != patient.pk)
    judged.also = tuple((one.fingerprint, one.content) for one in others)


def _finding(patient: Patient, fact: Fact, raw: Mapping[str, str], today: date) -> Finding:
    """The same door as for a typed result: unit of the analyte, own range and flag kept, hard limits."""
    try:
        return result_from(patient, fact, {name: text for name, text in raw.items() if text}, today)
    except CaseError as error:
        hint = f" The rules warn: {fact.hint}." if fact.hint else ""
        raise Refusal(Reason.IMPOSSIBLE, f"{fact.label}: {error.value}: {error.say}.{hint}") from error
