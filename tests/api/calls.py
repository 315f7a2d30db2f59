"""How the tests call the interface."""

import json
from typing import Any

from django.test import Client

ASSESS = "/api/v1/assess"


def post(client: Client, body: Any, query: str = "", **more: Any) -> Any:
    """Sends a case, or a body as it is when it is bytes."""
    sent = body if isinstance(body, bytes) else json.dumps(body)
    return client.post(f"{ASSESS}{query}", sent, content_type=more.pop("content_type", "application/json"), **more)


def only_error(response: Any) -> dict[str, Any]:
    """The one error of an answer in the contract's form."""
    (error,) = response.json()["errors"]
    assert set(error) == {"case", "lesion", "key", "value", "say"}
    return dict(error)
