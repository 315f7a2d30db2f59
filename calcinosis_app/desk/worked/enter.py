"""Typing a case of the release into case entry, as a person would."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Final

from calcinosis_app.accounts.models import User
from calcinosis_app.desk.worked.typed import as_typed
from calcinosis_app.patients.actions import Field, add_lesion, fill_draft
from calcinosis_app.patients.bridge import enterable_fact
from calcinosis_app.patients.models import Case, Lesion
from calcinosis_app.patients.selectors import lesions_of

YEAR: Final = timedelta(days=365.25)


def type_into(*, by: User, case: Case, document: Mapping[str, Any], on: date) -> None:
    """Fills the draft of a new case with every finding of `document`; what it dates lies as long before `on` as it did there."""
    shift = on - date.fromisoformat(document["on"])
    lesions = [*lesions_of(case), *(add_lesion(by=by, case=case) for _ in document["lesions"][1:])]
    blocks = [(document["patient"].get("findings", {}), lesions[0])]
    blocks += [(block["findings"], lesion) for lesion, block in zip(lesions, document["lesions"], strict=True)]
    fill_draft(by=by, case=case, fields=[field for findings, lesion in blocks for field in _fields(findings, lesion, shift)])


def born(person: Mapping[str, Any], on: date) -> date | None:
    """A birth date that gives the age on that day: the middle of a whole year. Open where the case gives none."""
    if "birth_date" in person:
        return date.fromisoformat(person["birth_date"])
    if "age_days" in person:
        return on - timedelta(days=int(person["age_days"]))
    years = person.get("age_years")
    if years is None:
        return None
    return on - (years + 0.5 if isinstance(years, int) else years) * YEAR


def _fields(findings: Mapping[str, Any], lesion: Lesion, shift: timedelta) -> Iterator[Field]:
    """The fields of one block. What belongs to a site and stands with the patient is the first lesion's."""
    for key, slot, raw in as_typed(findings, shift):
        is_local = enterable_fact(key).scope == "lesion"
        yield Field(key, raw, lesion if is_local else None, slot)
