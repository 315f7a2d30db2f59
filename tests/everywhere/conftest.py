"""Who else is needed where every address is looked at."""

import pytest
from django.utils import timezone

from calcinosis_app.accounts.models import User
from calcinosis_app.core import heartbeats
from tests.factories.user import make_clinic, make_user


@pytest.fixture
def tilda(release: object) -> User:
    """A clinician of a third clinic, from whom patients come and to whom they go."""
    return make_user("tilda", "Tilda Quay", "clinician", clinic=make_clinic("Quay clinic"))


@pytest.fixture(autouse=True)
def just_started(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long the tests have run, the worker that they did not start is not missed yet."""
    monkeypatch.setattr(heartbeats, "STARTED", timezone.now())
