"""Each form that makes something, posted many times at the same moment against the live server: one record, one answer."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.test import Client
from django.urls import reverse
from pytest_django.live_server_helper import LiveServer

from calcinosis_app.accounts.models import ApiToken, OneTimeLink, User
from calcinosis_app.assessments.models import Assessment, Review
from calcinosis_app.core.models import OnceKey
from calcinosis_app.followups.models import Reminder
from calcinosis_app.laboratory.models import Import
from calcinosis_app.patients.models import Case, Finding, Lesion, Patient
from tests.at_once import together
from tests.factories.assessment import make_assessment, make_sclerosis_case
from tests.factories.case import make_case
from tests.factories.laboratory import csv_of, result_of
from tests.factories.patient import make_patient
from tests.factories.reminder import OF_TREATMENT, make_reminders
from tests.factories.user import PASSWORD
from tests.posting import Heard, post

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 8


@dataclass(frozen=True)
class Form:
    """One form as its page would send it, and what it makes."""

    path: str
    makes: type[models.Model]
    fields: dict[str, Any] = field(default_factory=dict)
    multipart: bool = False


def patient(by: User) -> Form:
    typed = {"number": "77", "family_name": "Lind", "given_name": "Vera", "birth_date": "1961-05-04", "sex": "female"}
    return Form(reverse("patients:create"), Patient, typed)


def case(by: User) -> Form:
    return Form(reverse("patients:open_case", args=[make_patient(by).pk]), Case, {"title": "Fingertips"})


def lesion(by: User) -> Form:
    return Form(reverse("desk:add_lesion", args=[make_case(by).pk]), Lesion)


def assessment(by: User) -> Form:
    return Form(reverse("desk:assess", args=[make_sclerosis_case(by).pk]), Assessment)


def answered(by: User) -> Form:
    sent = {"option": "x", "key": ["jdm"], "of": [""], "answer:jdm:": "no"}
    return Form(reverse("desk:answers", args=[make_assessment(by).pk]), Finding, sent)


def review(by: User) -> Form:
    return Form(reverse("desk:start_review", args=[make_assessment(by).pk]), Review)


def next_reminder(by: User) -> Form:
    reminder = make_reminders(by)[OF_TREATMENT]
    done = reminder.review.signed_at
    return Form(
        reverse("followups:close", args=[reminder.pk]), Reminder, {"outcome": "done", "done_on": f"{done:%Y-%m-%d}", "text": "well"}
    )


def upload(by: User) -> Form:
    file = SimpleUploadedFile("results.csv", csv_of(result_of(make_patient(by))), "text/csv")
    declared = {"file": file, "laboratory": "Central", "kind": "csv", "encoding": "utf-8", "delimiter": "comma", "decimal": "point"}
    return Form(reverse("laboratory:imports"), Import, {**declared, "dates": "iso"}, multipart=True)


def invitation(by: User) -> Form:
    typed = {"display_name": "Dr Ines Roth", "username": "ines", "email": "", "roles": ["clinician"]}
    return Form(reverse("people:invite"), User, typed)


def token(by: User) -> Form:
    return Form(reverse("accounts:add_token"), ApiToken, {"label": "ward list"})


def link(by: User) -> Form:
    return Form(reverse("people:link", args=[by.clinic.people.exclude(pk=by.pk).get().pk]), OneTimeLink)


@pytest.fixture
def browser(request: pytest.FixtureRequest) -> Callable[[User], Client]:
    """Signed in by the password: a token asks for that."""

    def enter(user: User) -> Client:
        client = Client()
        assert client.post(reverse("accounts:sign_in"), {"username": user.username, "password": PASSWORD}).status_code == 302
        return client

    return enter


def send(live_server: LiveServer, client: Client, form: Form, count: int, key: Callable[[int], str]) -> list[Heard]:
    def one(number: int) -> Heard:
        fields = {name: _again(value) for name, value in form.fields.items()}
        return post(live_server.url, client, form.path, {**fields, "once": key(number)}, multipart=form.multipart)

    return together(count, one)


def _again(value: Any) -> Any:
    if isinstance(value, SimpleUploadedFile):
        value.seek(0)
        return SimpleUploadedFile(value.name or "", value.read(), "text/csv")
    return value


def outcome(heard: Heard) -> tuple[int, str, str]:
    """What a person gets: a page to go to, or a secret that is shown."""
    secret = re.search(r"data-secret>([^<]+)<", heard.text)
    return heard.status, heard.location, secret.group(1) if secret else ""


def test_50_identical_posts_make_one_patient_and_one_answer(
    live_server: LiveServer, clara: User, browser: Callable[[User], Client]
) -> None:
    key = str(uuid4())
    heard = send(live_server, browser(clara), patient(clara), 50, lambda _: key)

    only = Patient.objects.get()
    assert {outcome(one) for one in heard} == {(302, reverse("patients:patient", args=[only.pk]), "")}


def test_50_identical_posts_open_one_case(live_server: LiveServer, clara: User, browser: Callable[[User], Client]) -> None:
    form, key = case(clara), str(uuid4())
    heard = send(live_server, browser(clara), form, 50, lambda _: key)

    assert {outcome(one) for one in heard} == {(302, Case.objects.get().get_absolute_url(), "")}


@pytest.mark.parametrize("make", [lesion, assessment, answered, review, next_reminder])
def test_each_form_of_a_case_makes_one(
    live_server: LiveServer, clara: User, browser: Callable[[User], Client], make: Callable[[User], Form]
) -> None:
    form, key = make(clara), str(uuid4())
    before = form.makes._default_manager.count()

    heard = send(live_server, browser(clara), form, MANY, lambda _: key)

    assert form.makes._default_manager.count() == before + 1, [outcome(one) for one in heard]
    assert len({outcome(one) for one in heard}) == 1
    assert heard[0].status == 302


def test_one_file_is_one_import(live_server: LiveServer, nadia: User, browser: Callable[[User], Client]) -> None:
    form, key = upload(nadia), str(uuid4())
    heard = send(live_server, browser(nadia), form, MANY, lambda _: key)
    assert {outcome(one) for one in heard} == {(302, Import.objects.get().get_absolute_url(), "")}


@pytest.mark.parametrize("make", [invitation, token, link])
def test_whoever_presses_twice_still_sees_the_secret(
    live_server: LiveServer, ada: User, clara: User, browser: Callable[[User], Client], make: Callable[[User], Form]
) -> None:
    form, key = make(ada), str(uuid4())
    before = form.makes._default_manager.count()

    heard = send(live_server, browser(ada), form, MANY, lambda _: key)

    assert form.makes._default_manager.count() == before + 1
    [(status, _, secret)] = {outcome(one) for one in heard}
    assert status == 200
    assert len(secret) > 40


@pytest.mark.parametrize("make", [case, lesion])
def test_without_the_same_key_each_post_makes_one(
    live_server: LiveServer, clara: User, browser: Callable[[User], Client], make: Callable[[User], Form]
) -> None:
    """The safeguard is the key: with a key of its own, each post is another one."""
    form = make(clara)
    before = form.makes._default_manager.count()
    send(live_server, browser(clara), form, 3, lambda _: str(uuid4()))
    assert form.makes._default_manager.count() == before + 3


def test_every_page_with_such_a_form_makes_a_key_of_its_own(ada: User, clara: User, browser: Callable[[User], Client]) -> None:
    pages = {
        clara: [
            reverse("patients:create"),
            reverse("patients:patient", args=[make_patient(clara).pk]),
            reverse("desk:entry", args=[make_case(clara).pk]),
            reverse("desk:assessment", args=[make_assessment(clara).pk]),
            reverse("laboratory:imports"),
            reverse("accounts:account"),
        ],
        ada: [reverse("people:invite"), reverse("people:person", args=[clara.pk])],
    }
    for person, addresses in pages.items():
        client = browser(person)
        for address in addresses:
            keys = [re.findall(r'name="once" value="([0-9a-f-]{36})"', client.get(address).text) for _ in range(2)]
            assert keys[0], address
            assert len({*keys[0], *keys[1]}) == len(keys[0]) + len(keys[1]), address


def test_the_same_page_with_other_words_is_told_and_loses_none(clara: User, browser: Callable[[User], Client]) -> None:
    client, form, key = browser(clara), case(clara), str(uuid4())
    client.post(form.path, {"title": "Fingertips", "once": key})
    told = client.post(form.path, {"title": "Elbow, since May", "once": key})

    assert told.status_code == 409
    assert "with other content" in told.text
    assert "Elbow, since May" in told.text
    assert Case.objects.get().get_absolute_url() in told.text


def test_what_cannot_be_a_key_is_a_bad_request(clara: User, browser: Callable[[User], Client]) -> None:
    form = case(clara)
    assert browser(clara).post(form.path, {"title": "x", "once": "two words"}).status_code == 400
    assert not Case.objects.exists()
    assert not OnceKey.objects.exists()
