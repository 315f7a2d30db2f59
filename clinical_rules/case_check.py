"""Expected against obtained, case by case, as a table."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TextIO

from clinical_rules.assessment import Assessment, assess
from clinical_rules.classification import LesionResult
from clinical_rules.errors import CaseError
from clinical_rules.expectations import EXPECTED_MORE, check_more, read_more
from clinical_rules.findings.dictionary import only_keys
from clinical_rules.release import Release

NOT_SAID: Final = object()
PER_LESION: Final = ("status", "type", "leading")
EXPECTED_KEYS: Final = {
    *("run", "status", "type", "leading", "emergencies", "settle_first", "note"),
    *("acceptable_types", "published_type", *EXPECTED_MORE),
}
COLUMNS = ("case", "run", "status", "type", "leading", "emergencies", "settles first", "agrees")


@dataclass(frozen=True, slots=True)
class Checked:
    """One case beside what was expected of it."""

    case: str
    run: str
    cells: tuple[str, ...]
    differences: tuple[str, ...]
    wrong: bool


def check(documents: Iterable[Any], release: Release, out: TextIO, today: date) -> int:
    """Print the table; 1 when a decided type is wrong, else 0."""
    checked = [check_one(one, release, today) for one in documents]
    rows = [COLUMNS, *((one.case, one.run, *one.cells, "yes" if not one.differences else "NO") for one in checked)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(COLUMNS))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip(), file=out)
    for one in checked:
        for difference in one.differences:
            print(f"{one.case}: {difference}", file=out)
    wrong = [one.case for one in checked if one.wrong]
    differing = sum(bool(one.differences) for one in checked)
    names = f": {', '.join(wrong)}" if wrong else ""
    print(f"{len(checked)} cases, {len(checked) - differing} as expected, {differing} differ", file=out)
    print(f"{len(wrong)} decided types wrong{names}", file=out)
    return 1 if wrong else 0


def check_one(document: Any, release: Release, today: date | None = None) -> Checked:
    """Judge one case and compare. ``today`` counts for a case without any day. Raises ``CaseError`` for what cannot be compared."""
    if not isinstance(document, Mapping):
        raise CaseError("case", document, "a case is an object with patient and lesions")
    return compare(document, assess(document, release, today=today))


def compare(document: Mapping[str, Any], assessment: Assessment) -> Checked:
    """What was expected of a case beside what was made of it. Raises ``CaseError`` for what cannot be compared."""
    expected = _read_expected(document.get("expected"), assessment)
    cells = (
        assessment.status,
        " ".join(one.type or "-" for one in assessment.lesions),
        " ".join(one.leading.type if one.leading else "-" for one in assessment.lesions),
        " ".join(sorted({flag.key for flag in assessment.emergencies})) or "-",
        (assessment.lesions[0].settle or ("-",))[0],
    )
    differences = tuple(_differences(assessment, expected))
    return Checked(assessment.id, str(expected.get("run", "")), cells, differences, is_wrong(assessment, expected))


def _read_expected(block: Any, assessment: Assessment) -> Mapping[str, Any]:
    """What was expected. Raises ``CaseError`` for a key, a lesion or a list that nothing can be compared with."""
    if block is None:
        return {}
    try:
        if not isinstance(block, Mapping):
            raise CaseError("expected", block, "write an object, as the format of a case says")
        only_keys(block, EXPECTED_KEYS, "expected")
        lesions = {one.id for one in assessment.lesions}
        for key in PER_LESION:
            wanted = block.get(key)
            if isinstance(wanted, Mapping):
                only_keys(wanted, lesions, f"expected.{key}")
            elif not isinstance(wanted, str | None):
                raise CaseError(f"expected.{key}", wanted, "write a text, null, or an object with one of them per lesion")
        for key in ("emergencies", "acceptable_types"):
            wanted = block.get(key, [])
            if not isinstance(wanted, list) or not all(isinstance(one, str) for one in wanted):
                raise CaseError(f"expected.{key}", wanted, "write a list of texts")
        read_more(block, assessment)
    except CaseError as error:
        raise error.at(case=assessment.id) from None
    return block


def _differences(assessment: Assessment, expected: Mapping[str, Any]) -> Iterable[str]:
    first = assessment.lesions[0]
    obtained: dict[str, Any] = {
        "status": _of_lesions(expected.get("status"), assessment, lambda one: one.status, assessment.status),
        "type": _of_lesions(expected.get("type"), assessment, lambda one: one.type),
        "leading": _of_lesions(expected.get("leading"), assessment, lambda one: one.leading.type if one.leading else None),
        "settle_first": first.settle[0] if first.settle else None,
    }
    for key, value in obtained.items():
        if key in expected and expected[key] != value:
            yield f"{key}: expected {expected[key]}, obtained {value}"
    if "emergencies" in expected:
        flags = sorted({flag.key for flag in assessment.emergencies})
        if sorted(expected["emergencies"]) != flags:
            yield f"emergencies: expected {sorted(expected['emergencies'])}, obtained {flags}"
    yield from check_more(assessment, expected)
    for one in assessment.lesions:
        if _is_wrong(one, assessment, expected):
            yield f"a decided type is wrong: {one.id} is {one.type}, acceptable {', '.join(_acceptable(one, expected) or ()) or 'none'}"


def _of_lesions(wanted: Any, assessment: Assessment, read: Callable[[LesionResult], Any], of_case: Any = None) -> Any:
    """Per lesion where the expectation stands per lesion, else of the case."""
    if isinstance(wanted, Mapping):
        return {one.id: read(one) for one in assessment.lesions if one.id in wanted}
    if of_case is not None:
        return of_case
    values: Sequence[Any] = [read(one) for one in assessment.lesions]
    return values[0] if len(set(values)) == 1 else list(values)


def is_wrong(assessment: Assessment, expected: Mapping[str, Any]) -> bool:
    """Whether a lesion was decided for a type that nobody accepts (a mixed type counts by its parts)."""
    return any(_is_wrong(one, assessment, expected) for one in assessment.lesions)


def _acceptable(one: LesionResult, expected: Mapping[str, Any]) -> Sequence[str] | None:
    """The types that count as right for a lesion, none of them where it was expected to stay open; ``None`` where nothing was said."""
    if expected.get("acceptable_types"):
        return list(expected["acceptable_types"])
    wanted = expected.get("type", NOT_SAID)
    if isinstance(wanted, Mapping):
        wanted = wanted.get(one.id, NOT_SAID)
    elif wanted is None and expected.get("status") == "several":
        wanted = NOT_SAID
    return None if wanted is NOT_SAID else [wanted] if wanted else []


def _is_wrong(one: LesionResult, assessment: Assessment, expected: Mapping[str, Any]) -> bool:
    acceptable = _acceptable(one, expected)
    if acceptable is None or one.status != "decided" or one.type in acceptable or set(one.parts) & set(acceptable):
        return False
    shown = "calciphylaxis_not_excluded" in one.marks or any(flag.key.startswith("calciphylaxis") for flag in assessment.emergencies)
    return not ("calciphylaxis" in acceptable and shown)
