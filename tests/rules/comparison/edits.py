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


def edited(content: Content, draw: random.Random, edits: int) -> Content:
    """The content after edits as a curator makes them: tests, outcomes, rows, limits, questions, words. It may still be refused."""
    new: Content = copy.deepcopy(content)
    for _ in range(edits):
        draw.choice(_EDITS)(new, draw)
    return new


def whens(content: Content, draw: random.Random) -> dict[str, str]:
    """The tests of some row, gate, line or implication."""
    kind = draw.choice(("table", "table", "gate", "gate", "definition", "definition", "implication", "list", "question"))
    if kind == "table":
        found = [row["when"] for block in content["tables"].values() for row in block["row"]]
    elif kind == "gate":
        found = [row["when"] for block in content["treatments"].values() for row in block.get("gate", ())]
    elif kind == "definition":
        found = [line for one in content["definitions"] for line in one.get("any", ())]
        found += [line["when"] for one in content["definitions"] for line in one.get("first", ())]
    elif kind == "implication":
        found = [one["if"] for one in content["implications"]]
    elif kind == "list":
        found = [one["when"] for rows in content["lists"].values() for one in rows if "when" in one]
        found += [line for rows in content["lists"].values() for one in rows for line in one.get("any", ())]
    else:
        found = [line for one in content["facts"] for name in ("true_when", "false_when") for line in one.get(name, ())]
    return draw.choice(found)


def _test(content: Content, draw: random.Random) -> None:
    when = whens(content, draw)
    numeric = [when for when in (whens(content, draw) for _ in range(30)) if any(text[0] in "<>" for text in when.values())]
    if numeric and draw.random() < 0.6:
        when = draw.choice(numeric)
    if not when:
        return
    fact = draw.choice(sorted(when))
    text = when[fact]
    if text[0] in "<>":
        sign, _, number = text.partition(" ")
        digits = len(number.partition(".")[2])
        if draw.random() < 0.25:
            sign = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}[sign]
        else:
            number = f"{float(number) * draw.choice((0.5, 0.8, 0.9, 1.1, 1.3, 2)):.{digits}f}"
        when[fact] = f"{sign} {number}"
    elif text in ("true", "false"):
        when[fact] = "false" if text == "true" else "true"
    elif ", " in text and not text.startswith("not("):
        codes = text.split(", ")
        codes.pop(draw.randrange(len(codes)))
        when[fact] = ", ".join(codes)
    else:
        when[fact] = text.removeprefix("not(").removesuffix(")") if text.startswith("not(") else f"not({text})"


def _fewer_tests(content: Content, draw: random.Random) -> None:
    when = whens(content, draw)
    if len(when) > 1:
        del when[draw.choice(sorted(when))]


def _more_tests(content: Content, draw: random.Random) -> None:
    when, other = whens(content, draw), whens(content, draw)
    for fact, text in other.items():
        when.setdefault(fact, text)


def _rows(content: Content, draw: random.Random) -> list[Any]:
    lists = [block["row"] for block in content["tables"].values()]
    lists += [block["gate"] for block in content["treatments"].values() if block.get("gate")]
    lists += [one[name] for one in content["definitions"] for name in ("any", "first") if one.get(name)]
    lists += [content["lists"][name] for name in ("work_up", "causes", "advice", "referrals", "follow_up")]
    lists += [content["implications"]]
    return draw.choice(lists)


def _row(content: Content, draw: random.Random) -> None:
    rows = _rows(content, draw)
    kind = draw.choice(("drop", "copy", "move"))
    if kind == "drop" and len(rows) > 1:
        rows.pop(draw.randrange(len(rows)))
    elif kind == "copy":
        twin = copy.deepcopy(draw.choice(rows))
        for key in ("id", "row"):
            if key in twin:
                twin[key] = f"{twin[key]}.copy"
        rows.insert(draw.randrange(len(rows) + 1), twin)
    else:
        rows.insert(draw.randrange(len(rows)), rows.pop(draw.randrange(len(rows))))


