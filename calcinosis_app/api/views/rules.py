"""The rules, for programs that show or check them."""

from collections.abc import Callable
from typing import Any, Final

from django.http import Http404, HttpResponse

from calcinosis_app.accounts.permissions import RULES_READ
from calcinosis_app.accounts.policy import require
from calcinosis_app.api.endpoint import Endpoint
from calcinosis_app.api.operation import JSON, Call, operation
from calcinosis_app.api.shapes import rules as shapes
from calcinosis_app.api.shapes.parts import answered, listed, text
from calcinosis_app.rulebooks.bridge import Rules, current_release, rules_of
from calcinosis_app.rulebooks.models import Release
from calcinosis_app.rulebooks.presentation.search import LONGEST, matching
from calcinosis_app.rulebooks.selectors import numbered_release, releases

TAG = "rules"
OF_RELEASE: Final = ["number"]
LOOKED_FOR: Final = {"q": text("Only rows that hold all of these words.", most=LONGEST, example="phosphate")}
ROWS: Final = answered(items=listed(shapes.ROWS))


def release_numbered(call: Call, number: int) -> Release:
    """One stored release. Raises Http404 for a number never given."""
    require(call.by, RULES_READ)
    found = numbered_release(number)
    if found is None:
        raise Http404
    return found


def rules_numbered(call: Call, number: int) -> Rules:
    """Its rules."""
    return rules_of(release_numbered(call, number))


def found_in(rows: Any, call: Call) -> dict[str, Any]:
    """The rows that hold what is looked for."""
    return {"items": matching(rows, call.query.get("q", ""))}


class ReleasesView(Endpoint):
    """All releases."""

    @operation(
        "list_releases",
        "The releases of this installation, newest first",
        "New assessments are made under the current one; old assessments name theirs.",
        tag=TAG,
        gives=answered(items=listed(shapes.RELEASE)),
    )
    def get(self, call: Call) -> Any:
        """None ever changes."""
        require(call.by, RULES_READ)
        number = current_release().number
        return {"items": [shapes.release(one, current=one.number == number) for one in releases()]}


class ReleaseView(Endpoint):
    """One release."""

    @operation("read_release", "What a release is for, and what it holds", tag=TAG, gives=shapes.CONTENTS, places=OF_RELEASE)
    def get(self, call: Call, number: int) -> Any:
        """Names of tables, lists and treatments."""
        found = release_numbered(call, number)
        return shapes.contents(found, rules_of(found).content, current=found.number == current_release().number)


class ContentView(Endpoint):
    """A release, whole."""

    @operation(
        "read_content",
        "A whole release as its canonical text",
        "SHA-256 of the answer is the hash of the release. As a spreadsheet or as CSV files people take it from the page.",
        tag=TAG,
        gives=shapes.CONTENT,
        places=OF_RELEASE,
    )
    def get(self, call: Call, number: int) -> Any:
        """Everything, with the test cases."""
        return HttpResponse(rules_numbered(call, number).text, content_type=JSON)


class TableView(Endpoint):
    """One decision table."""

    @operation("read_table", "One decision table, its rows in order", tag=TAG, gives=shapes.TABLE, places=["number", "name"])
    def get(self, call: Call, number: int, name: str) -> Any:
        """Tests, outcome, sources."""
        tables = rules_numbered(call, number).content["tables"]
        if name not in tables:
            raise Http404
        return {"table": tables[name]["table"], "rows": tables[name]["row"]}


class TreatmentsView(Endpoint):
    """All treatments."""

    @operation("list_treatments", "The treatments of a release", tag=TAG, gives=ROWS, query=LOOKED_FOR, places=OF_RELEASE)
    def get(self, call: Call, number: int) -> Any:
        """Without their gates and doses, which each has of its own."""
        return found_in([block["treatment"] for block in rules_numbered(call, number).content["treatments"].values()], call)


class TreatmentView(Endpoint):
    """One treatment."""

    @operation(
        "read_treatment",
        "One treatment: doses, responses, gates, stop rules, monitoring",
        tag=TAG,
        gives=shapes.TREATMENT,
        places=["number", "name"],
    )
    def get(self, call: Call, number: int, name: str) -> Any:
        """All that the release says of it."""
        treatments = rules_numbered(call, number).content["treatments"]
        if name not in treatments:
            raise Http404
        return treatments[name]


class ListView(Endpoint):
    """One list."""

    @operation(
        "read_list",
        "One list: follow-up, work-up, advice, referrals, causes, controversies, instruments",
        tag=TAG,
        gives=ROWS,
        query=LOOKED_FOR,
        places=["number", "name"],
    )
    def get(self, call: Call, number: int, name: str) -> Any:
        """Its rows in order."""
        lists = rules_numbered(call, number).content["lists"]
        if name not in lists:
            raise Http404
        return found_in(lists[name], call)


class RowView(Endpoint):
    """One row by its id, wherever it stands."""

    @operation("read_row", "One row by its id, as assessments name it", tag=TAG, gives=shapes.ROWS, places=["number", "row"])
    def get(self, call: Call, number: int, row: str) -> Any:
        """With its sources."""
        found = rules_numbered(call, number).rows.get(row)
        if found is None:
            raise Http404
        return found


def part_view(part: str, says: str) -> Callable[..., Any]:
    """The view of one part of a release that is a list of rows."""

    class PartView(Endpoint):
        """A list of rows."""

        @operation(f"list_{part}", f"Of a release: {says}", tag=TAG, gives=ROWS, query=LOOKED_FOR, places=OF_RELEASE)
        def get(self, call: Call, number: int) -> Any:
            """Those that hold what is looked for."""
            return found_in(rules_numbered(call, number).content[part], call)

    view: Callable[..., Any] = PartView.as_view()
    return view
