"""Reads what a call brings by the schemas that are published, and says what is wrong with it."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError as Misfit
from jsonschema.validators import extend
from rest_framework import status

from calcinosis_app.api.errors import Mistake, Mistakes
from calcinosis_app.api.shapes.parts import Schema

MOST_NAMED: Final = 20
KINDS: Final = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "null",
}
WHOLE_NUMBER: Final = re.compile(r"[0-9]{1,9}")
FORMS = FormatChecker(formats=())


@FORMS.checks("date", raises=ValueError)  # type: ignore[untyped-decorator]  # the package has no types
def _is_day(value: object) -> bool:
    """One form for a day: 2026-03-01."""
    if not isinstance(value, str):
        return True
    return len(value) == len("2026-03-01") and bool(date.fromisoformat(value))


@FORMS.checks("uuid", raises=ValueError)  # type: ignore[untyped-decorator]  # the package has no types
def _is_identifier(value: object) -> bool:
    return not isinstance(value, str) or str(UUID(value)) == value.lower()


def read_body(body: Any, schema: Schema) -> Any:
    """The body, when it fits. Raises Mistakes with everything that does not."""
    misfits = sorted(_checker(schema).iter_errors(body), key=lambda one: [str(part) for part in one.absolute_path])
    if misfits:
        raise Mistakes(status.HTTP_400_BAD_REQUEST, [_mistake(one) for one in misfits[:MOST_NAMED]])
    return _whole_numbers(body, schema)


def _whole_numbers(value: Any, schema: Schema) -> Any:
    """The same with 7.0 as 7 wherever a whole number is meant: JSON has one kind of number, and both are it."""
    if isinstance(value, dict):
        return {name: _whole_numbers(one, schema.get("properties", {}).get(name, {})) for name, one in value.items()}
    if isinstance(value, list):
        return [_whole_numbers(one, schema.get("items", {})) for one in value]
    return int(value) if isinstance(value, Decimal) and "integer" in schema.get("type", ()) else value


def read_query(query: Iterable[tuple[str, list[str]]], schemas: Mapping[str, Schema], needed: Iterable[str] = ()) -> dict[str, Any]:
    """What stands behind the question mark. Raises Mistakes for a name that is not known, stands twice or is missing."""
    found: dict[str, Any] = {}
    for name, values in query:
        if name not in schemas:
            raise Mistakes.one(name, values[-1], f"is not known here: leave it out, or write one of: {', '.join(schemas) or '(none)'}")
        if len(values) > 1:
            raise Mistakes.one(name, ", ".join(values), "stands twice: write it once")
        found[name] = _read(name, values[0], schemas[name])
    for name in needed:
        if name not in found:
            raise Mistakes.one(name, "", "is missing: write it behind the question mark of the address")
    return found


def _read(name: str, value: str, schema: Schema) -> Any:
    read: Any = value
    if schema["type"] == "integer":
        if not WHOLE_NUMBER.fullmatch(value):
            raise Mistakes.one(name, value, "must be a whole number")
        read = int(value)
    for misfit in _checker(schema).iter_errors(read):
        raise Mistakes.one(name, value, _say(misfit))
    return read


def _is_whole(_: object, value: object) -> bool:
    return (isinstance(value, int) and not isinstance(value, bool)) or (isinstance(value, Decimal) and value == value.to_integral_value())


Checker = extend(Draft202012Validator, type_checker=Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_whole))


def _checker(schema: Schema) -> Any:
    return Checker(schema, format_checker=FORMS)


def _mistake(misfit: Misfit) -> Mistake:
    place = [str(part) for part in misfit.absolute_path]
    value = misfit.instance
    if misfit.validator == "required":
        place.append(_missing(misfit))
        value = ""
    elif misfit.validator == "additionalProperties":
        unknown = sorted(set(misfit.instance) - set(misfit.schema["properties"]))
        place.append(unknown[0])
        value = misfit.instance[unknown[0]]
    return Mistake(key=".".join(place) or "body", value=shortened(value), say=_say(misfit))


def shortened(value: Any) -> str:
    """A value as it was sent, short enough for a message."""
    shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return shown if len(shown) <= 80 else shown[:77] + "..."


def _missing(misfit: Misfit) -> str:
    return str(next(name for name in misfit.validator_value if name not in misfit.instance))


def _say(misfit: Misfit) -> str:
    wanted: Any = misfit.validator_value
    match misfit.validator:
        case "required":
            return "is missing: send it"
        case "additionalProperties":
            return f"is not known here: leave it out, or write one of: {', '.join(misfit.schema['properties'])}"
        case "type":
            return f"must be {' or '.join(KINDS[kind] for kind in ([wanted] if isinstance(wanted, str) else wanted))}"
        case "enum":
            return f"choose one of: {', '.join('null' if one is None else str(one) for one in wanted)}"
        case "pattern":
            return "holds a character that cannot be kept: leave it out"
        case "format":
            return "is no day: write it as in 2026-03-01" if wanted == "date" else "is no identifier: write it as it was sent to you"
        case "maxLength" | "maxItems":
            return f"is too long: at most {wanted}"
        case "minLength" | "minItems":
            return f"is too short: at least {wanted}"
        case "maximum":
            return f"is too large: at most {wanted}"
        case "minimum":
            return f"is too small: at least {wanted}"
        case "uniqueItems":
            return "holds the same thing twice: write it once"
    return "is not what is described here: look at the OpenAPI document"
