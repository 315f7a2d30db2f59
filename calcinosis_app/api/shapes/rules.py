"""A release of the rules: its rows as they are, with the sources of each."""

from collections.abc import Mapping
from typing import Any, Final

from calcinosis_app.api.shapes.parts import Named, answered, count, free, listed, moment, said, yes_or_no
from calcinosis_app.rulebooks.models import Release

RELEASE: Final = Named(
    "Release",
    answered(
        "One immutable version of the rules.",
        number=count(least=1, example=1),
        hash=said("SHA-256 of its canonical text."),
        engine=said("The version of the evaluation under which it was stored.", example="1"),
        published_at=moment(),
        published_by=said(),
        current=yes_or_no("Whether new assessments are made under it.", example=True),
    ),
)
CONTENTS: Final = Named(
    "ReleaseContents",
    answered(
        "What a release is for, and what it holds.",
        release=RELEASE,
        title=said(),
        dated=said(example="2026-03-01"),
        intended_use=said(),
        not_for=said(),
        patients=said(),
        limits=listed(said()),
        grades=listed(free("A grade of evidence, and what it means.")),
        tables=listed(said(), "Names of the decision tables."),
        lists=listed(said(), "Names of the lists."),
        treatments=listed(said(), "Keys of the treatments."),
    ),
)
CONTENT: Final = Named("ReleaseContent", free("All parts of a release by name. docs/how-to/spreadsheets.md names them."))
ROWS: Final = free("A row of the release, with its sources; its names depend on what it is.")
TABLE: Final = Named(
    "Table", answered("One decision table.", table=free("Key, title and hit policy."), rows=listed(ROWS, "In their order."))
)
TREATMENT: Final = Named(
    "Treatment",
    {
        **answered(
            "One treatment, with its gates, doses, responses, stop rules and monitoring where it has any.",
            treatment=free("What it is: name, phase, grade, indication, sources."),
        ),
        "additionalProperties": listed(ROWS),
    },
)
PARTS: Final = {
    "facts": "what may be known",
    "laboratory": "laboratory results, with units and ranges",
    "conditions": "conditions, with codes and synonyms",
    "drugs": "the coded drug list",
    "definitions": "derived facts, and how they follow",
    "references": "the sources",
}


def release(one: Release, *, current: bool) -> dict[str, Any]:
    """A stored release without its content."""
    return {
        "number": one.number,
        "hash": one.hash,
        "engine": one.engine,
        "published_at": one.published_at.isoformat(),
        "published_by": one.published_by,
        "current": current,
    }


def contents(one: Release, content: Mapping[str, Any], *, current: bool) -> dict[str, Any]:
    """What it holds."""
    names = ("title", "dated", "intended_use", "not_for", "patients", "limits", "grades")
    return {
        "release": release(one, current=current),
        **{name: content[name] for name in names},
        **{name: sorted(content[name]) for name in ("tables", "lists", "treatments")},
    }
