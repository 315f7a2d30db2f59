"""Where each row, fact, treatment and source of a release is shown."""

from collections.abc import Iterator
from functools import lru_cache

from django.urls import reverse

from calcinosis_app.rulebooks.bridge import Rules

# Facts that have a page of their own beside the one that lists the rest, by section of the fact.
PAGE_OF_SECTION = {
    "laboratory": "laboratory",
    "position": "laboratory",
    "conditions": "conditions",
    "drug_list": "drugs",
    "derived": "derived",
    "person": "derived",
}


def url_of_row(rules: Rules, row: str) -> str | None:
    """The address of a row by its id, with its anchor; None when the release has no such row."""
    return _rows(rules).get(row)


def url_of_fact(rules: Rules, key: str) -> str | None:
    """The address of a fact by its key; None when the release has no such fact."""
    fact = rules.facts.get(key)
    if fact is None:
        return None
    page = PAGE_OF_SECTION.get(fact.section, "facts")
    if key in rules.definitions:
        page = "derived"
    shown = key.removesuffix("_position") if fact.section == "position" else key
    return f"{reverse(f'rulebooks:{page}', args=[rules.number])}#fact-{shown}"


def url_of_treatment(rules: Rules, treatment: str) -> str:
    """The address of a treatment's page."""
    return reverse("rulebooks:treatment", args=[rules.number, treatment])


def url_of_source(rules: Rules, key: str) -> str:
    """The address of a reference."""
    return f"{reverse('rulebooks:references', args=[rules.number])}#ref-{key}"


@lru_cache(maxsize=8)
def _rows(rules: Rules) -> dict[str, str]:
    return dict(_found(rules))


def _found(rules: Rules) -> Iterator[tuple[str, str]]:
    """Later ones win: a follow-up check may bear the id of a treatment's response, which then keeps the short name."""
    for name, rows in rules.content["lists"].items():
        page = reverse("rulebooks:list", args=[rules.number, name])
        for row in rows:
            yield row["row"], f"{page}#{row['row']}"
            yield f"{name}:{row['row']}", f"{page}#{row['row']}"
    for name, block in rules.content["tables"].items():
        page = reverse("rulebooks:table", args=[rules.number, name])
        yield from ((row["id"], f"{page}#{row['id']}") for row in block["row"])
    for name, block in rules.content["treatments"].items():
        page = url_of_treatment(rules, name)
        yield block["treatment"]["row"], f"{page}#{block['treatment']['row']}"
        for kind in ("gate", "stop", "dose", "response", "monitoring"):
            yield from ((row["row"], f"{page}#{row['row']}") for row in block.get(kind, ()))
    laboratory = reverse("rulebooks:laboratory", args=[rules.number])
    for analyte in rules.content["laboratory"]:
        yield from ((band["row"], f"{laboratory}#{band['row']}") for band in analyte["bands"])
    derived = reverse("rulebooks:derived", args=[rules.number])
    yield from ((one["id"], f"{derived}#{one['id']}") for one in rules.content["implications"])
    for one in rules.content["definitions"]:
        for number in range(1, len(one.get("any") or one.get("first", ())) + 1):
            yield f"{one['fact']}.{number}", f"{derived}#fact-{one['fact']}"
