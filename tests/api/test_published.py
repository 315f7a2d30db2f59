"""The interface describes itself, and the page that shows it runs under a content policy of its own."""

import json
from typing import Any

import jsonschema
import pytest
from django.test import Client
from playwright.sync_api import Page

from calcinosis_app.accounts.models import User
from calcinosis_app.api import examples
from calcinosis_app.api.document import TAGS, named
from calcinosis_app.api.schema import ASSESSMENT, CASE
from calcinosis_app.api.shapes.problems import ERRORS
from tests.api.calls import post
from tests.api.published import document, strict
from tests.api.test_contract_cases import CASE_A, CASE_B, CASE_C
from tests.browsing import let_in
from tests.cast import SignIn

pytestmark = pytest.mark.django_db


def test_the_description_names_what_goes_in_and_comes_out() -> None:
    response = Client().get("/api/v1/schema/?format=json")

    assert response.status_code == 200
    published = json.loads(response.content)
    operation = published["paths"]["/api/v1/assess"]["post"]
    assert set(operation["responses"]) == {"200", "400", "401", "403", "406", "413", "415", "429"}
    schemas = published["components"]["schemas"]
    assert schemas["Case"]["required"] == ["patient", "lesions"]
    assert described(operation["requestBody"]) == "#/components/schemas/Case"
    for status, answered in operation["responses"].items():
        assert described(answered) == f"#/components/schemas/{'Assessment' if status == '200' else 'Errors'}"
    for said in ("Nothing is stored", "What goes in", "What comes out", "Errors"):
        assert said in operation["description"]
    assert operation["security"] == [{"token": []}, {"session": []}]


OPERATIONS = [(path, method, one) for path, methods in document()["paths"].items() for method, one in methods.items()]


def test_every_operation_says_what_it_does_and_how_it_can_end() -> None:
    assert len(OPERATIONS) > 75
    assert len({one["operationId"] for _, _, one in OPERATIONS}) == len(OPERATIONS)
    for path, method, one in OPERATIONS:
        assert one["summary"] and one["description"] and set(one["tags"]) <= set(TAGS), (path, method)
        assert {"401", "403", "406", "429"} <= set(one["responses"]), (path, method)
        assert ("404" in one["responses"]) == ("{" in path), (path, method)
        for status, answer in one["responses"].items():
            assert answer["description"], (path, method, status)
            assert status == "204" or "content" in answer, (path, method, status)


def test_every_named_schema_is_used_and_made_of_json_schema() -> None:
    written = json.dumps(document())
    for name, schema in named().items():
        jsonschema.Draft202012Validator.check_schema(strict({"$ref": f"#/components/schemas/{name}"}))
        assert f'"#/components/schemas/{name}"' in written, name
        assert "type" in schema, name


def test_whatever_is_sent_refuses_what_is_not_described() -> None:
    for path, method, one in OPERATIONS:
        media = one.get("requestBody", {}).get("content", {}).get("application/json")
        if media and path != "/api/v1/assess":
            name = media["schema"]["$ref"].rpartition("/")[2]
            assert document()["components"]["schemas"][name]["additionalProperties"] is False, (path, method)


def described(part: dict[str, Any]) -> str:
    content: dict[str, Any] = part["content"]["application/json"]
    return str(content["schema"]["$ref"])


def test_the_examples_are_what_is_answered(clara: User, sign_in: SignIn) -> None:
    client = sign_in(clara)
    answer, wrong = post(client, examples.CASE).json(), post(client, examples.NO_UNIT)

    jsonschema.validate(examples.CASE, strict(CASE))
    jsonschema.validate(examples.ASSESSMENT, strict(ASSESSMENT))
    assert set(examples.ASSESSMENT) == set(answer)
    shown, real = examples.ASSESSMENT["lesions"][0], answer["lesions"][0]
    for said in ("status", "type", "candidates", "leading"):
        assert shown[said] == real[said]
    assert examples.ASSESSMENT["options"][0] in answer["options"]
    assert examples.ASSESSMENT["schedule"][0] in answer["schedule"]
    assert wrong.status_code == 400
    assert wrong.json() == examples.ERROR


@pytest.mark.parametrize("case", [CASE_A, CASE_B, CASE_C])
def test_what_comes_out_is_what_was_described(clara: User, sign_in: SignIn, case: dict[str, Any]) -> None:
    answer = post(sign_in(clara), case).json()

    jsonschema.validate(answer, strict(ASSESSMENT))
    assert set(answer) == set(ASSESSMENT["properties"])


def test_the_page_says_what_goes_in_and_out_without_a_script() -> None:
    page = Client().get("/api/v1/docs/").text

    for said in ("Nothing is stored", "What goes in", "What comes out", "<code>413</code>", "any_exposure_at_site", "a unit is required"):
        assert said in page


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
def test_it_is_readable_in_the_browser_and_leads_back(page: Page, clara: User) -> None:
    let_in(page, clara)
    page.goto("/")
    page.get_by_role("link", name="Interface for programs").click()

    page.get_by_text("No patient, no finding and no assessment is kept.").first.wait_for()
    assert page.locator("html").get_attribute("lang") == "en"
    page.locator("main").get_by_text("Have a case judged").wait_for()
    assert page.locator("main").count() == 1
    page.get_by_role("link", name="Back to the rules").click()
    page.get_by_role("heading", name="Release 1 of the rules").wait_for()


@pytest.mark.parametrize(("who", "sees"), [("clara", True), ("nadia", False), ("karl", False)])
def test_only_who_may_call_it_is_led_to_it(who: str, sees: bool, request: pytest.FixtureRequest, sign_in: SignIn) -> None:
    page = sign_in(request.getfixturevalue(who)).get("/rules/").text

    assert ("/api/v1/docs/" in page) is sees
