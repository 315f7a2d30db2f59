"""The three cases that the contract works out by hand."""

from typing import Any

import pytest
from django.test import Client

from calcinosis_app.accounts.models import User
from tests.api.calls import post
from tests.cast import SignIn

CASE_A = {
    "id": "A",
    "on": "2026-03-02",
    "patient": {
        "age_years": 48,
        "sex": "female",
        "findings": {
            "phosphate": {"value": 9.7, "unit": "mg/dL", "date": "2026-03-01"},
            "ca_total": {"value": 9.6, "unit": "mg/dL", "date": "2026-03-01"},
            "albumin": {"value": 3.2, "unit": "g/dL", "date": "2026-03-01"},
            "on_dialysis": True,
        },
    },
    "lesions": [{"id": "L", "findings": {"painful": True}}],
}
CASE_B = {
    "id": "B",
    "on": "2026-03-02",
    "patient": {
        "age_years": 2,
        "sex": None,
        "findings": {
            "conditions": ["jdm"],
            "ca_total": {"value": 2.72, "unit": "mmol/L", "flag": "normal", "date": "2026-03-01"},
            "phosphate": {"value": 1.9, "unit": "mmol/L", "date": "2026-03-01"},
        },
    },
    "lesions": [{"id": "L", "findings": {}}],
}
CASE_C = {
    "id": "C",
    "on": "2026-03-02",
    "patient": {
        "age_years": 55,
        "sex": "female",
        "findings": {
            "conditions": ["ssc"],
            "ca_total": {"flag": "normal"},
            "phosphate": [
                {"value": 1.4, "unit": "mmol/L", "date": "2026-03-01"},
                {"value": 1.6, "unit": "mmol/L", "date": "2026-03-01"},
            ],
        },
    },
    "lesions": [{"id": "L", "findings": {"lesion_size": {"value": 4, "unit": "mm"}}}],
}


@pytest.fixture
def client(clara: User, sign_in: SignIn) -> Client:
    return sign_in(clara)


def assessed(client: Client, case: dict[str, Any]) -> dict[str, Any]:
    response = post(client, case)
    assert response.status_code == 200, response.content
    return dict(response.json())


def status_of(assessment: dict[str, Any], treatment: str) -> set[str]:
    return {option["status"] for option in assessment["options"] if option["treatment"] == treatment}


def offered(assessment: dict[str, Any]) -> list[str]:
    return [option["treatment"] for option in assessment["options"] if option["status"] == "offered"]


def test_case_a(client: Client) -> None:
    assessment = assessed(client, CASE_A)
    (lesion,) = assessment["lesions"]

    assert (assessment["status"], lesion["status"]) == ("open", "open")
    assert set(lesion["candidates"]) == {"metastatic", "mixed", "iatrogenic"}
    assert lesion["leading"]["type"] == "metastatic"
    assert "calciphylaxis_not_excluded" in lesion["marks"]
    assert "skin_sign" in lesion["settle"][0]
    assert status_of(assessment, "surgical_excision") == {"unassessable"}
    assert status_of(assessment, "warfarin_low_dose") == {"blocked"}
    assert offered(assessment) == []


def test_case_b(client: Client) -> None:
    assessment = assessed(client, CASE_B)
    (lesion,) = assessment["lesions"]

    assert {"dystrophic", "mixed"} <= set(lesion["candidates"])
    assert "ca_total" in {contradiction["fact"] for contradiction in assessment["contradictions"]}
    assert offered(assessment) == []


def test_case_c(client: Client) -> None:
    assessment = assessed(client, CASE_C)
    (lesion,) = assessment["lesions"]

    assert set(lesion["candidates"]) == {"dystrophic", "mixed", "iatrogenic"}
    assert lesion["leading"] is None
    assert lesion["no_lead"]
    assert lesion["settle"][0] == "phosphate"
    assert status_of(assessment, "warfarin_low_dose") == {"blocked"}
    assert status_of(assessment, "diltiazem") == {"unassessable"}
