"""A worked case opened in the entry form: everything it says is there, it reads the same, and nobody takes it for a person."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from calcinosis_app.accounts.models import User
from calcinosis_app.assessments.actions import assess_case, sign, start_review, write_note
from calcinosis_app.assessments.bridge import judge
from calcinosis_app.desk.home import groups_for
from calcinosis_app.desk.worked.cases import WorkedCase, worked_case, worked_cases
from calcinosis_app.desk.worked.practice import practise
from calcinosis_app.followups.actions import sweep
from calcinosis_app.followups.models import Plan, Reminder
from calcinosis_app.patients.actions import put_practice_away, record
from calcinosis_app.patients.bridge import case_document, enterable_fact
from calcinosis_app.patients.models import Case, Patient, Practice
from calcinosis_app.patients.selectors import patients_of, search_patients
from calcinosis_app.rulebooks.bridge import current, plain_unit
from tests.at_once import together
from tests.cast import SignIn
from tests.factories.case import make_case
from tests.factories.patient import make_patient
from tests.factories.reminder import ONCE, make_reminders

# Facts of the contract that are sets: each member is a field of its own in case entry.
SETS = ("conditions", "drugs")


def today(user: User) -> date:
    assert user.clinic is not None
    return timezone.localdate(timezone=user.clinic.zone)


def named(user: User, name: str) -> WorkedCase:
    found = worked_case(current(), name)
    assert found is not None
    return found


def said(findings: Mapping[str, Any], on: date) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    """Each finding as key and parts, its day as days from `on`; what names no day was found on that day."""
    return sorted(
        (key, _parts(one, on)) for key, finding in findings.items() for one in (finding if isinstance(finding, list) else [finding])
    )


def _parts(finding: Any, on: date) -> tuple[tuple[str, str], ...]:
    parts = dict(finding) if isinstance(finding, dict) else {"value": finding}
    parts["date"] = (date.fromisoformat(parts.get("date") or on.isoformat()) - on).days
    if "unit" in parts:
        parts["unit"] = plain_unit(parts["unit"])  # mIU/L and m[IU]/L are one
    return tuple(sorted((name, _plain(value)) for name, value in parts.items()))


def _plain(value: Any) -> str:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return f"{Decimal(str(value)).normalize():f}" if number else str(value)


def by_place(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The findings of the patient and of each lesion, each member of a set by itself.

    What belongs to a site and stands with the patient is the first lesion's.
    """
    person, first, *others = (_spread(block.get("findings", {})) for block in (document["patient"], *document["lesions"]))
    for key in [key for key in person if enterable_fact(key).scope == "lesion"]:
        first[key] = person.pop(key)
    return [person, first, *others]


