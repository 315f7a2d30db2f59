"""One row of a release as it is shown, whatever kind of row it is. The template is rulebooks/_row.html."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from calcinosis_app.rulebooks.bridge import EMERGENCY_LABELS, PHASE_LABELS, TYPE_LABELS, Rules
from calcinosis_app.rulebooks.presentation import words
from calcinosis_app.rulebooks.presentation.places import url_of_fact, url_of_row, url_of_source, url_of_treatment


@dataclass(frozen=True)
class Link:
    """A text that leads somewhere; without an address it is only a text."""

    text: str
    url: str = ""
    title: str = ""


@dataclass(frozen=True)
class Ask:
    """One test: a fact, and what is asked of it."""

    fact: Link
    asks: str


@dataclass(frozen=True)
class Line:
    """One more thing that a row says: a name, and texts or links."""

    label: str
    items: tuple[Link, ...]


@dataclass(frozen=True)
class RowView:
    """A row, ready to be shown. `when` holds alternatives: the row holds when all tests of one of them hold.

    `anchor` is its place on the page, `url` where its id leads: to itself, or to its own page where it is a guest.
    """

    id: str
    anchor: str
    url: str
    heading: str
    text: str
    badge: str
    tone: str
    when: tuple[tuple[Ask, ...], ...]
    lines: tuple[Line, ...]
    sources: tuple[Link, ...]
    grade: str
    mark: str


# What becomes the heading: the first of these that a row has.
HEADINGS = ("say", "what_to_check", "check", "title", "question", "outcome", "name", "step", "cause", "to", "reason", "text")
# Said elsewhere on the row, or of no use to a reader.
SILENT = frozenset(
    {
        "id",
        "row",
        "when",
        "any",
        "sources",
        "seen",
        "seen_basis",
        "grade",
        "severity",
        "stage",
        "order",
        "phase",
        "scope",
        "display",
        "text",
    }
)
# What the parts of a row are called, in the order in which they are read.
LABELS = {
    "key": "emergency",
    "type": "type",
    "entity": "what it is instead",
    "do": "what to do",
    "urgency": "how soon",
    "within_days": "within, in days",
    "cause": "of",
    "disease": "of",
    "use": "for",
    "population": "for whom",
    "route": "route",
    "check": "what to check",
    "method": "how",
    "reason": "because",
    "action_threshold": "act when",
    "action": "then",
    "expectation": "to be expected",
    "interval": "how often",
    "first_due_days": "first due after, in days",
    "repeat_days": "then every, in days",
    "interval_seen": "interval stood in a source",
    "owner_role": "worked by",
    "priority": "order among what is due",
    "condition": "state of the disease",
    "treatment": "treatment",
    "side_a": "one side",
    "sources_a": "sources of that",
    "side_b": "other side",
    "sources_b": "sources of that",
    "display": "what is shown",
    "offer": "brings forward",
    "forward": "brings forward",
    "exclusive": "read first, in place",
    "always": "counts whatever else fits",
    "expects": "fits with",
    "n": "patients",
    "jurisdictions": "in",
    "to": "refer to",
    "for_treatments": "needed before",
}
READING_ORDER = {name: place for place, name in enumerate(LABELS)}


def row_view(rules: Rules, row: Mapping[str, Any], *, guest_from: str = "") -> RowView:
    """The row in words. What a row says and no rule here knows is shown by its name: nothing is left out.

    `guest_from` names the list or table from which a row is shown on a page that is not its own.
    """
    head = next((name for name in HEADINGS if row.get(name)), "")
    severity = row.get("severity", "")
    name = row.get("row") or row["id"]
    home = url_of_row(rules, f"{guest_from}:{name}") or url_of_row(rules, name) or ""
    return RowView(
        id=name,
        anchor=f"{guest_from}:{name}" if guest_from else name,
        url=home if guest_from else f"#{name}",
        heading=str(row.get(head, "")),
        text="" if head == "text" else str(row.get("text", "")),
        badge=severity,
        tone=words.SEVERITY_TONES.get(severity, "quiet"),
        when=tuple(_asks(rules, tests) for tests in _alternatives(row)),
        lines=tuple(_lines(rules, row, head)),
        sources=tuple(source_link(rules, key) for key in row.get("sources", ())),
        grade=row.get("grade", ""),
        mark=words.seen_mark(row),
    )


def source_link(rules: Rules, key: str) -> Link:
    """A citation key that leads to its reference."""
    reference = rules.references.get(key)
    return Link(key, url_of_source(rules, key), reference["title"]) if reference else Link(key)


def fact_link(rules: Rules, key: str) -> Link:
    """A fact by its label, leading to where it is described."""
    fact = rules.facts.get(key)
    return Link(fact.label, url_of_fact(rules, key) or "", key) if fact else Link(key)


def treatment_link(rules: Rules, key: str) -> Link:
    """A treatment by its name, leading to its page."""
    treatment = rules.treatments.get(key)
    return Link(treatment.name, url_of_treatment(rules, key)) if treatment else Link(key)


def label_of(name: str) -> str:
    """What a part of a row is called: "act when"; by its own name where no better one is known."""
    return LABELS.get(name, words.humanised(name))


def _alternatives(row: Mapping[str, Any]) -> list[Mapping[str, str]]:
    if row.get("any"):
        return list(row["any"])
    return [row["when"]] if row.get("when") else []


def _asks(rules: Rules, tests: Mapping[str, str]) -> tuple[Ask, ...]:
    return tuple(Ask(fact_link(rules, fact), words.asks(rules, fact, test)) for fact, test in tests.items())


def _lines(rules: Rules, row: Mapping[str, Any], head: str) -> Iterator[Line]:
    for name, value in sorted(row.items(), key=lambda part: READING_ORDER.get(part[0], len(READING_ORDER))):
        if name in SILENT - _shown_although_silent(row) or name == head or value in ("", [], None):
            continue
        if name == "then":
            yield from (Line(label_of(key), _items(rules, key, one)) for key, one in value.items())
        else:
            yield Line(label_of(name), _items(rules, name, value))


def _shown_although_silent(row: Mapping[str, Any]) -> frozenset[str]:
    """`display` hides a dose from the pathway when false, and is what a controversy comes to when it is a text."""
    return frozenset({"display"}) if isinstance(row.get("display"), str) else frozenset()


def _items(rules: Rules, name: str, value: Any) -> tuple[Link, ...]:
    listed = value if isinstance(value, list) else [value]
    match name:
        case "offer" | "forward" | "treatments" | "treatment" | "for_treatments":
            return tuple(treatment_link(rules, one) for one in listed)
        case "expects":
            return tuple(Link(f"{rules.label(fact)}: {words.asks(rules, fact, test)}") for fact, test in value.items())
        case "facts":
            return tuple(fact_link(rules, one) for one in listed)
        case "sources_a" | "sources_b":
            return tuple(source_link(rules, one) for one in listed)
        case "repeat_days":
            return (Link(" to ".join(dict.fromkeys(str(one) for one in listed))),)
        case _:
            return tuple(Link(_said(rules, name, one)) for one in listed)


def _said(rules: Rules, name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    match name:
        case "type":
            return TYPE_LABELS.get(value, str(value))
        case "key":
            return EMERGENCY_LABELS.get(value, str(value))
        case "entity":
            return rules.label(str(value))
        case "jurisdictions":
            return words.JURISDICTIONS.get(value, str(value))
        case "condition":
            return words.state_label(rules, value)
        case "phase":
            return PHASE_LABELS.get(value, str(value))
        case _:
            return str(value)
