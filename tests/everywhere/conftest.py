"""Who else is needed where every address is looked at."""

import pytest

from calcinosis_app.accounts.models import User
from tests.factories.user import make_clinic, make_user


@pytest.fixture
def tilda(release: object) -> User:
    """A clinician of a third clinic, from whom patients come and to whom they go."""
    return make_user("tilda", "Tilda Quay", "clinician", clinic=make_clinic("Quay clinic"))
