"""What no page of ours sends, and somebody sends all the same: an answer that says so, and the case stays usable."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from calcinosis_app.accounts.models import User
from calcinosis_app.patients.models import Case, Patient
from tests.cast import SignIn
from tests.factories.assessment import make_review
from tests.factories.case import make_case, only_lesion
from tests.factories.patient import make_patient
from tests.factories.reminder import ONCE, make_reminders


@pytest.fixture
def case(clara: User) -> Case:
    return make_case(clara)


@pytest.fixture
def client(clara: User, sign_in: SignIn) -> Client:
    return sign_in(clara)


def save(client: Client, case: Case, **sent: Any) -> int:
    return client.post(reverse("desk:save", args=[case.pk]), sent).status_code


def entry(client: Client, case: Case, **query: str) -> Any:
    return client.get(reverse("desk:entry", args=[case.pk]), query)


def test_a_day_that_is_none_is_named_whatever_the_fact(client: Client, case: Case) -> None:
    lesion = str(only_lesion(case).pk)
    assert save(client, case, key="painful", lesion=lesion, answer="yes", date="yesterday") == 200

    assert entry(client, case).status_code == 200
    assert "is not a day" in client.post(reverse("desk:record", args=[case.pk]), follow=True).text


@pytest.mark.parametrize("key", ["conditions", "drugs"])
def test_a_list_is_not_entered_as_one(client: Client, case: Case, key: str) -> None:
    assert save(client, case, key=key, answer="yes") == 400
    assert client.post(reverse("desk:answer", args=[case.pk]), {"key": key, "of": "", "answer": "yes"}).status_code == 400
    assert entry(client, case, show=key).status_code == 200


def test_the_character_nul_is_refused_in_every_form(client: Client, clara: User) -> None:
    review = make_review(clara)
    case, reminder = review.assessment.case, make_reminders(clara)[ONCE]
    step = {"row": "work_up.radiograph", "decision": "will_review", "text": "a\0b"}
    addresses: dict[str, dict[str, str]] = {
        reverse("desk:save", args=[case.pk]): {"key": "ca_total", "value": "9\0"},
        reverse("desk:answer", args=[case.pk]): {"key": "ssc", "of": "", "answer": "\0"},
        reverse("desk:answers", args=[review.assessment_id]): {"key": "ssc", "of": "", "answer:ssc:": "\0"},
        reverse("desk:decide", args=[review.pk]): step,
        reverse("desk:override_type", args=[review.pk]): {"lesion": "\0", "withdraw": "1"},
        reverse("desk:note", args=[review.pk]): {"note": "\0"},
        reverse("desk:sign", args=[review.pk]): {"note": "\0"},
        reverse("followups:close", args=[reminder.pk]): {"outcome": "done", "text": "\0"},
        reverse("patients:search"): {"text": "\0"},
    }

    answered = {address: client.post(address, sent).status_code for address, sent in addresses.items()}

    assert answered == dict.fromkeys(addresses, 400)


def test_a_case_that_cannot_be_judged_says_why(client: Client, case: Case) -> None:
    Patient.objects.filter(pk=case.patient_id).update(birth_date=date(1801, 1, 1))  # an import may have let it in

    answered = client.post(reverse("desk:assess", args=[case.pk]), follow=True)

    assert answered.redirect_chain[0][0] == reverse("desk:entry", args=[case.pk])
    assert "cannot be assessed as it is recorded" in answered.text


def test_nobody_was_born_two_centuries_ago(client: Client, clara: User) -> None:
    sent = {"family_name": "Lind", "given_name": "Vera", "number": "7", "birth_date": "1801-01-01"}

    answered = client.post(reverse("patients:create"), sent)

    assert answered.status_code == 422
    assert "more than 150 years ago" in answered.text
    assert make_patient(clara, birth_date=date(1920, 1, 1)).birth_date


def test_signing_twice_with_the_same_note_is_signing_once(client: Client, clara: User) -> None:
    review = make_review(clara)
    address = reverse("desk:sign", args=[review.pk])

    answered = [client.post(address, {"note": "Seen with the patient."}) for _ in range(2)]

    assert [one["Location"] for one in answered] == [reverse("desk:assessment", args=[review.assessment_id])] * 2
    assert client.post(address, {"note": "Something else."}).status_code == 409


def test_what_was_typed_does_not_travel_in_a_cookie(client: Client, case: Case) -> None:
    save(client, case, key="ca_total", value="9.8", unit="mg/dL")
    client.post(reverse("desk:record", args=[case.pk]))

    assert set(client.cookies) <= {"sessionid", "csrftoken"}
