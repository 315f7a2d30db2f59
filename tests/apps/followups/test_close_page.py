"""Closing a reminder in the list, and on a page of its own."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from calcinosis_app.accounts.models import User
from calcinosis_app.followups.models import Reminder
from tests.apps.patients.ladder import assert_guarded
from tests.cast import SignIn
from tests.factories.reminder import OF_TREATMENT, ONCE, make_reminders

HTMX = {"HX-Request": "true"}


@pytest.fixture
def reminders(clara: User) -> dict[str, Reminder]:
    return make_reminders(clara)


@pytest.fixture
def client(nadia: User, sign_in: SignIn) -> Client:
    return sign_in(nadia)


def url(reminder: Reminder) -> str:
    return reverse("followups:close", args=[reminder.pk])


def answer(**changes: str) -> dict[str, str]:
    yesterday = datetime.now(tz=UTC) - timedelta(days=1)
    return {"outcome": "done", "done_on": f"{yesterday:%Y-%m-%d}", "text": "", **changes}


def test_the_form_opens_inside_the_list(client: Client, reminders: dict[str, Reminder]) -> None:
    entry = client.get(url(reminders[ONCE]), headers=HTMX).text

    assert entry.lstrip().startswith('<li class="reminder"')
    assert "What became of it?" in entry
    assert "ends here" not in entry


def test_only_what_comes_again_may_end(client: Client, reminders: dict[str, Reminder]) -> None:
    assert "ends here" in client.get(url(reminders[OF_TREATMENT]), headers=HTMX).text


def test_closed_in_the_list_it_says_what_follows(client: Client, nadia: User, reminders: dict[str, Reminder]) -> None:
    response = client.post(url(reminders[OF_TREATMENT]), answer(text="healing well"), headers=HTMX)

    assert response.status_code == 200
    assert 'id="said" hx-swap-oob' in response.text
    assert "healing well" in response.text
    assert "Next due" in response.text
    closed = Reminder.objects.get(pk=reminders[OF_TREATMENT].pk)
    assert (closed.state, closed.closed_by) == ("done", nadia)


def test_it_may_end_here(client: Client, reminders: dict[str, Reminder]) -> None:
    response = client.post(url(reminders[OF_TREATMENT]), answer(ends="on"), headers=HTMX)

    assert "No further one follows." in response.text
    assert not Reminder.objects.filter(follows=reminders[OF_TREATMENT]).exists()


def test_without_htmx_it_is_a_page(client: Client, reminders: dict[str, Reminder]) -> None:
    form = client.get(url(reminders[ONCE])).text
    done = client.post(url(reminders[ONCE]), answer(), follow=True)

    assert "patient-header" in form
    assert done.redirect_chain == [(reverse("followups:reminder", args=[reminders[ONCE].pk]), 302)]
    assert "closed by Nadia Brook" in done.text


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"outcome": ""}, "Choose what became of it."),
        ({"outcome": "taken_over"}, "Select a valid choice"),
        ({"outcome": "not_needed"}, "Say in a few words why it is no longer needed"),
        ({"done_on": "5.1."}, "This is not a day"),
        ({"done_on": ""}, "The day is missing"),
        ({"done_on": "2999-01-01"}, "lies in the future"),
        ({"text": "x" * 2001}, "2000"),
    ],
)
def test_wrong_input_is_shown_beside_its_field(client: Client, reminders: dict[str, Reminder], wrong: dict[str, str], says: str) -> None:
    response = client.post(url(reminders[ONCE]), answer(**wrong), headers=HTMX)

    assert response.status_code == 422
    assert says in response.text
    assert "data-error-summary" in response.text
    assert Reminder.objects.get(pk=reminders[ONCE].pk).is_open


def test_closed_by_somebody_else_in_the_meantime(client: Client, clara: User, sign_in: SignIn, reminders: dict[str, Reminder]) -> None:
    sign_in(clara).post(url(reminders[ONCE]), answer(outcome="declined"))

    assert client.post(url(reminders[ONCE]), answer(), headers=HTMX).status_code == 409


@pytest.mark.parametrize("method", ["get", "post"])
def test_who_may_not(clara: User, nadia: User, karl: User, sven: User, sign_in: SignIn, method: str) -> None:
    reminder = make_reminders(clara)[ONCE]

    assert_guarded("followups:close", reminder.pk, sign_in, stranger=sven, wrong_role=karl, right=nadia, method=method)


def test_the_page_of_one_reminder_is_guarded_too(clara: User, nadia: User, karl: User, sven: User, sign_in: SignIn) -> None:
    reminder = make_reminders(clara)[ONCE]

    assert_guarded("followups:reminder", reminder.pk, sign_in, stranger=sven, wrong_role=karl, right=nadia)
    assert sign_in(nadia).get(reverse("followups:reminder", args=[reminder.pk])).status_code == 200


def test_what_is_not_there(client: Client) -> None:
    assert client.post(reverse("followups:close", args=[uuid4()]), answer()).status_code == 404
