"""What a release is, what it is for, and where its parts are."""

from django.http import HttpRequest, HttpResponse

from calcinosis_app.rulebooks.bridge import Rules
from calcinosis_app.rulebooks.selectors import numbered_release, releases
from calcinosis_app.rulebooks.views.loading import of_release, shown

FILES = (
    ("xlsx", "Spreadsheet (XLSX)", "one sheet for each table, to read and to edit"),
    ("csv", "CSV files (ZIP)", "the same sheets as text"),
    ("json", "JSON", "canonical text: the hash of the file is the hash of the release"),
)


@of_release
def overview(request: HttpRequest, rules: Rules) -> HttpResponse:
    """Number, hash, dates, intended use, limits and grades."""
    content = rules.content
    counts = {
        "tables": len(content["tables"]),
        "treatments": len(content["treatments"]),
        "gates": sum(len(block.get("gate", ())) for block in content["treatments"].values()),
        "facts": sum(not fact.derived for fact in rules.facts.values()),
        "laboratory results": len(content["laboratory"]),
        "conditions": len(content["conditions"]),
        "references": len(content["references"]),
        "test cases": len(content["cases"]),
    }
    return shown(
        request,
        "rulebooks/overview.html",
        rules,
        part="release",
        release=numbered_release(rules.number),
        releases=releases(),
        content=content,
        counts=counts,
        files=FILES,
    )
