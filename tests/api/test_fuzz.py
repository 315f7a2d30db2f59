"""The contract fuzzer finds no fault: whatever fits the document is answered as described, whatever does not is refused.

`CALCINOSIS_FUZZ=300 python3 manage.py test tests/api/test_fuzz.py` looks deeper: so many examples for each operation.
"""

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from pytest_django import DjangoDbBlocker
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi.checks import positive_data_acceptance

from calcinosis_app.api.parsers import XLSX
from calcinosis_app.wsgi import application
from tests.api.fuzzed import World, small_world, undone
from tests.api.published import document

EXAMPLES = int(os.environ.get("CALCINOSIS_FUZZ", "2"))
# What is known to be right in form may still be refused for what it means (422), or meet another state (409).
SOUND = ["2xx", "401", "403", "404", "409", "422"]
CONFIG = SchemathesisConfig.from_dict(
    {
        "generation": {"mode": "all", "max-examples": EXAMPLES, "deterministic": True, "database": "none"},
        "checks": {"positive_data_acceptance": {"expected-statuses": SOUND}},
    }
)
schema = schemathesis.openapi.from_dict(document(), config=CONFIG)
schema.app = application


@schemathesis.serializer(XLSX)
def a_file(context: Any, value: Any) -> bytes:
    """Bytes as they are: what is no spreadsheet is refused for it."""
    return value if isinstance(value, bytes) else bytes(getattr(value, "data", b""))


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    # As Django's own test client does it: the connection of the test stays open from one call to the next.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    with django_db_blocker.unblock(), small_world() as made:
        yield made
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@schema.parametrize()
@settings(deadline=None, suppress_health_check=list(HealthCheck))
def test_every_operation(case: schemathesis.Case, world: World) -> None:
    if is_sound(case, ParameterLocation.PATH):
        case.path_parameters = {name: world.place(case.path, name, value) for name, value in case.path_parameters.items()}
    with undone():
        case.call_and_validate(
            headers={"Authorization": f"Bearer {world.token(case.path)}"},
            # What is wrong inside a case that was sent whole is answered 400, and no schema can say what is medicine.
            excluded_checks=[positive_data_acceptance] if case.path == "/api/v1/assess" else [],
        )


def is_sound(case: schemathesis.Case, part: ParameterLocation) -> bool:
    """Whether this part of the call is as the document describes it."""
    component = case.meta.components.get(part) if case.meta else None
    return component is None or component.mode == GenerationMode.POSITIVE