def _spread(findings: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, finding in findings.items():
        if key not in SETS:
            found[key] = finding
        elif isinstance(finding, list):
            found |= dict.fromkeys(finding, True)
        else:
            dated = {"date": finding["date"]} if "date" in finding else {}
            found |= {code: {"value": answer == "yes", **dated} for answer in ("yes", "no") for code in finding.get(answer, ())}
    return found


@pytest.fixture
def practised(clara: User) -> dict[str, tuple[WorkedCase, Case]]:
    """Every worked case of the release, opened by Clara."""
    return {one.id: (one, practise(by=clara, worked=one)) for one in worked_cases(current())}


def test_all_worked_cases_open_with_every_finding_and_read_as_they_did(practised: dict[str, tuple[WorkedCase, Case]], clara: User) -> None:
    """Findings key by key, then the assessment of what was recorded beside the case's own result for the clinic's country.

    Not equal, and why: the name of the case and of its lesions; days, which are as long before today as they were before
    the day of the case, and which a contradiction quotes where the case gave none. An age in whole years covers the whole
    year there and is one birth date here: it might differ at the border of a band, and does in no case of this release.
    """
    assert len(practised) == 94
    assert clara.clinic is not None
    now, differing = today(clara), {}
    for name, (worked, case) in practised.items():
        document, typed = worked.document, case_document(case, include_draft=True)
        on = date.fromisoformat(document["on"])
        for theirs, ours in zip(by_place(document), by_place(typed), strict=True):
            assert said(ours, now) == said(theirs, on), name
        record(by=clara, case=case)
        outcome = assess_case(by=clara, case=case).outcome
        original = judge(document, current(), jurisdiction=clara.clinic.jurisdiction).as_json()
        parts = set(original) - {"id", "on"}
        if found := {one for one in parts if comparable(original[one], on, document) != comparable(outcome[one], now, document)}:
            differing[name] = found
    assert differing == {}


def comparable(part: Any, on: date, document: Mapping[str, Any]) -> Any:
    """A part of a result with days counted from its own, and lesions by their place in the case."""
    places = {one["id"]: f"L{number}" for number, one in enumerate(document["lesions"], 1)}
    if isinstance(part, dict):
        if "kind" in part and "findings" in part:
            # A contradiction quotes what was entered: in no order, and without a day where none was given.
            part = {**part, "findings": sorted(str(sorted({**one, "date": ""}.items())) for one in part["findings"])}
        return {key: comparable(value, on, document) for key, value in part.items()}
    if isinstance(part, list):
        return [comparable(value, on, document) for value in part]
    if isinstance(part, str):
        if len(part) == 10 and part[4] == part[7] == "-":
            return (date.fromisoformat(part) - on).days
        return places.get(part, part)
    return part


def test_pressed_twice_there_is_one_and_it_is_as_it_was_left(clara: User, nadia: User, sign_in: SignIn) -> None:
    address = reverse("gallery:practise", args=["O11"])
    first, second = (sign_in(clara).post(address)["Location"] for _ in range(2))

    assert first == second
    assert sign_in(nadia).post(address)["Location"] != first
    assert Practice.objects.count() == 2
    assert sign_in(clara).get(first).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_pressed_at_the_same_moment_there_is_one(clara: User) -> None:
    worked = named(clara, "O11")

    opened = set(together(4, lambda _: practise(by=clara, worked=worked).pk))

    assert len(opened) == 1
    assert Patient.objects.count() == Case.objects.count() == 1


def test_put_away_it_is_nowhere_and_another_may_be_begun(clara: User, sign_in: SignIn) -> None:
    case = practise(by=clara, worked=named(clara, "O11"))
    record(by=clara, case=case)
    assessment = assess_case(by=clara, case=case)
    review = start_review(by=clara, assessment=assessment)
    client = sign_in(clara)
    answered = client.post(reverse("gallery:put_away", args=[case.patient_id]), follow=True)

    assert "is put away" in answered.text
    for address in (
        reverse("patients:patient", args=[case.patient_id]),
        reverse("desk:entry", args=[case.pk]),
        reverse("desk:assessment", args=[assessment.pk]),
        reverse("desk:print", args=[assessment.pk]),
    ):
        assert client.get(address).status_code == 404
    assert client.post(reverse("desk:sign", args=[review.pk])).status_code == 404
    assert practise(by=clara, worked=named(clara, "O11")) != case


def test_only_who_began_it_puts_it_away_and_only_practice_can_be(clara: User, nadia: User, sven: User, sign_in: SignIn) -> None:
    practice, real = practise(by=clara, worked=named(clara, "O11")), make_case(clara)

    def put_away(user: User, case: Case) -> int:
        return sign_in(user).post(reverse("gallery:put_away", args=[case.patient_id])).status_code

    assert put_away(nadia, practice) == 409
    assert put_away(sven, practice) == 404
    assert put_away(clara, real) == 409
    assert sign_in(clara).get(reverse("desk:entry", args=[real.pk])).status_code == 200


def test_every_page_says_that_it_is_nobody(clara: User, sign_in: SignIn) -> None:
    case = practise(by=clara, worked=named(clara, "O11"))
    record(by=clara, case=case)
    assessment = assess_case(by=clara, case=case)
    for address in (
        reverse("patients:patient", args=[case.patient_id]),
        reverse("desk:case", args=[case.pk]),
        reverse("patients:case", args=[case.pk]),
        reverse("desk:entry", args=[case.pk]),
        reverse("desk:assessment", args=[assessment.pk]),
        reverse("desk:print", args=[assessment.pk]),
    ):
        assert "nobody real" in sign_in(clara).get(address).text, address


def test_it_stands_in_no_list_no_search_and_no_number(clara: User) -> None:
    case = practise(by=clara, worked=named(clara, "O25"))
    assert not patients_of(clara).exists()
    assert not search_patients(clara, "practice").exists()
    assert not any(group.items for group in groups_for(clara) if group.waits)
    record(by=clara, case=case)
    review = start_review(by=clara, assessment=assess_case(by=clara, case=case))
    assert not any(group.items for group in groups_for(clara) if group.waits)
    sign(by=clara, review=write_note(by=clara, review=review, note="Practised."))

    assert sweep() == 0
    assert not Plan.objects.exists()
    assert not any(group.items for group in groups_for(clara) if group.waits)


def test_the_database_keeps_nobody_apart_from_people(clara: User, nadia: User) -> None:
    real, practice = make_case(clara), practise(by=clara, worked=named(clara, "O11"))
    reminder = make_reminders(clara)[ONCE]

    def refused(change: Any) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            change()

    mark = {"clinic": clara.clinic, "worked_case": "O11", "started_by": nadia}
    refused(lambda: Practice.objects.create(patient=real.patient, **mark))
    refused(lambda: Practice.objects.filter(patient=practice.patient).update(worked_case="O12"))
    refused(lambda: Practice.objects.create(patient=make_patient(clara), **{**mark, "worked_case": ""}))
    refused(lambda: Reminder.objects.create(**_copied(reminder, patient=practice.patient)))
    put_practice_away(by=clara, patient=practice.patient)
    refused(lambda: Practice.objects.filter(patient=practice.patient).update(put_away_at=None))


def _copied(reminder: Reminder, **changes: Any) -> dict[str, Any]:
    kept = {field.name: getattr(reminder, field.name) for field in Reminder._meta.concrete_fields if not field.primary_key}
    return {**kept, **changes}
