"""What everybody does for the own account."""

from datetime import timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from calcinosis_app.accounts import actions
from calcinosis_app.accounts.actions import make_token
from calcinosis_app.accounts.models import ApiToken, User
from calcinosis_app.audit.models import Event
from calcinosis_app.core.errors import Conflict
from tests.factories.user import PASSWORD

pytestmark = pytest.mark.django_db
ACCOUNT = reverse("accounts:account")
PASSWORD_PAGE = reverse("accounts:password")
NEW = "another walk by the lake"


def enter(user: User, agent: str = "Browser") -> Client:
    browser = Client(headers={"User-Agent": agent})
    assert browser.post(reverse("accounts:sign_in"), {"username": user.username, "password": PASSWORD}).status_code == 302
    return browser


def inside(browser: Client) -> bool:
    return browser.get(ACCOUNT).status_code == 200


def test_a_new_password_ends_every_other_session(clara: User) -> None:
    here, there = enter(clara), enter(clara)
    typed = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    assert here.post(PASSWORD_PAGE, typed)["Location"] == ACCOUNT
    assert inside(here)
    assert not inside(there)
    assert Event.objects.filter(action="password.changed").count() == 1


def test_a_wrong_present_password_changes_nothing_and_is_counted(clara: User) -> None:
    browser = enter(clara)
    typed = {"old_password": "guess", "new_password1": NEW, "new_password2": NEW}
    pages = [browser.post(PASSWORD_PAGE, typed) for _ in range(6)]
    assert {page.status_code for page in pages} == {422}
    assert "not your password" in pages[0].text
    assert "wrong too often" in pages[5].text
    clara.refresh_from_db()
    assert clara.check_password(PASSWORD)


def test_one_session_and_all_others_are_ended(clara: User) -> None:
    here, there, elsewhere = enter(clara, "Here"), enter(clara, "There"), enter(clara, "Elsewhere")
    page = here.get(ACCOUNT).text
    assert all(agent in page for agent in ("Here", "There", "Elsewhere"))

    here.post(reverse("accounts:end_session", args=[UserSession.objects.get(user_agent="There").pk]))
    assert [inside(one) for one in (here, there, elsewhere)] == [True, False, True]
    here.post(reverse("accounts:end_others"))
    assert [inside(one) for one in (here, there, elsewhere)] == [True, False, False]


@pytest.mark.parametrize(
    ("agent", "shown"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36", "Chrome on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64) AppleWebKit/537.36 Chrome/150.0 Safari/537.36 Edg/150.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 Version/19.0 Safari/604", "Safari on iPhone"),
        ("curl/8.0", "curl/8.0"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("", "unknown"),
    ],
)
def test_a_browser_is_named_so_that_its_person_knows_it(clara: User, agent: str, shown: str) -> None:
    assert shown in enter(clara, agent).get(ACCOUNT).text


def test_somebody_elses_session_and_token_are_not_ones_own(clara: User, nadia: User) -> None:
    browser, nurse = enter(clara), enter(nadia)
    token, _ = make_token(by=nadia, label="list")
    browser.post(reverse("accounts:end_session", args=[UserSession.objects.get(user=nadia).pk]))
    assert inside(nurse)
    assert browser.post(reverse("accounts:revoke_token", args=[token.pk])).status_code == 404


def test_a_token_is_shown_once_and_kept_as_a_hash(clara: User) -> None:
    browser = enter(clara)
    page = browser.post(reverse("accounts:add_token"), {"label": "laboratory"}).text
    secret = page.partition('<code class="secret" data-secret>')[2].partition("<")[0]
    token = ApiToken.objects.get()
    assert secret.startswith("cal_")
    assert secret not in token.secret_hash
    assert secret not in browser.get(ACCOUNT).text

    again = browser.post(reverse("accounts:add_token"), {"label": "laboratory"})
    assert again.status_code == 422
    assert "a token of this name already" in again.text

    browser.post(reverse("accounts:revoke_token", args=[token.pk]))
    browser.post(reverse("accounts:revoke_token", args=[token.pk]))
    assert "laboratory" not in browser.get(ACCOUNT).text.partition("Make a token")[0].partition("Tokens for programs")[2]
    assert list(Event.objects.filter(action__startswith="token.").order_by("id").values_list("action", flat=True)) == [
        "token.made",
        "token.revoked",
    ]


def test_the_database_lets_no_revoked_token_speak_again(clara: User) -> None:
    token, _ = make_token(by=clara, label="laboratory")
    browser = enter(clara)
    browser.post(reverse("accounts:revoke_token", args=[token.pk]))
    with pytest.raises(IntegrityError, match="has ended"), transaction.atomic():
        ApiToken.objects.update(revoked_at=None)


@pytest.mark.parametrize("label", ["", " ", "x" * 101])
def test_a_token_needs_a_name(clara: User, label: str) -> None:
    assert enter(clara).post(reverse("accounts:add_token"), {"label": label}).status_code == 422


def test_a_new_password_ends_the_links_that_lie_about(ada: User, clara: User) -> None:
    secret = actions.link_for(by=ada, user=clara)
    actions.change_password(by=clara, password=NEW, keep="")
    with pytest.raises(Conflict):
        actions.use_link(secret=secret, password="a third sentence of hers")


def test_a_token_is_made_by_whoever_typed_the_password_just_now(clara: User) -> None:
    browser = enter(clara)
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        asked = browser.post(reverse("accounts:add_token"), {"label": "laboratory"})
        assert asked["Location"].startswith(reverse("account_reauthenticate"))
        assert not ApiToken.objects.exists()
        made = browser.post(asked["Location"], {"password": PASSWORD, "next": reverse("accounts:add_token")})
        assert "data-secret" in made.text
        assert ApiToken.objects.get().label == "laboratory"


def test_a_token_revoked_while_it_is_being_used_is_no_error(clara: User) -> None:
    token, _ = make_token(by=clara, label="laboratory")
    actions.revoke_token(by=clara, token=ApiToken.objects.get(pk=token.pk))
    actions.note_use(token)
    assert ApiToken.objects.get(pk=token.pk).last_used_at is None
