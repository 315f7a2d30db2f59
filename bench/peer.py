"""The same table for zen-engine, in its own format, and one patient evaluated with its trace.

zen-engine knows two truth values: a missing fact fails every test. So it is compared in speed, and
in outcome only for patients of whom everything is known.
"""

import json
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from bench.workload import Workload
from clinical_rules.tables import Domain
from clinical_rules.tables.sfeel import ANYTHING, Compare, Interval, Part, parse_test, print_value

Patient = Mapping[str, bool | str | float]


class Peer:
    """zen-engine with the workload's table loaded."""

    def __init__(self, work: Workload) -> None:
        document = {
            "nodes": [
                {"id": "in", "name": "in", "type": "inputNode", "content": {}},
                {"id": "table", "name": "table", "type": "decisionTableNode", "content": _table(work)},
                {"id": "out", "name": "out", "type": "outputNode", "content": {}},
            ],
            "edges": [
                {"id": "e1", "sourceId": "in", "targetId": "table", "type": "edge"},
                {"id": "e2", "sourceId": "table", "targetId": "out", "type": "edge"},
            ],
        }
        # Only the bench's own environment has the peer; the page is written without it.
        self._decision = import_module("zen").ZenEngine().create_decision(json.dumps(document))

    def outcome(self, patient: Patient) -> Any:
        """The table's output, computed with the trace."""
        return self._decision.evaluate(dict(patient), {"trace": True})["result"]["type"]


def plain(work: Workload) -> list[Patient]:
    """The patients with numbers in the fact's unit, as zen-engine takes them."""
    return [
        {
            fact: value / 10 ** work.domains[fact].precision if work.domains[fact].kind == "number" else value
            for fact, value in patient.items()
        }
        for patient in work.patients
    ]


def _table(work: Workload) -> dict[str, Any]:
    return {
        "hitPolicy": "first",
        "inputs": [{"id": fact, "name": fact, "field": fact} for fact in work.domains],
        "outputs": [{"id": "type", "name": "type", "field": "type"}],
        "rules": [
            {
                "_id": row.id,
                **dict.fromkeys(work.domains, ""),
                **{fact: _cell(text, work.domains[fact]) for fact, text in row.when.items()},
                "type": json.dumps(row.then["type"]),
            }
            for row in work.table.rows
        ],
    }


def _cell(text: str, domain: Domain) -> str:
    test = parse_test(text, domain)
    if test.text == ANYTHING:
        return ""
    if test.negated:
        return " and ".join(f"$ != {_literal(part, domain)}" for part in test.parts)
    return ", ".join(_part(part, domain) for part in test.parts)


def _part(part: Part, domain: Domain) -> str:
    if isinstance(part, Interval):
        opening, closing = "(" if part.low_open else "[", ")" if part.high_open else "]"
        return f"{opening}{print_value(part.low, domain)}..{print_value(part.high, domain)}{closing}"
    sign = "" if part.sign == "=" else f"{part.sign} "
    return f"{sign}{_literal(part, domain)}"


def _literal(part: Part, domain: Domain) -> str:
    if not isinstance(part, Compare):
        raise TypeError(f"{part} is no literal")
    text = print_value(part.value, domain)
    return json.dumps(text) if domain.kind == "code" else text
