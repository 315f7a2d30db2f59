"""Whatever JSON arrives, the answer is an assessment or an error that names its place; never our own mistake."""

import json
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calcinosis_app.accounts.models import User
from clinical_rules.release import load
from tests.api.calls import only_error, post
from tests.cast import SignIn

KEYS = sorted(load().facts)
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12)
    | st.sampled_from(["mmol/L", "mg/dL", "normal", "above", "2026-03-01", "yes", "L1", "<", "1e400", "ssc"])
)
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4), max_leaves=12
)
result = st.fixed_dictionaries(
    {},
    optional={
        "value": scalars,
        "unit": st.sampled_from(["mmol/L", "mg/dL", "g/L", "mm", "", "stone"]) | scalars,
        "date": st.dates().map(str) | scalars,
        "comparator": st.sampled_from(["<", "<=", ">", ">=", "="]) | scalars,
        "low": scalars,
        "high": scalars,
        "flag": st.sampled_from(["normal", "high", "low"]) | scalars,
        "state": st.sampled_from(["not_done", "unknown"]) | scalars,
        "confirmed": scalars,
        "yes": anything,
        "no": anything,
    },
)
finding = result | st.lists(result, max_size=3) | anything
findings = st.dictionaries(st.sampled_from(KEYS), finding, max_size=3) | anything
case = st.fixed_dictionaries(
    {},
    optional={
        "id": scalars,
        "on": st.dates().map(str) | scalars,
        "jurisdiction": st.sampled_from(["uk", "us", "eu"]) | scalars,
        "patient": st.fixed_dictionaries(
            {},
            optional={
                "age_years": scalars,
                "age_days": scalars,
                "birth_date": st.dates().map(str) | scalars,
                "sex": st.sampled_from(["female", "male"]) | scalars,
                "findings": findings,
            },
        )
        | anything,
        "lesions": st.lists(st.fixed_dictionaries({}, optional={"id": scalars, "findings": findings}), max_size=3) | anything,
        "expected": anything,
    },
)
sound = st.fixed_dictionaries(
    {
        "on": st.dates().map(str),
        "patient": st.fixed_dictionaries({"findings": st.dictionaries(st.sampled_from(KEYS), result | scalars, max_size=2)}),
        "lesions": st.just([{"id": "L1", "findings": {}}]),
    }
)
HARMLESS = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@pytest.fixture
def client(clara: User, sign_in: SignIn) -> Client:
    return sign_in(clara)


def assert_answered(client: Client, body: Any) -> None:
    response = post(client, body)
    assert response.status_code in (200, 400), response.content
    if response.status_code == 200:
        json.loads(response.content, parse_float=Decimal)
    else:
        assert only_error(response)["say"]


@given(body=anything)
@settings(max_examples=60, deadline=None, suppress_health_check=HARMLESS)
def test_any_json_at_all(client: Client, body: Any) -> None:
    assert_answered(client, body)


@given(body=case)
@settings(max_examples=120, deadline=None, suppress_health_check=HARMLESS)
def test_what_looks_like_a_case(client: Client, body: Any) -> None:
    assert_answered(client, body)


@given(body=sound)
@settings(max_examples=120, deadline=None, suppress_health_check=HARMLESS)
def test_a_sound_case_with_doubtful_findings(client: Client, body: Any) -> None:
    assert_answered(client, body)


@given(body=st.binary(max_size=60))
@settings(max_examples=60, deadline=None, suppress_health_check=HARMLESS)
def test_any_bytes(client: Client, body: bytes) -> None:
    assert_answered(client, body)
