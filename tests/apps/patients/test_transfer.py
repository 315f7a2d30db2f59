"""A patient goes to another clinic, whole, and only when it is accepted."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.http import Http404

from calcinosis_app.accounts.models import Clinic, User
from calcinosis_app.accounts.permissions import CASE_WRITE, PATIENT_READ
from calcinosis_app.accounts.policy import may
from calcinosis_app.assessments.actions import assess_case, sign, start_review
from calcinosis_app.assessments.selectors import unsigned_of
from calcinosis_app.audit.models import Event
from calcinosis_app.core.errors import Conflict
from calcinosis_app.followups.actions import close_reminder
from calcinosis_app.followups.models import Reminder
from calcinosis_app.followups.selectors import worklist
from calcinosis_app.patients.actions import (
    accept_transfer,
    create_patient,
    decline_transfer,
    offer_transfer,
    open_case,
    save_entry,
    withdraw_transfer,
)
from calcinosis_app.patients.models import Case, DraftEntry, Patient, TransferOffer
from calcinosis_app.patients.selectors import draft_of, findings_of, left_with_number, search_patients
from tests.at_once import at_once
from tests.factories.assessment import make_plan, make_sclerosis_case
from tests.factories.emergency import make_offer, transferred
from tests.factories.patient import make_patient
from tests.factories.reminder import ONCE, make_reminders
from tests.factories.user import make_clinic, make_user


def test_until_it_is_accepted_nothing_changes(clara: User, sven: User, hill: Clinic) -> None:
    vera = make_patient(clara)

    offer = make_offer(clara, vera, hill)

    assert may(clara, PATIENT_READ, vera)
    assert not may(sven, PATIENT_READ, vera)
    assert offer == make_offer(clara, vera, hill)


def test_accepted_the_patient_is_there_with_everything_and_here_no_more(clara: User, sven: User, hill: Clinic) -> None:
    plan = make_plan(clara)
    case: Case = plan.assessment.case
    reminders = make_reminders(clara, plan)
    save_entry(by=clara, case=case, key="albumin", raw={"value": "40"})
    findings = findings_of(case).count()

    transferred(clara, case.patient, sven, number="H-7")

    case = Case.objects.get(pk=case.pk)
    assert (case.patient.clinic, case.patient.number) == (hill, "H-7")
    assert may(sven, CASE_WRITE, case)
    assert not may(clara, PATIENT_READ, case)
    assert findings_of(case).count() == findings > 0
    assert draft_of(case).count() == 1
    assert {one.clinic_id for one in Reminder.objects.filter(review=plan)} == {hill.pk}
    shown = worklist(sven, only_mine=False)
    assert {one.pk for one in (*shown.overdue, *shown.due, *shown.upcoming)} & {one.pk for one in reminders.values()}
    gone = worklist(clara, only_mine=False)
    assert not (*gone.overdue, *gone.due, *gone.upcoming, *gone.done)
    event = Event.objects.get(action="transfer.accepted")
    assert event.detail["patient"] == str(case.patient_id)


def test_what_was_begun_is_read_there_and_signed_by_nobody(clara: User, sven: User) -> None:
    case = make_sclerosis_case(clara)
    review = start_review(by=clara, assessment=assess_case(by=clara, case=case))
    transferred(clara, case.patient, sven)

    assert not unsigned_of(clara).exists()
    review.refresh_from_db()
    review.assessment.case.patient.refresh_from_db()
    assert may(sven, PATIENT_READ, review)
    with pytest.raises(Http404):
        sign(by=clara, review=review)
    assert start_review(by=sven, assessment=review.assessment).reviewer == sven


def test_the_old_clinic_keeps_one_line_and_the_number_for_nobody_else(clara: User, sven: User, hill: Clinic) -> None:
    vera = transferred(clara, make_patient(clara, number="A-17"), sven)

    assert not search_patients(clara, "A-17").exists()
    (line,) = left_with_number(clara, "A-1")
    assert (line.number, line.to_clinic) == ("A-17", hill)
    assert not left_with_number(sven, "A-17")
    with pytest.raises(ValidationError, match="Number A-17 belonged to a patient who left this clinic on"):
        make_patient(clara, number="A-17")
    assert [one.number for one in vera.past_numbers.all()] == ["A-17"]


def test_back_again_under_the_old_number(clara: User, sven: User, riverside: Clinic) -> None:
    vera = transferred(clara, make_patient(clara, number="A-17"), sven)

    transferred(sven, vera, clara, number="A-17")

    assert search_patients(clara, "A-17").get() == vera
    assert not left_with_number(clara, "A-17")
    transferred(clara, Patient.objects.get(pk=vera.pk), sven, number="H-1")
    assert [one.number for one in left_with_number(clara, "A-17")] == ["A-17"]


def test_a_number_that_is_taken_is_named_and_nothing_has_happened(clara: User, sven: User, hill: Clinic) -> None:
    make_patient(sven, number="H-1")
    vera = make_patient(clara, number="A-17")
    offer = make_offer(clara, vera, hill)

    with pytest.raises(ValidationError, match="Number H-1 belongs to another patient"), transaction.atomic():
        accept_transfer(by=sven, offer=offer, number=" H-1 ")
    with pytest.raises(ValidationError, match="number is missing"), transaction.atomic():
        accept_transfer(by=sven, offer=offer, number="  ")

    vera.refresh_from_db()
    assert (vera.clinic, vera.number) == (clara.clinic, "A-17")
    assert not vera.past_numbers.exists()
    assert accept_transfer(by=sven, offer=offer, number="H-2").number == "H-2"
    assert accept_transfer(by=sven, offer=offer, number="H-2").number == "H-2"


def test_declined_with_a_reason_and_withdrawn(clara: User, sven: User, hill: Clinic) -> None:
    vera = make_patient(clara)
    offer = make_offer(clara, vera, hill)
    with pytest.raises(ValidationError, match="reason is missing"):
        decline_transfer(by=sven, offer=offer, answer=" ")

    decline_transfer(by=sven, offer=offer, answer="No room.")
    with pytest.raises(Conflict, match="declined by Sven Holt"):
        withdraw_transfer(by=clara, offer=offer)

    second = make_offer(clara, vera, hill)
    withdraw_transfer(by=clara, offer=second)
    with pytest.raises(Conflict, match="withdrawn by Dr Clara Winter"):
        accept_transfer(by=sven, offer=second, number="H-1")


def test_each_side_does_only_its_own_part(clara: User, sven: User, nadia: User, hill: Clinic) -> None:
    vera = make_patient(clara)
    third = make_user("tom", "Tom Third", "clinician", clinic=make_clinic("Third clinic"))
    offer = make_offer(clara, vera, hill)

    attempts: list[tuple[type[Exception], Callable[[], object]]] = [
        (Http404, lambda: accept_transfer(by=clara, offer=offer, number="1")),
        (Http404, lambda: decline_transfer(by=clara, offer=offer, answer="No.")),
        (Http404, lambda: withdraw_transfer(by=sven, offer=offer)),
        (Http404, lambda: accept_transfer(by=third, offer=offer, number="1")),
        (Http404, lambda: offer_transfer(by=sven, patient=vera, clinic=hill, reason="Mine.")),
        (PermissionDenied, lambda: offer_transfer(by=nadia, patient=vera, clinic=hill, reason="x")),
    ]
    for error, attempt in attempts:
        with pytest.raises(error):
            attempt()
    with pytest.raises(ValidationError, match="in this clinic already"):
        offer_transfer(by=clara, patient=vera, clinic=vera.clinic, reason="x")
    with pytest.raises(Conflict, match="Withdraw that offer first"):
        assert third.clinic is not None
        make_offer(clara, vera, third.clinic)


def test_the_database_keeps_an_offer_as_it_ended_and_one_at_a_time(clara: User, sven: User, hill: Clinic) -> None:
    vera = make_patient(clara)
    offer = make_offer(clara, vera, hill)
    row: dict[str, Any] = {
        "patient": vera,
        "number": "1",
        "from_clinic": vera.clinic,
        "to_clinic": hill,
        "reason": "x",
        "offered_by": clara,
    }
    for wrong in ({}, {"reason": "", "patient": make_patient(clara)}, {"to_clinic": vera.clinic, "patient": make_patient(clara)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            TransferOffer.objects.create(**{**row, **wrong})
    withdraw_transfer(by=clara, offer=offer)
    for change in ({"end": "", "ended_at": None, "ended_by": None}, {"end": "accepted"}, {"reason": "Another."}):
        with pytest.raises(IntegrityError, match="stays as it was"), transaction.atomic():
            TransferOffer.objects.filter(pk=offer.pk).update(**change)


def test_the_database_gives_a_past_number_to_nobody_and_a_reminder_no_other_clinic(clara: User, sven: User, hill: Clinic) -> None:
    reminder = make_reminders(clara)[ONCE]
    transferred(clara, make_patient(clara, number="A-17"), sven)

    with pytest.raises(IntegrityError, match="has left the clinic"), transaction.atomic():
        Patient.objects.create(clinic=clara.clinic, number="A-17", family_name="X", given_name="Y")
    with pytest.raises(IntegrityError, match="reminder_of_its_patients_clinic"), transaction.atomic():
        Reminder.objects.filter(pk=reminder.pk).update(clinic=hill)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_whoever_was_let_in_before_writes_nothing_afterwards(clara: User, sven: User) -> None:
    reminder = make_reminders(clara)[ONCE]
    case = Case.objects.select_related("patient").get(pk=reminder.review.assessment.case_id)
    stale = Reminder.objects.select_related("patient").get(pk=reminder.pk)
    transferred(clara, Patient.objects.get(pk=case.patient_id), sven)

    attempts: tuple[Callable[[], object], ...] = (
        lambda: save_entry(by=clara, case=case, key="albumin", raw={"value": "40"}),
        lambda: open_case(by=clara, patient=case.patient),
        lambda: close_reminder(by=clara, reminder=stale, outcome="done"),
        lambda: assess_case(by=clara, case=case),
    )
    for attempt in attempts:
        with pytest.raises(Conflict, match="transferred to another clinic"):
            attempt()
    assert not DraftEntry.objects.filter(case=case).exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_accept_and_one_who_withdraws_one_wins_and_the_others_hear_so(clara: User, sven: User, hill: Clinic) -> None:
    sara = make_user("sara", "Sara Holt", "clinician", clinic=hill)
    vera = make_patient(clara)
    offer = make_offer(clara, vera, hill)

    answers = at_once(
        lambda: accept_transfer(by=sven, offer=offer, number="H-1"),
        lambda: accept_transfer(by=sara, offer=offer, number="H-2"),
        lambda: withdraw_transfer(by=clara, offer=offer),
    )

    assert sum(isinstance(answer, Conflict) for answer in answers) == 2, answers
    offer.refresh_from_db()
    vera.refresh_from_db()
    assert (offer.end == "accepted") == (vera.clinic == hill)
    assert Event.objects.filter(action__in=["transfer.accepted", "transfer.withdrawn"]).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_number_left_in_this_moment_is_given_to_nobody(clara: User, sven: User, hill: Clinic) -> None:
    offer = make_offer(clara, make_patient(clara, number="A-17"), hill)
    new = {"family_name": "New", "given_name": "Nora", "birth_date": None, "sex": ""}

    at_once(
        lambda: accept_transfer(by=sven, offer=offer, number="H-1"),
        *[lambda: create_patient(by=clara, number="A-17", **new)] * 3,
    )

    assert not Patient.objects.filter(clinic=clara.clinic, number="A-17").exists()
