"""What people call the keys of a release, and in which unit a fact's numbers stand."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from clinical_rules.exchange.paths import UNSAFE

_LONGEST = 120
_NAMED = (("facts", "key", "label"), ("conditions", "key", "label"), ("drugs", "code", "label"), ("definitions", "fact", "label"))
_OF_EVERYBODY = {"age_years": ("age", "a"), "age_days": ("age in days", "d"), "ca_x_p": ("calcium x phosphate", "mmol2/L2")}


def units_of(content: Mapping[str, Any]) -> dict[str, str]:
    """The unit of each fact that has one, as far as the content names it."""
    found = {key: unit for key, (_, unit) in _OF_EVERYBODY.items()}
    for part in ("facts", "laboratory"):
        found |= {row["key"]: row["unit"] for row in _rows(content, part) if _is_text(row, "key", "unit")}
    return found


def labels_of(content: Mapping[str, Any]) -> dict[str, str]:
    """What each fact is called, as far as the content says so."""
    found = {key: label for key, (label, _) in _OF_EVERYBODY.items()}
    for part, key, label in _NAMED:
        found |= {row[key]: row[label] for row in _rows(content, part) if _is_text(row, key, label)}
    for row in _rows(content, "laboratory"):
        if _is_text(row, "key", "name"):
            found |= {row["key"]: row["name"], f"{row['key']}_position": f"{row['name']} against its range"}
    return found


def label_of(path: Sequence[str], labels: Mapping[str, str] | None = None) -> str:
    """A few words for a column: the fact's label where it is one, else its key as words."""
    words = (labels or {}).get(path[-1]) or path[-1].replace("_", " ")
    return UNSAFE.sub(" ", " ".join(words.split()))[:_LONGEST].strip()


def _rows(content: Mapping[str, Any], part: str) -> Iterator[Mapping[str, Any]]:
    rows = content.get(part)
    yield from (row for row in (rows if isinstance(rows, list) else ()) if isinstance(row, dict))


def _is_text(row: Mapping[str, Any], *keys: str) -> bool:
    return all(isinstance(row.get(key), str) for key in keys)
