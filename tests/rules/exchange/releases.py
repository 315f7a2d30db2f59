"""Releases to send there and back: a small one with every part, and what may become of it."""

import copy
import json
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from clinical_rules.release import load

WHOLE: dict[str, Any] = load().content
STATEMENTS = [
    {
        "id": "l.5.calcium",
        "rule": "l.5",
        "say": "A bisphosphonate may be accepted only when calcium is known and not low.",
        "never": {"treatments": ["alendronate", "etidronate"], "status": "cleared"},
        "unless": [{"ca_adjusted_below_range": "false"}, {}],
        "sources": ["LBL_ALEN"],
        "seen": True,
    },
    {"id": "l.1", "always": {"facts": {"is_child": "true"}}, "while": {"flag": "calciphylaxis", "age_years": "< 18"}, "anywhere": True},
]
ROWS = 3


def small() -> dict[str, Any]:
    """Three rows of each part of the release, chosen so that every key of a row occurs, and parts that nobody knows."""
    content = {name: _some(value) for name, value in WHOLE.items()}
    content["lists"] = {name: _some(rows) for name, rows in WHOLE["lists"].items()}
    content["tables"] = {name: {**block, "row": _some(block["row"])} for name, block in WHOLE["tables"].items()}
    content["treatments"] = {name: _parts(WHOLE["treatments"][name]) for name in ("alendronate", "diltiazem", "cinacalcet")}
    content["definitions"] = [one for one in WHOLE["definitions"] if "first" in one or "codes" in one][:2] + content["definitions"]
    content["definitions"] = list({one["fact"]: one for one in content["definitions"]}.values())
    content["statements"] = STATEMENTS
    content["promises"] = [{"id": "p1", "text": "a part that nobody knows", "weight": 2.5}, {"id": "p2", "deep": {"er": [1, None]}}]
    content["remark"] = {"nobody": ["knows", {"this": None}]}
    found: dict[str, Any] = json.loads(json.dumps(content))
    return found


def _some(value: Any) -> Any:
    """Rows that have between them every key which a row of the list has."""
    if not isinstance(value, list) or not value or not isinstance(value[0], dict):
        return value
    kept, keys = value[:ROWS], {key for row in value[:ROWS] for key in row}
    for row in value:
        if not row.keys() <= keys:
            kept, keys = [*kept, row], keys | row.keys()
    return kept


def _parts(block: dict[str, Any]) -> dict[str, Any]:
    return {name: rows[:ROWS] if isinstance(rows, list) else rows for name, rows in block.items()}


SMALL = small()
TINY: dict[str, Any] = {
    **{name: SMALL[name] for name in ("number", "title", "dated", "limits", "grades", "drugs", "references", "facts", "laboratory")},
    **{name: SMALL[name] for name in ("implications", "definitions", "intended_use", "jurisdictions")},
    "tables": {name: SMALL["tables"][name] for name in ("classification", "choice", "emergencies", "states")},
    "treatments": {"alendronate": SMALL["treatments"]["alendronate"]},
    "lists": {"referrals": SMALL["lists"]["referrals"]},
}
"""Enough of it to change by hand: a spreadsheet of few sheets is opened sooner."""

ODD_TEXTS = [
    *("", " ", "  led by blanks", "followed ", "=1+1", "+49 30", "@here", "-", "-5", "-x", "--", "#remark", "'quoted", '"', '""', "''"),
    *(
        "1-2",
        "> 1.45",
        "007",
        "1.50",
        "1e3",
        "2026-03-02",
        "TRUE",
        "true",
        "no",
        "null",
        "[]",
        "{}",
        "[a",
        "{",
        "json:",
        "json:1",
        "long:1",
    ),
    *("a; b", "a\nb", "a\r\nb", "\r", "\t", "a\tb", "line\u2028end", "\x00", "\x07", "\x1f", "\x7f", "\x85", "\ufffe", "\ufeffmark"),
    *("_x0041_", "x005F_x000D_", "_x000D_", "ärztlich µmol/L ≥", "日本語", "👩🏽‍⚕️", "e\u0301", "\u202eright to left", "absent", "itself"),
    *("when.phosphate [mmol/L]", "fact: test", "a: b; c: d", "the treatment", "&amp;<b>", "\\", '\\"', "{{ x }}", "a,b", "a" * 200, "0"),
    *("long " * 7_000, "😀" * 16_000, "\x01" * 8_000, "=" * 40_000, "\n" * 300),
]
texts = st.sampled_from(ODD_TEXTS) | st.text(max_size=12)
keys = st.sampled_from(
    [*ODD_TEXTS[:60], "id", "key", "row", "when", "any", "note", "itself", "absent", "a.b", "x low", "of the"]
) | st.text(max_size=6)
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-9, 9)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from([1.0, 0.1, -0.0, 1e22, 1e-7, 123456789012345678, 2.5])
    | texts
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3) | st.lists(texts, max_size=3),
    max_leaves=6,
)


@st.composite
def edited(draw: st.DrawFn, most: int = 6) -> dict[str, Any]:
    """The small release after some random edits anywhere in it: values, keys, rows, whole parts."""
    content = copy.deepcopy(SMALL)
    for _ in range(draw(st.integers(1, most))):
        places = list(_containers(content))
        place = draw(st.sampled_from(range(len(places)))) if draw(st.booleans()) else draw(st.integers(0, min(40, len(places) - 1)))
        _edit(draw, places[place])
    return content


def _edit(draw: st.DrawFn, at: Any) -> None:
    what = draw(st.sampled_from(["set", "set", "add", "remove", "copy", "swap"]))
    if isinstance(at, dict):
        if what in ("set", "remove", "copy") and at:
            key = draw(st.sampled_from(sorted(at)))
            if what == "remove":
                del at[key]
            else:
                at[key] = draw(values)
        else:
            at[draw(keys)] = draw(values)
    elif what == "remove" and at:
        at.pop(draw(st.integers(0, len(at) - 1)))
    elif what in ("copy", "swap") and at:
        row = at.pop(draw(st.integers(0, len(at) - 1)))
        at.insert(draw(st.integers(0, len(at))), row)
        if what == "copy" and isinstance(row, dict):
            named = {name: f"{value} again" for name, value in row.items() if name in NAMES and isinstance(value, str)}
            at.append({**copy.deepcopy(row), **named})
    else:
        at.insert(draw(st.integers(0, len(at))), draw(values))


NAMES = ("id", "key", "row", "code", "fact", "grade")


def _containers(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield value
        for one in value.values():
            yield from _containers(one)
    elif isinstance(value, list):
        yield value
        for one in value:
            yield from _containers(one)


def has_twins(value: Any) -> bool:
    """Whether two rows of one list have one name."""
    for rows in _containers(value):
        for name in NAMES if isinstance(rows, list) else ():
            found = [row[name] for row in rows if isinstance(row, dict) and isinstance(row.get(name), str)]
            if len(found) > len(set(found)):
                return True
    return False


def text_of(content: Any) -> str:
    """The canonical text, written here once more: two contents are equal when their texts are."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
