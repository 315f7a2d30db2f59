"""The rungs that every page about a patient has in common."""

from uuid import uuid4

from django.test import Client
from django.urls import reverse

from calcinosis_app.accounts.models import User
from tests.cast import SignIn


def assert_guarded(view: str, pk: object, sign_in: SignIn, *, stranger: User, wrong_role: User, right: User, method: str = "get") -> None:
    """Not signed in, wrong role, other clinic's patient, not there."""
    url, nowhere = reverse(view, args=[pk]), reverse(view, args=[uuid4()])

    away = getattr(Client(), method)(url)
    assert away.status_code == 302
    assert away["Location"] == f"{reverse('accounts:sign_in')}?next={url}"

    assert getattr(sign_in(wrong_role), method)(url).status_code == 403
    assert getattr(sign_in(wrong_role), method)(nowhere).status_code == 403
    stranger_sees = getattr(sign_in(stranger), method)(url)
    nobody_sees = getattr(sign_in(right), method)(nowhere)
    assert stranger_sees.status_code == nobody_sees.status_code == 404
    assert "There is nothing at this address" in nobody_sees.text
