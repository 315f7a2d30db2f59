"""Random edits of a release's content, for tests that compare two releases."""

import copy
import json
import random
from typing import Any

Content = dict[str, Any]


def lists_of_rows(value: Any, found: list[list[Any]] | None = None) -> list[list[Any]]:
    """Every list of objects, at any depth."""
    found = [] if found is None else found
    if isinstance(value, dict):
        for one in value.values():
            lists_of_rows(one, found)
    elif isinstance(value, list):
        if value and all(isinstance(one, dict) for one in value):
            found.append(value)
        for one in value:
            lists_of_rows(one, found)
    return found


def objects(value: Any, found: list[dict[str, Any]] | None = None) -> list[dict[str, Any]]:
    """Every object, at any depth."""
    found = [] if found is None else found
    if isinstance(value, dict):
        found.append(value)
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        objects(one, found)
    return found


def scrambled(content: Content, draw: random.Random, edits: int) -> Content:
    """The content after edits of any kind, sensible or not: values, names, rows, order. It need not compile."""
    new: Content = copy.deepcopy(content)
    for _ in range(edits):
        kind = draw.choice(("value", "value", "name", "drop", "row", "copy", "order", "order"))
        if kind in ("row", "copy", "order"):
            rows = draw.choice(lists_of_rows(new))
            if kind == "row":
                rows.pop(draw.randrange(len(rows)))
            elif kind == "copy":
                twin = copy.deepcopy(draw.choice(rows))
                for key in ("id", "row", "key", "fact", "code", "grade"):
                    if key in twin and draw.random() < 0.8:
                        twin[key] = f"{twin[key]}.{draw.randrange(1000)}"
                rows.insert(draw.randrange(len(rows) + 1), twin)
            elif draw.random() < 0.5:
                draw.shuffle(rows)
            else:
                rows.insert(draw.randrange(len(rows)), rows.pop(draw.randrange(len(rows))))
        else:
            one = draw.choice([found for found in objects(new) if found is not new and found])
            name = draw.choice(sorted(one))
            if kind == "value":
                one[name] = draw.choice((True, 1, 1.0, "1", None, [], {}, [1, True], {"a": None}, "text", one[name]))
            elif kind == "name":
                one[f"{name}.new"] = one[name]
            else:
                del one[name]
    return new


def written(content: Any) -> str:
    """The content as canonical text."""
    return json.dumps(content, sort_keys=True)
