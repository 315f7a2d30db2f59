"""What the published document says beside the operations: the named schemas, and what belongs together."""

from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from drf_spectacular.generators import SchemaGenerator

from calcinosis_app.api import schema
from calcinosis_app.api.shapes import (
    assessments,
    borders,
    conflicts,
    findings,
    identity,
    installation,
    laboratory,
    patients,
    persons,
    problems,
    records,
    reminders,
    rules,
    story,
    worked,
)
from calcinosis_app.api.shapes.parts import Named, written_out

SOURCES: Final = (
    schema,
    assessments,
    borders,
    conflicts,
    findings,
    identity,
    installation,
    laboratory,
    patients,
    persons,
    problems,
    records,
    reminders,
    rules,
    story,
    worked,
)
TAGS: Final = {
    "assess": "A case in, an assessment out; nothing is stored.",
    "patients": "Patients of the clinic, their cases, results and reminders.",
    "cases": "One presentation of calcinosis: lesions, what is typed, what is recorded, and having it assessed.",
    "assessments": "What the rules said, and what clinicians made of it.",
    "reminders": "What is due.",
    "laboratory": "Files of results: tried, committed; codes and units, said once.",
    "rules": "The releases of the rules, row by row.",
    "borders": "Patients handed on to another clinic, and read in an emergency.",
    "identity": "Records that may be, or are, of one person: compared, merged and unmerged.",
    "history": "Who changed what and when, who has seen a patient, and the measurements over time.",
    "records": "Everything that is held on a patient, and how long a clinic keeps it.",
    "worked cases": "The worked cases of the release, to read and to practise on.",
    "people": "The people of the clinic, for its administrators.",
    "me": "Oneself.",
    "installation": "How the server is doing.",
}


def named() -> dict[str, Named]:
    """Every schema that has a name."""
    return {one.name: one for source in SOURCES for one in vars(source).values() if isinstance(one, Named)}


def complete(result: dict[str, Any], generator: object, request: object, public: bool) -> dict[str, Any]:
    """Adds them, and the headers that some answers carry. Called by drf-spectacular when the document is made."""
    schemas = {name: written_out(one) for name, one in named().items()}
    result["components"]["schemas"] = {**result["components"].get("schemas", {}), **dict(sorted(schemas.items()))}
    result["tags"] = [{"name": name, "description": says} for name, says in TAGS.items()]
    for operation in _operations(result):
        for media in operation.get("requestBody", {}).get("content", {}).values():
            named_one = schemas.get(media["schema"].get("$ref", "").rpartition("/")[2])
            # A body in which everything may be left out may be left out itself.
            operation["requestBody"]["required"] = named_one is None or "required" in named_one
        late = operation["responses"].get("429")
        if late is not None:
            late["headers"] = {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer", "minimum": 0}}}
    return result


@cache
def operations() -> list[tuple[str, str, list[tuple[str, str, str]]]]:
    """Every operation by what it belongs to: name, words, and method, address and summary of each. Made once: it never changes."""
    made = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]  # the package has no types
    found: dict[str, list[tuple[str, str, str]]] = {name: [] for name in TAGS}
    for path, methods in made["paths"].items():
        for method, one in methods.items():
            found[one["tags"][0]].append((method.upper(), path, one["summary"]))
    return [(name, says, found[name]) for name, says in TAGS.items()]


def _operations(result: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in result["paths"].values():
        yield from path.values()
