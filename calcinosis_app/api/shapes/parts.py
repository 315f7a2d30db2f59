"""The parts that schemas are made of. They are JSON Schema, as OpenAPI 3.1 takes it: what is published is what bodies are read by."""

from collections.abc import Mapping
from typing import Any, Final

Schema = dict[str, Any]
# No keyboard types the character NUL, and the database cannot keep it.
WHOLE: Final = "^[^\\u0000]*$"


class Named(dict[str, Any]):
    """A schema that the published document keeps under its name, so that programs made from it have a word for it."""

    def __init__(self, name: str, schema: Mapping[str, Any]) -> None:
        super().__init__(schema)
        self.name = name


def published(schema: Any) -> Any:
    """The same with a reference in the place of each named schema."""
    if isinstance(schema, Named):
        return {"$ref": f"#/components/schemas/{schema.name}"}
    return written_out(schema)


def written_out(schema: Any) -> Any:
    """The schema itself, whatever its name, with references inside."""
    if isinstance(schema, Mapping):
        return {key: published(value) for key, value in schema.items()}
    return [published(one) for one in schema] if isinstance(schema, list) else schema


def text(says: str = "", *, most: int | None = None, least: int = 0, example: str | None = None) -> Schema:
    """A text that the database can keep."""
    bounds = {"maxLength": most} if most else {}
    return {"type": "string", "pattern": WHOLE, **bounds, **({"minLength": least} if least else {}), **_said(says, example)}


def one_of(values: Any, says: str = "", *, example: str | None = None) -> Schema:
    """One of some words."""
    return {"type": "string", "enum": list(values), **_said(says, example)}


def said(says: str = "", *, example: str | None = None) -> Schema:
    """A text that we say, of any form."""
    return {"type": "string", **_said(says, example)}


def day(says: str = "", *, example: str | None = "2026-03-01") -> Schema:
    """A day of the clinic's calendar."""
    return {"type": "string", "format": "date", **_said(says, example)}


def moment(says: str = "", *, example: str | None = "2026-03-01T09:30:00Z") -> Schema:
    """A moment with its zone."""
    return {"type": "string", "format": "date-time", **_said(says, example)}


def identifier(says: str = "", *, example: str | None = "5f0c6d1e-8f6e-4f0b-9d5b-2b1f0a7c3e11") -> Schema:
    """A random identifier."""
    return {"type": "string", "format": "uuid", **_said(says, example)}


def count(says: str = "", *, least: int = 0, most: int | None = None, example: int | None = None) -> Schema:
    """A whole number."""
    top = {"maximum": most} if most is not None else {}
    return {"type": "integer", "minimum": least, **top, **_said(says, example)}


def yes_or_no(says: str = "", *, example: bool | None = None) -> Schema:
    """True or false."""
    return {"type": "boolean", **_said(says, example)}


def perhaps(schema: Schema) -> Schema:
    """The same, or null."""
    if isinstance(schema, Named):
        return {"anyOf": [schema, {"type": "null"}]}
    also = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
    return {**schema, "type": [schema["type"], "null"], **also}


def listed(items: Schema, says: str = "", *, least: int = 0, most: int | None = None) -> Schema:
    """A list."""
    bounds = {**({"minItems": least} if least else {}), **({"maxItems": most} if most else {})}
    return {"type": "array", "items": items, **bounds, **_said(says, None)}


def answered(says: str = "", /, **properties: Schema) -> Schema:
    """An object that we send: everything described is always there."""
    return {"type": "object", **_said(says, None), "properties": properties, "required": list(properties)}


def sent(says: str = "", /, *, needed: tuple[str, ...] = (), **properties: Schema) -> Schema:
    """An object that is sent to us: nothing else may stand in it, or a misspelt name would be overlooked."""
    required = {"required": list(needed)} if needed else {}
    return {"type": "object", **_said(says, None), "properties": properties, **required, "additionalProperties": False}


def free(says: str) -> Schema:
    """An object whose names depend on the rules."""
    return {"type": "object", "description": says, "additionalProperties": True}


def _said(says: str, example: Any) -> Schema:
    return {**({"description": says} if says else {}), **({"examples": [example]} if example is not None else {})}


VERSION: Final = said(
    "Send it back as seen when you change this; it is another one as soon as anybody has.", example="0f343b0931126a20f133d67c2b018a3b"
)
SEEN: Final = text(
    "The version that you saw; nothing where there was none. Where another one is stored by now, nothing is stored and the answer is 409 "
    "with both. Left out, what is stored is replaced unseen.",
    most=64,
    least=1,
    example="nothing",
)
MOST_AT_ONCE: Final = 100
PAGING: Final = {
    "limit": count("How many to send at once.", least=1, most=MOST_AT_ONCE, example=50),
    "offset": count("How many to pass over from the beginning of the list.", most=1_000_000, example=0),
}


def a_page_of(items: Schema, says: str = "") -> Schema:
    """A list of which a part is sent."""
    return answered(
        says,
        items=listed(items),
        total=count("How many there are altogether."),
        limit=count("How many were asked for at once.", least=1),
        offset=count("How many were passed over."),
    )
