"""The text files of release 1, as a clinician reads them in a diff, and the content of a release that they say.

``os`` serves the few paths here: importing ``pathlib`` would take longer than reading most of the rules package.
"""

# ruff: noqa: PTH118, PTH120, PTH123, PTH208
import json
import os
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from clinical_rules.errors import ReleaseError

KNOWLEDGE = os.path.join(os.path.dirname(__file__), "knowledge")


def read_knowledge(folder: str | os.PathLike[str]) -> dict[str, Any]:
    """The content of a release from its text files. Raises ``ReleaseError`` with the file that cannot be read."""

    def toml(*place: str) -> dict[str, Any]:
        try:
            data: dict[str, Any] = _plain(tomllib.loads(_text(folder, *place), parse_float=Decimal))
        except tomllib.TOMLDecodeError as error:
            raise ReleaseError(f"{'/'.join(place)}: {error}") from error
        return data

    head = toml("release.toml")
    facts = [block for name in _files(folder, "facts", ".toml") for block in toml("facts", name).get("fact", [])]
    definitions = [block for name in ("patient", "lesion") for block in toml("definitions", f"{name}.toml")["definition"]]
    lists = {
        name: _numbered(name, toml(f"{name}.toml"))
        for name in ("work_up", "causes", "advice", "referrals", "controversies", "instruments", "follow_up")
    }
    return {
        **head,
        "laboratory": toml("laboratory.toml")["laboratory"],
        "conditions": toml("conditions.toml")["condition"],
        "drugs": toml("facts", "drugs.toml")["drug"],
        "facts": facts,
        "definitions": definitions,
        "implications": toml("definitions", "implications.toml")["implication"],
        "tables": {_stem(name): toml("tables", name) for name in _files(folder, "tables", ".toml")},
        "treatments": {_stem(name): toml("treatments", name) for name in _files(folder, "treatments", ".toml")},
        "lists": lists,
        "references": toml("references.toml")["reference"],
        "statements": toml("statements.toml").get("statement", []),
        "accepted": toml("accepted.toml").get("accepted", []),
        "cases": [json.loads(_text(folder, "cases", name)) for name in _files(folder, "cases", ".json")],
    }


def _text(*place: str | os.PathLike[str]) -> str:
    with open(os.path.join(*place), encoding="utf-8") as file:
        return file.read()


def _files(folder: str | os.PathLike[str], part: str, ending: str) -> list[str]:
    return sorted(name for name in os.listdir(os.path.join(folder, part)) if name.endswith(ending))


def _stem(name: str) -> str:
    return name.rpartition(".")[0]


def _numbered(name: str, data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of a list file, whatever its block is called; each has an id under ``row``."""
    rows: list[dict[str, Any]] = [row for block in data.values() if isinstance(block, list) for row in block if isinstance(row, dict)]
    for row in rows:
        if "row" not in row:
            if "id" not in row:
                raise ReleaseError(f"{name}.toml: a row has no id: {row}")
            row["row"] = row["id"]
    return rows


def _plain(value: Any) -> Any:
    """Decimals as text, so that canonical JSON is exact; breaks inside long texts as blanks."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, str) and "\n" in value:
        return " ".join(value.split())
    return value
