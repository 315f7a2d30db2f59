"""One-time links: who gets one, what it does, and how often."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from calcinosis_app.accounts import actions
from calcinosis_app.accounts.models import Clinic, OneTimeLink, User
from calcinosis_app.accounts.permissions import PEOPLE_MANAGE
from calcinosis_app.accounts.policy import may
from calcinosis_app.audit.models import Event
from calcinosis_app.core.errors import Conflict
from tests.factories.user import PASSWORD

pytestmark = pytest.mark.django_db
USE = reverse("accounts:use_link")
NEW = {"new_password1": "another walk by the lake", "new_password2": "another walk by the lake"}
OLGA = {"username": "olga", "display_name": "Olga Reed", "email": "", "roles": ["nurse"]}


def open_link(client: Client, secret: str) -> Any:
    return client.get(reverse("accounts:open_link", args=[secret]), follow=True)


def test_an_invited_person_chooses_a_password_and_is_in(ada: User, client: Client) -> None:
    olga, secret = actions.invite(by=ada, **OLGA)
    page = open_link(client, secret)
    assert page.redirect_chain == [(USE, 302)]
    assert "You sign in as <b>olga</b>" in page.text

    assert client.post(USE, NEW)["Location"] == "/"
    assert client.get(reverse("patients:search")).status_code == 200
    assert client.login(username="olga", password=NEW["new_password1"])
    said = list(Event.objects.filter(subject_id=str(olga.pk)).order_by("id").values_list("action", flat=True))
    assert said == ["user.created", "role.given", "link.made", "link.used", "user.signed_in"]


def test_a_link_works_once(ada: User) -> None:
    secret = actions.invite(by=ada, **OLGA)[1]
    first, second = Client(), Client()
    open_link(first, secret)
    open_link(second, secret)
    first.post(USE, NEW)

    refused = second.post(USE, NEW)

    assert refused.status_code == 410
    assert "This link cannot be used" in refused.text
    assert "_auth_user_id" not in second.session


def test_a_link_expires(ada: User, client: Client) -> None:
    secret = actions.invite(by=ada, **OLGA)[1]

    with time_machine.travel(timezone.now() + timedelta(days=7, seconds=1)):
        assert open_link(client, secret).status_code == 410
        with pytest.raises(Conflict):
            actions.use_link(secret=secret, password=PASSWORD)


@pytest.mark.parametrize("secret", ["x", "a" * 43, "%00", "☃"])
def test_a_link_that_is_none_gets_the_same_page(client: Client, secret: str, db: None) -> None:
    assert open_link(client, secret).status_code == 410


def test_a_newer_link_ends_the_older_one(ada: User, client: Client) -> None:
    olga, old = actions.invite(by=ada, **OLGA)
    new = actions.link_for(by=ada, user=olga)

    assert open_link(client, old).status_code == 410
    assert open_link(client, new).status_code == 200


def test_a_weak_password_leaves_the_link_good(ada: User, client: Client) -> None:
    open_link(client, actions.invite(by=ada, **OLGA)[1])

    refused = client.post(USE, {"new_password1": "short", "new_password2": "short"})
    assert refused.status_code == 422
    assert "too short" in refused.text
    assert client.post(USE, NEW).status_code == 302


def test_a_new_password_ends_the_sessions_and_asks_for_the_second_factor(ada: User, clara: User) -> None:
    elsewhere, here = Client(), Client()
    elsewhere.post(reverse("accounts:sign_in"), {"username": "clara", "password": PASSWORD})
    open_link(here, actions.link_for(by=ada, user=clara))
    here.post(USE, NEW)

    assert here.get(reverse("patients:search")).status_code == 200
    assert elsewhere.get(reverse("patients:search")).status_code == 302


def test_only_an_administrator_of_the_clinic_makes_links(ada: User, clara: User, sven: User) -> None:
    with pytest.raises(PermissionDenied):
        actions.invite(by=clara, **OLGA)
    with pytest.raises(PermissionDenied):
        actions.link_for(by=clara, user=clara)
    with pytest.raises(Http404):
        actions.link_for(by=ada, user=sven)


def test_somebody_deactivated_gets_no_link_and_cannot_use_one(ada: User, clara: User, client: Client) -> None:
    secret = actions.link_for(by=ada, user=clara)
    actions.deactivate(by=ada, user=clara)

    assert open_link(client, secret).status_code == 410
    with pytest.raises(ValidationError, match="Reactivate first"):
        actions.link_for(by=ada, user=clara)


def test_nothing_stored_is_the_secret(ada: User) -> None:
    secret = actions.invite(by=ada, **OLGA)[1]
    assert not OneTimeLink.objects.filter(secret_hash__contains=secret).exists()
    assert not [event for event in Event.objects.all() if secret in str(event.detail)]


def test_the_database_lets_no_used_link_begin_again(ada: User) -> None:
    secret = actions.invite(by=ada, **OLGA)[1]
    actions.use_link(secret=secret, password=PASSWORD)
    with pytest.raises(IntegrityError, match="has ended"), transaction.atomic():
        OneTimeLink.objects.update(ended_at=None, end="")


# --- the first administrator ----------------------------------------------------------------------
FIRST = {
    "clinic_name": "Riverside clinic",
    "time_zone": "Europe/Berlin",
    "jurisdiction": "eu",
    "display_name": "Ada Moss",
    "username": "ada",
    "new_password1": PASSWORD,
    "new_password2": PASSWORD,
}


def first_link() -> str:
    said = StringIO()
    call_command("first_administrator", stdout=said, address="https://c.example")
    return said.getvalue().strip().rpartition("/link/")[2].strip("/")


def test_the_first_administrator_comes_by_a_link(client: Client) -> None:
    page = open_link(client, first_link())
    assert "You set up this installation" in page.text

    assert client.post(USE, FIRST)["Location"] == "/"
    ada = User.objects.get(username="ada")
    assert may(ada, PEOPLE_MANAGE)
    assert ada.clinic == Clinic.objects.get(name="Riverside clinic")
    assert first_link() == ""


def test_each_start_ends_the_link_of_the_one_before(client: Client) -> None:
    first = first_link()
    second = first_link()
    assert open_link(client, first).status_code == 410
    assert open_link(client, second).status_code == 200


def test_of_two_who_open_it_one_becomes_the_first_administrator() -> None:
    secret = first_link()
    one, other = Client(), Client()
    open_link(one, secret)
    open_link(other, secret)
    one.post(USE, FIRST)

    assert other.post(USE, {**FIRST, "username": "eve"}).status_code == 410
    assert not User.objects.filter(username="eve").exists()


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [("time_zone", "Mars/Base", "not one of the available"), ("username", "a b", "valid username"), ("new_password2", "x", "match")],
)
def test_a_mistake_is_named_and_what_was_typed_stays(client: Client, field: str, value: str, says: str) -> None:
    open_link(client, first_link())
    refused = client.post(USE, {**FIRST, field: value})
    assert refused.status_code == 422
    assert says in refused.text
    assert 'value="Ada Moss"' in refused.text
    assert not User.objects.exists()


# --- forgotten passwords --------------------------------------------------------------------------
FORGOTTEN = reverse("accounts:forgotten")


def test_without_a_mail_server_the_page_says_whom_to_ask(client: Client, clara: User) -> None:
    page = client.get(FORGOTTEN)
    assert "Ask an administrator" in page.text
    assert "<form" not in page.text
    client.post(FORGOTTEN, {"username": "clara"})
    assert not OneTimeLink.objects.exists()


@pytest.fixture
def mailing(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.RESET_BY_EMAIL = True
    settings.ADDRESS = "https://calcinosis.example"
    settings.CELERY_TASK_ALWAYS_EAGER = True


def ask(client: Client, name: str) -> Any:
    return client.post(FORGOTTEN, {"username": name})


@pytest.mark.usefixtures("mailing", "services")
def test_the_link_comes_by_mail_and_the_answer_tells_nothing(clara: User, nadia: User) -> None:
    User.objects.filter(pk=clara.pk).update(email="clara@riverside.example")

    answers = [ask(Client(), name) for name in ("clara", "nadia", "nobody")]
    actions.mail_links()

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    (sent,) = mail.outbox
    assert sent.to == ["clara@riverside.example"]
    secret = sent.body.partition("https://calcinosis.example/link/")[2].split("/")[0]
    client = Client()
    open_link(client, secret)
    assert client.post(USE, NEW).status_code == 302
    assert actions.mail_links() == 0


@pytest.mark.usefixtures("mailing", "services")
def test_asking_often_sends_one_mail_and_does_not_end_what_an_administrator_made(ada: User, clara: User, client: Client) -> None:
    User.objects.filter(pk=clara.pk).update(email="clara@riverside.example")
    secret = actions.link_for(by=ada, user=clara)

    answers = [ask(client, "clara").status_code for _ in range(4)]
    actions.mail_links()

    assert answers == [200, 200, 200, 429]
    assert len(mail.outbox) == 1
    assert open_link(client, secret).status_code == 200


@pytest.mark.usefixtures("mailing")
def test_a_mail_server_that_refuses_loses_nothing(clara: User, settings: Any) -> None:
    User.objects.filter(pk=clara.pk).update(email="clara@riverside.example")
    actions.ask_for_link(username="clara")
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert actions.mail_links() == 0

    settings.EMAIL_BACKEND = working
    assert actions.mail_links() == 1


@pytest.mark.django_db(transaction=True)
def test_ten_who_use_one_link_at_once_are_one_person(ada: User) -> None:
    olga, secret = actions.invite(by=ada, **OLGA)

    def use(n: int) -> str:
        try:
            actions.use_link(secret=secret, password=f"walk number {n} by the lake")
        except Conflict:
            return "refused"
        finally:
            connection.close()
        return f"walk number {n} by the lake"

    with ThreadPoolExecutor(10) as pool:
        answers = sorted(pool.map(use, range(10)))

    (password,) = [answer for answer in answers if answer != "refused"]
    olga.refresh_from_db()
    assert olga.check_password(password)
    assert Event.objects.filter(action="link.used").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_invitations_under_one_name_at_once_make_one_person_and_one_sentence(ada: User) -> None:
    def invite(_: int) -> str:
        try:
            actions.invite(by=ada, **OLGA)
        except ValidationError as error:
            return " ".join(error.messages)
        finally:
            connection.close()
        return "invited"

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(invite, range(8)))

    assert answers.count("invited") == 1
    assert all("already exists" in answer for answer in answers if answer != "invited")


def test_a_corrected_address_ends_what_was_mailed_to_the_old_one(ada: User, clara: User, settings: Any) -> None:
    settings.RESET_BY_EMAIL = True
    User.objects.filter(pk=clara.pk).update(email="wrong@riverside.example")
    handed_over = actions.link_for(by=ada, user=clara)
    actions.ask_for_link(username="clara")
    actions.mail_links()
    secret = mail.outbox[0].body.partition("/link/")[2].partition("/")[0]
    actions.change_person(by=ada, user=clara, display_name="Dr Clara Winter", email="right@riverside.example")
    with pytest.raises(Conflict):
        actions.use_link(secret=secret, password="a sentence of a stranger")
    assert actions.use_link(secret=handed_over, password="a sentence of her own") == clara


def test_an_asked_for_link_is_not_sent_to_a_corrected_address_without_asking_again(ada: User, clara: User) -> None:
    User.objects.filter(pk=clara.pk).update(email="wrong@riverside.example")
    actions.ask_for_link(username="clara")
    actions.change_person(by=ada, user=clara, display_name="Dr Clara Winter", email="right@riverside.example")
    assert actions.mail_links() == 0


def test_a_new_password_by_link_revokes_the_tokens_and_the_page_says_so(ada: User, clara: User) -> None:
    actions.make_token(by=clara, label="laboratory")
    secret = actions.link_for(by=ada, user=clara)
    browser = Client()
    page = browser.get(reverse("accounts:open_link", args=[secret]), follow=True)
    assert "your tokens for programs are revoked" in page.text
    actions.use_link(secret=secret, password="a sentence of her own")
    assert not clara.tokens.filter(revoked_at=None).exists()
    assert Event.objects.filter(action="token.revoked").count() == 1
