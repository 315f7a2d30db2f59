"""What a case may expect beyond its type: rows that hold, derived facts, gates, what is put forward, steps, checks, options and marks."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from clinical_rules.assessment import Assessment
from clinical_rules.errors import CaseError
from clinical_rules.findings.dictionary import only_keys
from clinical_rules.pathway import ACCEPTABLE, STATUSES
from clinical_rules.release import Release
from clinical_rules.tables import CompiledTable, Possible, compile_table, exactly
from clinical_rules.truth import Truth, any_of

EXPECTED_MORE = (
    "marks",
    "options",
    "not_offered",
    "rows",
    "facts",
    "gates",
    "offers",
    "flags",
    "steps",
    "no_steps",
    "schedule",
    "not_scheduled",
)
PATIENT = "patient"
TRUTHS: Mapping[str, Truth] = {"holds": True, "fails": False, "open": None}
WORDS = {truth: word for word, truth in TRUTHS.items()}
SEVERITIES = ("absolute", "relative", "caution", "info")


def read_more(expected: Mapping[str, Any], assessment: Assessment) -> None:
    """Refuse what nothing can be compared with. Raises ``CaseError``."""
    for key in ("marks", "not_offered", "steps", "no_steps", "schedule", "not_scheduled"):
        _texts(expected.get(key, []), f"expected.{key}")
    for key in ("options", "rows", "facts", "gates", "offers", "flags"):
        if not isinstance(expected.get(key, {}), Mapping):
            raise CaseError(f"expected.{key}", expected[key], "write an object, as the format of a case says")
    places = {PATIENT, *(one.id for one in assessment.lesions)}
    for key in ("rows", "facts", "flags"):
        only_keys(expected.get(key, {}), places, f"expected.{key}")
    for place, rows in expected.get("rows", {}).items():
        for row, word in rows.items():
            if word not in TRUTHS:
                raise CaseError(f"expected.rows.{place}.{row}", word, f"write one of: {', '.join(TRUTHS)}")
    for place, flags in expected.get("flags", {}).items():
        _texts(flags, f"expected.flags.{place}")
    for treatment, status in expected.get("options", {}).items():
        if status not in STATUSES:
            raise CaseError(f"expected.options.{treatment}", status, f"write one of: {', '.join(STATUSES)}")
    gates = expected.get("gates", {})
    only_keys(gates, {"hold", "not", "open"}, "expected.gates")
    only_keys(gates.get("hold", {}), set(SEVERITIES), "expected.gates.hold")
    for severity, rows in gates.get("hold", {}).items():
        _texts(rows, f"expected.gates.hold.{severity}")
    for key in ("not", "open"):
        _texts(gates.get(key, []), f"expected.gates.{key}")
    for row, treatments in expected.get("offers", {}).items():
        _texts(treatments, f"expected.offers.{row}")


def _texts(value: Any, place: str) -> None:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise CaseError(place, value, "write a list of texts")


def check_more(assessment: Assessment, expected: Mapping[str, Any]) -> Iterable[str]:
    """Everything that is not as expected, as sentences."""
    yield from _marks(assessment, expected.get("marks", ()))
    yield from _options(assessment, expected)
    for place, rows in expected.get("rows", {}).items():
        yield from _rows(assessment, place, rows)
    for place, facts in expected.get("facts", {}).items():
        yield from _facts(assessment, place, facts)
    if "gates" in expected:
        yield from _gates(assessment, expected["gates"])
    yield from _offers(assessment, expected.get("offers", {}))
    for place, flags in expected.get("flags", {}).items():
        found = {flag.key for flag in assessment.emergencies if (PATIENT if flag.lesion is None else flag.lesion) == place}
        yield from _beside(f"flags of {place}", set(flags), found)
    yield from _lists(assessment, expected)


def _marks(assessment: Assessment, marks: Sequence[str]) -> Iterable[str]:
    """Every lesion bears them; of several lesions one may well be shown to be calcified and another presumed."""
    for lesion in assessment.lesions:
        lacking = [one for one in marks if one not in lesion.marks and not (one == "presumed" and len(assessment.lesions) > 1)]
        if lacking:
            yield f"marks: {lesion.id} lacks {', '.join(lacking)}"


def _options(assessment: Assessment, expected: Mapping[str, Any]) -> Iterable[str]:
    found: dict[str, list[str]] = {}
    for option in assessment.options:
        found.setdefault(option.treatment, []).append(option.status)
    for treatment, status in expected.get("options", {}).items():
        if status not in found.get(treatment, ()):
            yield f"options: expected {treatment} {status}, obtained {', '.join(found.get(treatment, ())) or 'none'}"
    for treatment in expected.get("not_offered", ()):
        open_to_accept = (ACCEPTABLE | {"provisional"}) & set(found.get(treatment, ()))
        if open_to_accept:
            yield f"not_offered: {treatment} is {', '.join(sorted(open_to_accept))}"


def _rows(assessment: Assessment, place: str, rows: Mapping[str, str]) -> Iterable[str]:
    release = assessment.pictures.patient.release
    for row, word in rows.items():
        found = _truth(assessment, release, place, row)
        if found == "no such row":
            yield f"rows: {row} is no row of the release"
        elif found != word:
            yield f"rows: expected that {row} {word} at {place}, obtained {found}"


def _truth(assessment: Assessment, release: Release, place: str, row: str) -> str:
    """Whether a row of a table, a gate or a list holds at a lesion or for the patient."""
    where = _table_of(release, row)
    if where is None:
        return "no such row"
    table, names = where
    if table is None:
        return "holds"
    truths = dict(zip((one.id for one in table.table.rows), table.truths(_known(assessment, table, place)), strict=True))
    return WORDS[any_of(truths[name] for name in names)]


def _table_of(release: Release, row: str) -> tuple[CompiledTable | None, tuple[str, ...]] | None:
    """The table that judges a row of the release, and what the row is called there; no table: it is for everybody."""
    for table in release.tables.values():
        if any(one.id == row for one in table.table.rows):
            return table, (row,)
    name = row.partition(".")[0]
    treatment = release.treatments.get(name)
    if treatment is not None and row in treatment.gate_rows:
        return treatment.gates, (row,)
    for listed in release.listed.values():
        for one in listed:
            if one.row["row"] == row:
                compiled = None if one.table is None else compile_table(one.table, release.domains)
                return compiled, () if one.table is None else tuple(each.id for each in one.table.rows)
    return None


def _known(assessment: Assessment, table: CompiledTable, place: str) -> dict[str, Possible]:
    pictures = assessment.pictures
    if place != PATIENT:
        return pictures.lesions[place].of(table)
    return {fact: found for fact in table.facts if (found := pictures.any_lesion(fact)) is not None}


def _facts(assessment: Assessment, place: str, facts: Mapping[str, Any]) -> Iterable[str]:
    pictures = assessment.pictures
    picture = pictures.patient if place == PATIENT else pictures.lesions[place]
    for fact, wanted in facts.items():
        if fact not in picture.release.facts:
            yield f"facts: {fact} is no fact of the release"
            continue
        found = picture.get(fact)
        if wanted is None:
            fits = found is None
        elif isinstance(wanted, list):
            fits = found is not None and found.values == frozenset(wanted)
        elif isinstance(wanted, str) and picture.release.domains[fact].numeric:
            fits = found == picture.release.possible(fact, wanted)
        elif isinstance(wanted, str | bool):
            fits = found == exactly(wanted)
        else:
            fits = found is not None and found.only == round(wanted * 10 ** picture.release.facts[fact].precision)
        if not fits:
            yield f"facts: expected {fact} {wanted} at {place}, obtained {found}"


def _gates(assessment: Assessment, wanted: Mapping[str, Any]) -> Iterable[str]:
    """Those named hold with their severity, surely do not hold (or are not judged before a start), or are open."""
    truths: dict[str, list[Truth]] = {}
    severities: dict[str, str] = {}
    for option in assessment.options:
        for gate in option.gates:
            truths.setdefault(gate.row, []).append(gate.truth)
            severities[gate.row] = gate.severity
    found = {row: (WORDS[any_of(some)], severities[row]) for row, some in truths.items()}
    for severity, rows in wanted.get("hold", {}).items():
        for row in rows:
            if found.get(row) != ("holds", severity):
                yield f"gates: expected {row} to hold as {severity}, obtained {' as '.join(found.get(row, ('nothing',)))}"
    for key, word in (("not", "fails"), ("open", "open")):
        for row in wanted.get(key, ()):
            is_judged = row in found
            if (is_judged or key == "open") and found.get(row, ("",))[0] != word:
                yield f"gates: expected that {row} {word}, obtained {' as '.join(found.get(row, ('nothing',)))}"


def _beside(what: str, wanted: set[str], found: set[str]) -> Iterable[str]:
    if wanted - found:
        yield f"{what}: expected {', '.join(sorted(wanted - found))}"
    if found - wanted:
        yield f"{what}: not expected {', '.join(sorted(found - wanted))}"


def _offers(assessment: Assessment, wanted: Mapping[str, Sequence[str]]) -> Iterable[str]:
    """All treatments that a row surely puts forward: no more and no fewer."""
    for row, treatments in wanted.items():
        found = {option.treatment for option in assessment.options for each, truth in option.indications if each == row and truth is True}
        yield from _beside(f"offers of {row}", set(treatments), found)


def _lists(assessment: Assessment, expected: Mapping[str, Any]) -> Iterable[str]:
    obtained = {"steps": {one.step for one in assessment.steps}, "schedule": {one.row for one in assessment.schedule}}
    for present, absent, found in (
        ("steps", "no_steps", obtained["steps"]),
        ("schedule", "not_scheduled", obtained["schedule"]),
    ):
        lacking = [one for one in expected.get(present, ()) if one not in found]
        if lacking:
            yield f"{present}: expected {', '.join(lacking)}"
        surplus = [one for one in expected.get(absent, ()) if one in found]
        if surplus:
            yield f"{absent}: obtained {', '.join(surplus)}"
