"""The published document, for tests that hold answers against it."""

import re
from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator


@cache
def document() -> dict[str, Any]:
    """As it is published."""
    made: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return made


@cache
def template_of(path: str) -> str:
    """The address as the document writes it; the one with the fewest places wins, as in the URL map."""
    fitting = [one for one in document()["paths"] if re.fullmatch(re.sub(r"\{[^}]*\}", "[^/]+", one), path)]
    return str(min(fitting, key=lambda one: one.count("{")))


def answer_schema(method: str, path: str, status: int) -> Any:
    """What is answered, strictly: nothing beyond what is described."""
    answers = document()["paths"][template_of(path)][method.lower()]["responses"]
    assert str(status) in answers, f"{method} {path} answered {status}, which is not described"
    content = answers[str(status)].get("content")
    return {"type": "null"} if content is None else strict(content["application/json"]["schema"])


def strict(schema: Any) -> Any:
    """The same for a validator: references written out, and nothing beyond what is described."""
    if isinstance(schema, list):
        return [strict(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return strict(document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    read = {key: strict(value) for key, value in schema.items()}
    if "properties" in schema and "additionalProperties" not in schema:
        read["additionalProperties"] = False
    return read
