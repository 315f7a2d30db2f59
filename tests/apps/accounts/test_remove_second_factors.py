"""The way in for whoever an operator has to help."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from calcinosis_app.accounts.selectors import has_second_factor
from calcinosis_app.audit.models import Event
from tests.apps.accounts.second_factors import give_app
from tests.factories.user import make_user

pytestmark = pytest.mark.django_db


def test_an_operator_removes_what_a_person_cannot_use_any_more() -> None:
    user, other = make_user("ada", "Ada Moss", clinic=None), make_user("otto", "Otto Reed", clinic=None)
    give_app(user)
    give_app(other)
    said = StringIO()
    call_command("remove_second_factors", of=user.username, stdout=said)
    assert "password alone" in said.getvalue()
    assert not has_second_factor(user)
    assert has_second_factor(other)
    event = Event.objects.get(action="second_factor.removed")
    assert (event.actor_id, event.subject_id) == ("system:remove_second_factors", str(user.pk))

    call_command("remove_second_factors", of=user.username, stdout=said)
    assert "nothing changed" in said.getvalue()
    assert Event.objects.filter(action="second_factor.removed").count() == 1


def test_a_name_that_nobody_has_is_named() -> None:
    with pytest.raises(CommandError, match="Nobody signs in as 'nobody'"):
        call_command("remove_second_factors", of="nobody")
