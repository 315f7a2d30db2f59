"""The cast: a few named people whom every test knows.

Clara Winter (clinician), Nadia Brook (nurse), Karl Ebner (curator), Aya Prince (approver) and
Ada Moss (administrator) work at Riverside clinic. Sven Holt is a clinician of Hill clinic: the
stranger, who must see nothing of Riverside.
"""

from collections.abc import Callable

import pytest
from django.test import Client

from calcinosis_app.accounts.models import Clinic, User
from calcinosis_app.rulebooks.models import Release
from tests.factories.release import stored_release
from tests.factories.user import make_clinic, make_user

SignIn = Callable[[User], Client]


@pytest.fixture
def release(db: None) -> Release:
    """The rules that came with the product, stored as in every installation."""
    return stored_release()


@pytest.fixture
def riverside(release: Release) -> Clinic:
    return make_clinic("Riverside clinic")


@pytest.fixture
def hill(release: Release) -> Clinic:
    return make_clinic("Hill clinic", time_zone="Europe/London", jurisdiction="uk")


@pytest.fixture
def clara(riverside: Clinic) -> User:
    return make_user("clara", "Dr Clara Winter", "clinician", clinic=riverside)


@pytest.fixture
def nadia(riverside: Clinic) -> User:
    return make_user("nadia", "Nadia Brook", "nurse", clinic=riverside)


@pytest.fixture
def karl(riverside: Clinic) -> User:
    return make_user("karl", "Karl Ebner", "curator", clinic=riverside)


@pytest.fixture
def aya(riverside: Clinic) -> User:
    return make_user("aya", "Aya Prince", "approver", clinic=riverside)


@pytest.fixture
def ada(riverside: Clinic) -> User:
    return make_user("ada", "Ada Moss", "administrator", clinic=riverside)


@pytest.fixture
def sven(hill: Clinic) -> User:
    return make_user("sven", "Sven Holt", "clinician", clinic=hill)


@pytest.fixture
def sign_in() -> SignIn:
    """Gives a browser of its own, signed in as the person."""

    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return signed_in
