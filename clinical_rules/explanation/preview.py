"""What the rules make of one field, as it is left: canonical value, range for this age and sex, position, doubts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from clinical_rules.derive import Pictures, Reading, build_pictures
from clinical_rules.derive.results import POSITIONS
from clinical_rules.errors import CaseError
from clinical_rules.explanation.words import KINDS, plain_unit, reference_range
from clinical_rules.facts import Fact
from clinical_rules.findings import is_unusual, read_case, say_unusual
from clinical_rules.release import Release

THE_LESION = "L"


@dataclass(frozen=True, slots=True)
class Preview:
    """One finding in words. Texts are empty where there is nothing to say, as for an answer yes or no.

    ``shown`` is the value as typed, ``canonical`` the same in ``unit``; ``position`` is one of below, within
    and above, or several of them joined by "or". ``doubt`` is the question whether an unusual value is meant, until it is
    confirmed; ``warnings`` are what cannot be confirmed away.
    """

    key: str
    shown: str = ""
    canonical: str = ""
    unit: str = ""
    reference_range: str = ""
    position: str = ""
    doubt: str = ""
    warnings: tuple[str, ...] = ()


def preview(release: Release, key: str, raw: Any, on: date, patient: Mapping[str, Any]) -> Preview:
    """One finding of the contract, alone, in a patient of this birth date and sex, on a day.

    ``patient`` is the contract's, without findings. Raises ``CaseError`` where the finding would be refused.
    """
    found = {key: raw}
    fact = release.facts.get(key)
    of_lesion = fact is not None and fact.scope == "lesion"
    document = {
        "patient": {**patient, "findings": {} if of_lesion else found},
        "lesions": [{"id": THE_LESION, "findings": found if of_lesion else {}}],
    }
    try:
        case = read_case(document, release.facts, on=on)
    except CaseError as error:
        raise CaseError(error.key, error.value, error.say) from None
    pictures = build_pictures(case, release)
    reading = pictures.lesion_readings[THE_LESION].get(key) if of_lesion else pictures.readings.get(key)
    if fact is None or reading is None:
        return Preview(key)
    return _preview(pictures, fact, reading)


def _preview(pictures: Pictures, fact: Fact, reading: Reading) -> Preview:
    results = reading.results or reading.too_old
    if fact.kind != "number" or not results:
        return Preview(fact.key, warnings=_too_old(fact, reading))
    result = results[0]
    return Preview(
        key=fact.key,
        shown=f"{result.comparator}{result.typed} {plain_unit(result.unit.code if result.unit else '')}".strip(),
        canonical=result.canonical(fact),
        unit=plain_unit(fact.unit),
        reference_range=reference_range(pictures, fact, reading) if fact.bands else "",
        position=" or ".join(one for one in POSITIONS if one in (reading.positions or ())),
        doubt=say_unusual(fact, result) if is_unusual(fact, result, pictures.case.age, pictures.case.sex) else "",
        warnings=(
            *_too_old(fact, reading),
            *(f"{KINDS[clash.kind]}: check it" for clash in reading.contradictions),
        ),
    )


def _too_old(fact: Fact, reading: Reading) -> tuple[str, ...]:
    if reading.results or not reading.too_old:
        return ()
    return (f"older than {fact.shelf_life_days} days: it is shown, and counts as not known",)
