"""Old rows that come back let nobody in who was shown out meanwhile."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from calcinosis_app.accounts.actions import make_link, use_link
from calcinosis_app.accounts.models import OneTimeLink
from calcinosis_app.audit.models import Event
from calcinosis_app.core.errors import Conflict
from tests.factories.user import PASSWORD, TESTS, make_clinic, make_user

pytestmark = pytest.mark.django_db


def test_sessions_and_open_links_end() -> None:
    user = make_user("ada", "Ada Moss", "clinician", clinic=make_clinic("North"))
    browser = Client()
    browser.force_login(user)
    inside = reverse("accounts:account")
    assert browser.get(inside).status_code == 200
    _, secret = make_link(by=TESTS, kind=OneTimeLink.Kind.NEW_PASSWORD, user=user)
    now = timezone.now()
    OneTimeLink.objects.create(
        kind=OneTimeLink.Kind.NEW_PASSWORD, user=user, by_mail=True, made_at=now, expires_at=now + timedelta(hours=1)
    )

    call_command("note_restore", as_of="2026-01-01T00:00:00+00:00", product="1")

    assert browser.get(inside).status_code == 302
    with pytest.raises(Conflict):
        use_link(secret=secret, password=PASSWORD + " again")
    assert not OneTimeLink.objects.filter(ended_at=None).exists()
    event = Event.objects.get(action="installation.restored")
    assert event.actor_id == "system:restore"
    assert (event.detail["sessions_ended"], event.detail["links_ended"]) == (1, 2)
