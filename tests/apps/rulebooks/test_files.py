"""A release can be taken away, whole."""

import hashlib

import pytest
from django.test import Client
from django.urls import reverse

from calcinosis_app.accounts.models import User
from calcinosis_app.rulebooks.bridge import current
from clinical_rules.exchange import FORMATS, read
from tests.cast import SignIn


@pytest.fixture
def client(karl: User, sign_in: SignIn) -> Client:
    return sign_in(karl)


@pytest.mark.parametrize("form", FORMATS)
def test_a_release_is_taken_away_in_each_form(client: Client, form: str) -> None:
    rules = current()
    page = client.get(reverse("rulebooks:release", args=[rules.number])).text
    address = reverse("rulebooks:file", args=[rules.number, form])

    response = client.get(address)

    assert f'href="{address}" download' in page
    assert response["Content-Type"] == FORMATS[form][1]
    name = f"calcinosis-release-{rules.number}-{rules.hash[:8]}.{FORMATS[form][0]}"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert read(response.content, form) == rules.content


def test_the_hash_of_the_json_file_is_that_of_the_release(client: Client) -> None:
    data = client.get(reverse("rulebooks:file", args=[current().number, "json"])).content

    assert hashlib.sha256(data).hexdigest() == current().hash


@pytest.mark.parametrize(("number", "form"), [(1, "ods"), (99, "xlsx")])
def test_there_is_no_other_form_and_no_other_release(client: Client, number: int, form: str) -> None:
    assert client.get(reverse("rulebooks:file", args=[number, form])).status_code == 404
