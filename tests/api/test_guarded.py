"""Every operation, called by whoever may not: nobody, the wrong role, another clinic, a token that is not good enough."""

import json
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client, override_settings
from django.utils import timezone

from calcinosis_app.accounts.actions import make_token
from calcinosis_app.accounts.models import User
from tests.api.fuzzed import World, made
from tests.api.published import document
from tests.factories.user import make_clinic, make_user

pytestmark = pytest.mark.django_db
OPERATIONS = [(method, path, one) for path, methods in document()["paths"].items() for method, one in methods.items()]
SAMPLES = document()["components"]["schemas"]
# What anybody may call who is signed in, and what everybody of any clinic may read.
ABOUT_ONESELF = {"who_am_i", "list_my_sessions", "end_my_sessions", "end_my_session", "list_my_tokens", "revoke_my_token"}


def call(client: Client, method: str, path: str, operation: dict[str, Any], world: World, **headers: str) -> Any:
    """With what is there in the places of the address, and the example of the document as the body."""
    asked = operation.get("parameters", [])
    for name in [one["name"] for one in asked if one["in"] == "path"]:
        path = path.replace("{" + name + "}", str(world.place(path, name, "x")))
    needed = {one["name"]: example(one["schema"]) for one in asked if one["in"] == "query" and one.get("required")}
    content = operation.get("requestBody", {}).get("content", {})
    kind = next(iter(content), "application/json")
    body = example(content[kind]["schema"]) if kind in content and kind == "application/json" else "x"
    query = "&".join(f"{name}={value}" for name, value in needed.items())
    return client.generic(method.upper(), f"{path}?{query}", json_of(body) if content else b"", content_type=kind, headers=headers)


def json_of(body: Any) -> bytes:
    return body.encode() if isinstance(body, str) else json.dumps(body).encode()


def example(schema: dict[str, Any]) -> Any:
    """Something that fits: what must be there, by the examples of its parts."""
    if "$ref" in schema:
        return example(SAMPLES[schema["$ref"].rpartition("/")[2]])
    if "examples" in schema:
        return schema["examples"][0]
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("type") == "object":
        return {name: example(schema["properties"][name]) for name in schema.get("required", ())}
    if schema.get("type") == "array":
        return [example(schema["items"])] * schema.get("minItems", 0)
    return "x"


@pytest.fixture
def world(db: None) -> World:
    return made()


def with_token(world: World, name: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {world.tokens[name]}"}


def test_nobody_is_let_in(world: World) -> None:
    for method, path, one in OPERATIONS:
        assert call(Client(), method, path, one, world).status_code == 401, (method, path)


def test_another_clinics_things_are_not_there(world: World) -> None:
    lake = make_clinic("Lake clinic", time_zone="Europe/London", jurisdiction="uk")
    stranger = make_user("sven", "Sven Holt", "clinician", "administrator", clinic=lake)
    header = {"Authorization": f"Bearer {make_token(by=stranger, label='x')[1]}"}
    for method, path, one in OPERATIONS:
        if "{" in path and "/rules/" not in path and "/worked-cases/{name}" not in path and one["operationId"] not in ABOUT_ONESELF:
            answer = call(Client(), method, path, one, world, **header)
            assert answer.status_code == 404, (method, path, answer.content)
            assert answer.json()["errors"][0]["say"]


def test_who_holds_no_role_may_nothing_but_look_after_oneself(world: World) -> None:
    nobody = make_user("nils", "Nils Ode", clinic=User.objects.get(username="clara").clinic)
    header = {"Authorization": f"Bearer {make_token(by=nobody, label='x')[1]}"}
    for method, path, one in OPERATIONS:
        answer = call(Client(), method, path, one, world, **header)
        wanted = (200, 204, 404) if one["operationId"] in ABOUT_ONESELF else (403,)
        assert answer.status_code in wanted, (method, path, answer.content)


def test_whoever_may_is_let_in(world: World) -> None:
    refused = []
    for method, path, one in OPERATIONS:
        token = {"Authorization": f"Bearer {world.token(path)}"}
        answer = call(Client(), method, path, one, world, **token)
        if answer.status_code in (401, 403, 405, 500):
            refused.append((method, path, answer.status_code))
    assert not refused


@override_settings(SECOND_FACTOR_REQUIRED=True)
def test_what_a_second_factor_guards_needs_a_token_made_behind_it(ada: User) -> None:
    _, before = make_token(by=ada, label="before")
    header = {"Authorization": f"Bearer {before}"}
    assert Client().get("/api/v1/people", headers=header).status_code == 401
    factor = Authenticator.objects.create(user=ada, type=Authenticator.Type.TOTP, data={})
    Authenticator.objects.filter(pk=factor.pk).update(created_at=timezone.now() + timedelta(seconds=1))
    said = Client().get("/api/v1/people", headers=header)
    assert said.status_code == 401, "a token from before the second factor was set up"
    assert "make a new token" in said.json()["errors"][0]["say"]

    Authenticator.objects.filter(pk=factor.pk).update(created_at=timezone.now() - timedelta(seconds=1))
    _, after = make_token(by=ada, label="after")
    assert Client().get("/api/v1/people", headers={"Authorization": f"Bearer {after}"}).status_code == 200


@override_settings(API_CALLS_PER_MINUTE=3)
def test_each_caller_has_a_share_of_its_own(clara: User, nadia: User) -> None:
    first, second, other = (
        {"Authorization": f"Bearer {make_token(by=who, label=label)[1]}"} for who, label in ((clara, "a"), (clara, "b"), (nadia, "c"))
    )
    statuses = [Client().get("/api/v1/me", headers=first).status_code for _ in range(5)]
    assert statuses[:3] == [200, 200, 200]
    late = Client().get("/api/v1/me", headers=first)
    if late.status_code == 429:  # else a new minute has just begun
        assert 0 < int(late["Retry-After"]) <= 60
        assert late.json()["errors"][0]["say"]
    assert 429 in [*statuses, late.status_code]
    for header in (second, other):
        assert Client().get("/api/v1/me", headers=header).status_code == 200


def test_days_are_the_clinics_also_for_a_token(clara: User) -> None:
    header = {"Authorization": f"Bearer {make_token(by=clara, label='a')[1]}"}
    assert Client().get("/api/v1/me", headers=header).json()["clinic"]["time_zone"] == "Europe/Berlin"
    assert timezone.get_current_timezone_name() == "UTC", "the zone ends with the call"


@pytest.mark.parametrize("address", ["nothing", "patients/x", "cases/1/draft", "rules/one", "people/%00"])
def test_what_is_not_there_is_said_in_the_interfaces_form(clara: User, address: str) -> None:
    client = Client()
    client.force_login(clara)
    answer = client.get(f"/api/v1/{address}")
    assert answer.status_code == 404
    assert answer.json()["errors"][0]["say"]
