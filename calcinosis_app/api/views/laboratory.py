"""Files of laboratory results: tried, committed, thrown away; and what waits for a person."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied

from calcinosis_app.accounts.models import Clinic
from calcinosis_app.accounts.permissions import LABORATORY_IMPORT
from calcinosis_app.accounts.policy import require
from calcinosis_app.api.endpoint import Endpoint
from calcinosis_app.api.operation import Call, Made, operation
from calcinosis_app.api.paging import a_page
from calcinosis_app.api.parsers import CSV, XLSX, CSVParser, XLSXParser
from calcinosis_app.api.shapes import laboratory as shapes
from calcinosis_app.api.shapes.parts import PAGING, a_page_of, one_of
from calcinosis_app.core.once import once
from calcinosis_app.laboratory.access import enter_import, enter_line
from calcinosis_app.laboratory.actions import (
    commit_import,
    discard_import,
    map_code,
    map_unit,
    note_opened,
    note_queue_opened,
    receive_file,
    run_again,
    set_aside,
)
from calcinosis_app.laboratory.fates import Fate, Reason
from calcinosis_app.laboratory.files.written import Dates, DecimalMark, Delimiter, Encoding, Kind, Written
from calcinosis_app.laboratory.selectors import (
    code_mappings,
    codes_to_map,
    imports_of,
    lines_of,
    lines_to_look_at,
    unit_mappings,
    units_to_map,
)
from calcinosis_app.laboratory.tasks import ring

TAG = "laboratory"


class ImportsView(Endpoint):
    """All files of the clinic."""

    parser_classes = (CSVParser, XLSXParser)

    @operation("list_imports", "The clinic's imports and dry runs, newest first", tag=TAG, gives=a_page_of(shapes.IMPORT), query=PAGING)
    def get(self, call: Call) -> Any:
        """With how far each is."""
        require(call.by, LABORATORY_IMPORT)
        return a_page(imports_of(call.by), call.query, shapes.an_import)

    @operation(
        "upload_results",
        "Send a file of results: a dry run begins",
        "The body is the file itself, as text/csv or as a spreadsheet; how it is written stands behind the question mark and is never "
        "guessed. Nothing is imported before it is committed. The same file, declared in the same way, is one dry run however often it "
        "is sent.",
        tag=TAG,
        media={CSV: shapes.FILE, XLSX: shapes.FILE},
        query=shapes.UPLOAD,
        needed=["laboratory"],
        gives=shapes.IMPORT,
        status=201,
        also={200: "The dry run that the first call with this key began"},
        refuses="The file cannot be read as it is declared.",
        conflicts="Somebody else sent the same file at the same moment, or the once-only key came with another file.",
        once=True,
    )
    def post(self, call: Call) -> Any:
        """Ask for the import until it is done, then look at its lines."""
        require(call.by, LABORATORY_IMPORT)
        asked = call.query
        content = call.body if isinstance(call.body, bytes) else b""
        kind = Kind.XLSX if call.request.content_type.startswith(XLSX) else Kind.CSV
        written = Written(
            kind,
            asked.get("encoding", Encoding.UTF_8.value),
            asked.get("delimiter", Delimiter.COMMA.value),
            asked.get("decimal", DecimalMark.POINT.value),
            asked.get("dates", Dates.ISO.value),
        )
        made = once(
            by=call.by,
            key=call.key,
            purpose="import.receive",
            content=[content, dict(asked), kind],
            act=lambda: receive_file(
                by=call.by, content=content, file_name=asked.get("file_name", ""), written=written, laboratory=asked["laboratory"]
            ),
        )
        ring()
        return Made(shapes.an_import(made.row), 200 if made.again else 201)


class ImportView(Endpoint):
    """One file."""

    @operation(
        "read_import",
        "One import: how far it is, and how many lines have which fate",
        tag=TAG,
        gives=shapes.IMPORT,
        places=["import_id"],
    )
    def get(self, call: Call, import_id: UUID) -> Any:
        """Ask again while it is received or working."""
        return shapes.an_import(enter_import(by=call.by, import_id=import_id))

    @operation(
        "discard_import",
        "Throw a dry run away, with all its lines",
        tag=TAG,
        gives=None,
        places=["import_id"],
        conflicts="It has been committed: findings came from its lines.",
    )
    def delete(self, call: Call, import_id: UUID) -> Any:
        """Nothing was imported from it."""
        discard_import(by=call.by, source=enter_import(by=call.by, import_id=import_id))


class ImportLinesView(Endpoint):
    """The lines of a file."""

    @operation(
        "list_lines",
        "The lines of an import in their order, with the fate of each",
        "They name patients, so it is written down that somebody looked.",
        tag=TAG,
        gives=a_page_of(shapes.LINE),
        query={
            **PAGING,
            "fate": one_of(Fate.values, "Only lines of this fate.", example="refused"),
            "reason": one_of(Reason.values, "Only lines with this reason."),
        },
        places=["import_id"],
    )
    def get(self, call: Call, import_id: UUID) -> Any:
        """All of them, or some."""
        source = enter_import(by=call.by, import_id=import_id)
        note_opened(by=call.by, source=source)
        wanted = {name: call.query[name] for name in ("fate", "reason") if name in call.query}
        return a_page(lines_of(source, **wanted), call.query, shapes.a_line)


class CommitView(Endpoint):
    """Making a dry run count."""

    @operation(
        "commit_import",
        "Import what the dry run says would be imported",
        "Its lines are judged once more and become findings. Committing again changes nothing.",
        tag=TAG,
        gives=shapes.IMPORT,
        places=["import_id"],
        conflicts="The dry run is not finished, or was thrown away.",
    )
    def post(self, call: Call, import_id: UUID) -> Any:
        """The worker begins at once."""
        commit_import(by=call.by, source=enter_import(by=call.by, import_id=import_id))
        ring()
        return shapes.an_import(enter_import(by=call.by, import_id=import_id))


class AgainView(Endpoint):
    """Judging refused lines once more."""

    @operation(
        "run_import_again",
        "Judge the refused lines once more",
        "For example after a patient was created. It also takes over an import that stopped.",
        tag=TAG,
        gives=shapes.RUN_AGAIN,
        places=["import_id"],
        conflicts="It was thrown away meanwhile.",
    )
    def post(self, call: Call, import_id: UUID) -> Any:
        """How many."""
        lines = run_again(by=call.by, source=enter_import(by=call.by, import_id=import_id))
        ring()
        return {"lines": lines}


class QueueView(Endpoint):
    """What waits for a person."""

    @operation("read_queue", "Codes and units that nobody has mapped, the most frequent first", tag=TAG, gives=shapes.QUEUE)
    def get(self, call: Call) -> Any:
        """Of the clinic."""
        require(call.by, LABORATORY_IMPORT)
        clinic = _clinic(call)
        return {
            "codes": [shapes.code_to_map(one) for one in codes_to_map(clinic)],
            "units": [shapes.unit_to_map(one) for one in units_to_map(clinic)],
            "lines": lines_to_look_at(clinic).count(),
        }


class QueueLinesView(Endpoint):
    """Refused lines that no mapping mends."""

    @operation(
        "list_queue_lines",
        "Refused lines that a person has to look at, of the oldest import first",
        "They name patients, so it is written down that somebody looked.",
        tag=TAG,
        gives=a_page_of(shapes.LINE),
        query=PAGING,
    )
    def get(self, call: Call) -> Any:
        """Of the clinic."""
        note_queue_opened(by=call.by)
        return a_page(lines_to_look_at(_clinic(call)), call.query, shapes.a_line)


class SetAsideView(Endpoint):
    """Ending a line in the queue."""

    @operation(
        "set_line_aside",
        "Take a refused line out of the queue, with the reason",
        "The line stays as it came. One that is not in the queue any more stays as it is.",
        tag=TAG,
        body=shapes.SET_ASIDE,
        gives=shapes.LINE,
        places=["line_id"],
    )
    def post(self, call: Call, line_id: int) -> Any:
        """As it is now."""
        set_aside(by=call.by, line=enter_line(by=call.by, line_id=line_id), why=call.body["why"])
        return shapes.a_line(enter_line(by=call.by, line_id=line_id))


class MappingsView(Endpoint):
    """What the clinic has said."""

    @operation("list_mappings", "What the clinic has said about codes and units", tag=TAG, gives=shapes.MAPPINGS)
    def get(self, call: Call) -> Any:
        """By laboratory and code."""
        require(call.by, LABORATORY_IMPORT)
        clinic = _clinic(call)
        return {
            "codes": [shapes.code_mapping(one) for one in code_mappings(clinic)],
            "units": [shapes.unit_mapping(one) for one in unit_mappings(clinic)],
        }


class MapCodeView(Endpoint):
    """What a code means."""

    @operation(
        "map_code",
        "Say what a laboratory means by a code",
        "The lines concerned run again. What was imported under an earlier mapping stays as it is. Saying the same again changes nothing.",
        tag=TAG,
        body=shapes.MAP_CODE,
        gives=shapes.RUN_AGAIN,
        refuses="The fact is none of a laboratory, or the code has its meaning from the release.",
    )
    def put(self, call: Call) -> Any:
        """From now on."""
        require(call.by, LABORATORY_IMPORT)
        lines = map_code(by=call.by, **{"system": "", **call.body, "key": call.body["key"] or ""})
        ring()
        return {"lines": lines}


class MapUnitView(Endpoint):
    """What a unit means."""

    @operation(
        "map_unit",
        "Say which unit a laboratory means by a spelling",
        "The lines concerned run again. What was imported under an earlier mapping stays as it is. Saying the same again changes nothing.",
        tag=TAG,
        body=shapes.MAP_UNIT,
        gives=shapes.RUN_AGAIN,
        refuses="The unit is none of the fact, or has its meaning from the release.",
    )
    def put(self, call: Call) -> Any:
        """From now on."""
        require(call.by, LABORATORY_IMPORT)
        lines = map_unit(by=call.by, **{"system": "", **call.body})
        ring()
        return {"lines": lines}


def _clinic(call: Call) -> Clinic:
    """The caller's. The policy lets nobody import results who has none."""
    if call.by.clinic is None:
        raise PermissionDenied
    return call.by.clinic