def _outcome(content: Content, draw: random.Random) -> None:
    kind = draw.choice(
        ("severity", "stage", "countries", "offer", "exclusive", "always", "key", "forward", "then", "expects", "head", "condition")
    )
    gate = draw.choice([row for block in content["treatments"].values() for row in block.get("gate", ())])
    choice = draw.choice(content["tables"]["choice"]["row"])
    flag = draw.choice(content["tables"]["emergencies"]["row"])
    treatments = sorted(content["treatments"])
    if kind == "severity":
        gate["severity"] = draw.choice(("absolute", "relative", "caution", "info"))
    elif kind == "stage":
        gate["stage"] = draw.choice(("start", "on_treatment"))
    elif kind == "countries":
        gate["jurisdictions"] = [draw.choice(content["jurisdictions"])]
    elif kind == "offer":
        choice["offer"] = draw.sample(treatments, draw.randint(0, 3))
    elif kind == "exclusive":
        choice["exclusive"] = draw.randint(1, 6)
    elif kind == "always":
        choice["always"] = not choice.get("always", False)
    elif kind == "key":
        flag["key"] = draw.choice(content["tables"]["emergencies"]["row"])["key"]
    elif kind == "forward":
        flag["forward"] = draw.sample(treatments, draw.randint(0, 3))
    elif kind == "then":
        row = draw.choice(content["tables"][draw.choice(("classification", "leading"))]["row"])
        row["then"]["type"] = draw.choice(("metastatic", "mixed", "dystrophic", "idiopathic", "iatrogenic"))
    elif kind == "expects":
        draw.choice(content["tables"]["leading"]["row"])["expects"] = {"minerals_raised": draw.choice(("true", "false"))}
    elif kind == "head":
        head = content["treatments"][draw.choice(treatments)]["treatment"]
        name = draw.choice(("elective", "specialist", "child_specialist", "phase", "grade_rank"))
        head[name] = draw.choice(("medical", "support")) if name == "phase" else 3 if name == "grade_rank" else not head.get(name, False)
    else:
        states = content["tables"]["states"]["row"]
        draw.choice(states)["condition"] = draw.choice(states)["condition"]


def _limit(content: Content, draw: random.Random) -> None:
    often = [
        one
        for one in content["laboratory"]
        if one["key"] in ("phosphate", "ca_total", "ca_adjusted", "ca_ionised", "albumin", "creatinine")
    ]
    band = draw.choice(draw.choice(often if draw.random() < 0.7 else content["laboratory"])["bands"])
    if draw.random() < 0.1:
        band["age_days"] = [band["age_days"][0], band["age_days"][1] - 100]
        return
    name = draw.choice(("reference", "reference", "reference", "soft", "critical"))
    limits = band.get(name)
    if limits:
        end = draw.randrange(2)
        if limits[end] not in (None, ""):
            limits[end] = f"{float(limits[end]) * draw.choice((0.8, 0.95, 0.99, 1.01, 1.05, 1.2)):.2f}"


def _question(content: Content, draw: random.Random) -> None:
    fact = draw.choice(content["facts"])
    kind = draw.choice(("shelf_life_days", "label", "soft", "exhaustive", "members"))
    if kind == "shelf_life_days":
        fact[kind] = draw.choice((1, 28, 90, 400))
    elif kind == "label":
        fact[kind] += " (asked otherwise)"
    elif kind == "soft" and fact.get("soft"):
        fact[kind] = [fact["soft"][0], str(float(fact["soft"][1]) * 0.7)]
    elif kind == "exhaustive" and fact.get("members"):
        fact[kind] = not fact.get(kind, False)
    elif kind == "members" and len(fact.get("members", ())) > 1:
        fact[kind] = fact["members"][1:]


def _implied(content: Content, draw: random.Random) -> None:
    one = draw.choice(content["implications"])
    fact = draw.choice(sorted(one["then"]))
    if one["then"][fact] in ("true", "false"):
        one["then"][fact] = "false" if one["then"][fact] == "true" else "true"


def _due(content: Content, draw: random.Random) -> None:
    draw.choice(content["lists"]["follow_up"])["first_due_days"] = str(draw.randint(1, 200))


def _words(content: Content, draw: random.Random) -> None:
    one = draw.choice([row for block in content["tables"].values() for row in block["row"]])
    one["say"] = f"{one['say']}, said otherwise"
    draw.choice(content["references"])["title"] = "another title"


_EDITS = (
    _test,
    _test,
    _test,
    _test,
    _fewer_tests,
    _more_tests,
    _row,
    _outcome,
    _outcome,
    _limit,
    _limit,
    _question,
    _implied,
    _due,
    _words,
)
