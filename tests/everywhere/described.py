"""What the interface's own description gives as an example of a call, so that a visit is one that would be answered."""

import json
from typing import Any
from urllib.parse import urlencode

from tests.api.published import document

FORMATS = {"uuid": "00000000-0000-0000-0000-000000000007", "date": "1961-05-04", "date-time": "2026-01-01T09:00:00Z"}


def example_of(route: str, method: str) -> tuple[str, str, str]:
    """The query, the content type and the body of a good call; empty where the operation takes none, or is not described."""
    operation = document()["paths"].get(_path(route), {}).get(method.lower(), {})
    wanted = [one for one in operation.get("parameters", []) if one["in"] == "query" and one.get("required")]
    query = urlencode({one["name"]: _example(one["schema"]) for one in wanted})
    content = operation.get("requestBody", {}).get("content", {})
    if not content:
        return query, "application/json", ""
    kind, media = next(iter(content.items()))
    body = _example(media["schema"])
    return query, kind, body if isinstance(body, str) else json.dumps(body)


def _path(route: str) -> str:
    parts = [part.partition(">") for part in f"/{route}".split("<")]
    return parts[0][0] + "".join(f"{{{place.rpartition(':')[2]}}}{rest}" for place, _, rest in parts[1:])


def _example(schema: dict[str, Any]) -> Any:
    """Something that fits the schema: its example, or what can be put together from its parts."""
    if "$ref" in schema:
        return _example(document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    if "example" in schema:
        return schema["example"]
    if schema.get("examples"):
        return schema["examples"][0]
    if "enum" in schema:
        return schema["enum"][0]
    for choice in ("oneOf", "anyOf", "allOf"):
        if choice in schema:
            return _example(schema[choice][0])
    if "properties" in schema:
        return {name: _example(one) for name, one in schema["properties"].items() if name in schema.get("required", [])}
    if schema.get("type") == "array":
        return [_example(schema["items"])]
    kind = schema.get("type")
    kind = kind[0] if isinstance(kind, list) else kind
    return FORMATS.get(str(schema.get("format")), {"string": "text", "integer": 1, "number": 1, "boolean": True}.get(str(kind)))
