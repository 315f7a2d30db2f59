"""The interface describes itself, and the page that shows it runs under a content policy of its own."""

import json
from typing import Any

import jsonschema
import pytest
from django.test import Client
from playwright.sync_api import Page

from calcinosis_app.accounts.models import User
from calcinosis_app.api.schema import ASSESSMENT, ERRORS
from tests.api.calls import post
from tests.api.test_contract_cases import CASE_A, CASE_B, CASE_C
from tests.cast import SignIn

pytestmark = pytest.mark.django_db


def test_the_description_names_what_goes_in_and_comes_out() -> None:
    response = Client().get("/api/v1/schema/?format=json")

    assert response.status_code == 200
    published = json.loads(response.content)
    operation = published["paths"]["/api/v1/assess"]["post"]
    assert set(operation["responses"]) == {"200", "400", "401", "403", "413", "415"}
    case = operation["requestBody"]["content"]["application/json"]["schema"]
    assert case["required"] == ["patient", "lesions"]
    assert operation["security"] == [{"token": []}, {"session": []}]
    assert set(published["paths"]) == {"/api/v1/assess"}


def strict(schema: Any) -> Any:
    """The same for a validator: nothing beyond what is described, and null said as a type."""
    if isinstance(schema, list):
        return [strict(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    read = {key: strict(value) for key, value in schema.items() if key != "nullable"}
    if schema.get("nullable"):
        read["type"] = [schema["type"], "null"]
    if schema.get("type") == "object" and "properties" in schema:
        read["additionalProperties"] = False
    return read


@pytest.mark.parametrize("case", [CASE_A, CASE_B, CASE_C])
def test_what_comes_out_is_what_was_described(clara: User, sign_in: SignIn, case: dict[str, Any]) -> None:
    answer = post(sign_in(clara), case).json()

    jsonschema.validate(answer, strict(ASSESSMENT))
    assert set(answer) == set(ASSESSMENT["properties"])


def test_so_is_an_error(clara: User, sign_in: SignIn) -> None:
    jsonschema.validate(post(sign_in(clara), {"lesions": []}).json(), strict(ERRORS))


def test_only_the_page_that_shows_it_may_style_itself() -> None:
    docs, elsewhere = Client().get("/api/v1/docs/"), Client().get("/sign-in/")

    assert docs.status_code == 200
    # The order of the directives is not fixed, and the last one ends without a semicolon.
    policy = [part.strip() for part in docs["Content-Security-Policy"].split(";")]
    assert "style-src 'self' 'unsafe-inline'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe-inline" not in elsewhere["Content-Security-Policy"]


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_it_is_readable_in_the_browser(page: Page) -> None:
    page.goto("/api/v1/docs/")

    page.get_by_text("/api/v1/assess").wait_for()
