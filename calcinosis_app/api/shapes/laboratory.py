"""Files of results, their lines, and what a clinic has said about codes and units."""

from typing import Any, Final

from calcinosis_app.api.shapes.parts import (
    Named,
    answered,
    count,
    free,
    identifier,
    listed,
    moment,
    one_of,
    perhaps,
    said,
    sent,
    text,
    yes_or_no,
)
from calcinosis_app.api.shapes.persons import SOMEBODY, somebody
from calcinosis_app.laboratory.fates import Fate, Reason
from calcinosis_app.laboratory.files.written import Dates, DecimalMark, Delimiter, Encoding, Kind
from calcinosis_app.laboratory.models import CodeMapping, Import, Line, UnitMapping
from calcinosis_app.laboratory.models.importing import LABORATORY_LENGTH, State
from calcinosis_app.laboratory.models.line import CODE_LENGTH, UNIT_LENGTH
from calcinosis_app.laboratory.selectors import CodeToMap, UnitToMap, counts_of

COUNTS: Final = answered(
    "How many lines have which fate. In a dry run, imported means: would be.",
    waiting=count(example=0),
    imported=count(example=118),
    ignored=count(example=2),
    refused=count(example=1),
    reasons=listed(answered(reason=one_of(Reason.values, example="unknown_code"), lines=count(example=1))),
)
IMPORT: Final = Named(
    "Import",
    answered(
        "One file of results: a dry run until it is committed.",
        id=identifier(),
        file_name=said(example="results-march.csv"),
        sha256=said("Of the file."),
        laboratory=said("Of the lines that name none.", example="Central laboratory"),
        kind=one_of(Kind.values, example="csv"),
        encoding=one_of(Encoding.values, example="utf-8"),
        delimiter=one_of(Delimiter.values, example="comma"),
        decimal=one_of(DecimalMark.values, example="point"),
        dates=one_of(Dates.values, example="iso"),
        unread_columns=listed(said(), "Columns that are not read."),
        state=one_of(State.values, "Ask again while it is received or working.", example="done"),
        say=said("Why it failed or stopped."),
        committed=yes_or_no("Whether findings are made, or it is only a dry run.", example=False),
        counts=COUNTS,
        received_at=moment(),
        received_by=SOMEBODY,
        committed_at=perhaps(moment()),
        committed_by=perhaps(SOMEBODY),
        finished_at=perhaps(moment()),
    ),
)
LINE: Final = Named(
    "Line",
    answered(
        "One line as it stood in the file, and what became of it.",
        id=count(),
        row=count("Its row in the file.", example=12),
        cells=free("Texts by the name of their column, as they came."),
        fate=one_of(Fate.values, example="refused"),
        reason=perhaps(one_of(Reason.values, example="unknown_code")),
        say=said("The reason in words, with the remedy."),
        laboratory=said(),
        system=said("The code system; empty for the laboratory's own codes.", example="loinc"),
        code=said(example="2777-1"),
        unit=said(example="mmol/L"),
        key=said("The fact that the code means.", example="phosphate"),
        finding=perhaps(identifier("The finding that was made of it.")),
    ),
)
CODE_TO_MAP: Final = answered(
    laboratory=said(), system=said(), code=said(), name=said("What the laboratory calls it."), lines=count("How many lines wait for it.")
)
UNIT_TO_MAP: Final = answered(laboratory=said(), system=said(), code=said(), key=said(), spelling=said(), lines=count())
QUEUE: Final = Named(
    "Queue",
    answered(
        "What waits for a person: the most frequent codes and units that nobody has mapped, at most 50 of each.",
        codes=listed(CODE_TO_MAP),
        units=listed(UNIT_TO_MAP),
        lines=count("How many refused lines no mapping mends; they have a list of their own."),
    ),
)
MAPPED: Final = {"made_at": moment(), "made_by": SOMEBODY}
CODE_MAPPING: Final = answered(
    "What a code means.", laboratory=said(), system=said(), code=said(), key=perhaps(said("Null: not needed here.")), **MAPPED
)
UNIT_MAPPING: Final = answered(
    "What a spelling of a unit means under one code.",
    laboratory=said(),
    system=said(),
    code=said(),
    key=said(),
    spelling=said(),
    unit=said(),
    **MAPPED,
)
MAPPINGS: Final = Named("Mappings", answered("What the clinic has said.", codes=listed(CODE_MAPPING), units=listed(UNIT_MAPPING)))
OF_CODE: Final = {
    "laboratory": text("As the queue writes it.", most=LABORATORY_LENGTH, example="central laboratory"),
    "system": text("loinc, or empty for the laboratory's own.", most=CODE_LENGTH, example=""),
    "code": text(most=CODE_LENGTH, least=1, example="PHOS"),
}
MAP_CODE: Final = Named(
    "MapCode",
    sent(
        "What a laboratory means by a code, from now on.",
        needed=("laboratory", "code", "key"),
        **OF_CODE,
        key=perhaps(text("The fact, or null: not needed here.", most=100, example="phosphate")),
    ),
)
MAP_UNIT: Final = Named(
    "MapUnit",
    sent(
        "Which of the fact's units a laboratory means by a spelling under one code, from now on.",
        needed=("laboratory", "code", "key", "spelling", "unit"),
        **OF_CODE,
        key=text(most=100, least=1, example="phosphate"),
        spelling=text("As the laboratory writes it; empty for results without unit.", most=UNIT_LENGTH, example="mmol/l"),
        unit=text("UCUM.", most=UNIT_LENGTH, least=1, example="mmol/L"),
    ),
)
RUN_AGAIN: Final = Named("RunAgain", answered("How many lines run again.", lines=count(example=3)))
SET_ASIDE: Final = Named(
    "SetAside",
    sent("Why a line leaves the queue.", needed=("why",), why=text(most=200, least=1, example="a test sample of the laboratory")),
)
UPLOAD: Final = {
    "laboratory": text("Of the lines that name none. Its codes and units are mapped for it alone.", most=LABORATORY_LENGTH, least=1),
    "file_name": text("By which people find it again.", most=200),
    "encoding": one_of(Encoding.values, "How letters are stored in a text file; utf-8 unless said."),
    "delimiter": one_of(Delimiter.values, "What stands between the columns of a text file; comma unless said."),
    "decimal": one_of(DecimalMark.values, "What stands before decimals; point unless said."),
    "dates": one_of(Dates.values, "How days are written; iso unless said."),
}
FILE: Final = {"type": "string", "format": "binary", "description": "The file as it is, at most 30 MB."}


def an_import(one: Import) -> dict[str, Any]:
    """A file, and how far it is."""
    counts = counts_of(one)
    return {
        "id": str(one.pk),
        "file_name": one.file_name,
        "sha256": one.sha256,
        "laboratory": one.laboratory,
        "kind": one.kind,
        "encoding": one.encoding,
        "delimiter": one.delimiter,
        "decimal": one.decimal,
        "dates": one.dates,
        "unread_columns": one.unread_columns,
        "state": one.state,
        "say": one.say,
        "committed": one.committed,
        "counts": {
            "waiting": counts.waiting,
            "imported": counts.imported,
            "ignored": counts.ignored,
            "refused": counts.refused,
            "reasons": [{"reason": reason, "lines": lines} for reason, _, lines in counts.reasons],
        },
        "received_at": one.received_at.isoformat(),
        "received_by": somebody(one.received_by),
        "committed_at": one.committed_at.isoformat() if one.committed_at else None,
        "committed_by": somebody(one.committed_by) if one.committed_by else None,
        "finished_at": one.finished_at.isoformat() if one.finished_at else None,
    }


def a_line(one: Line) -> dict[str, Any]:
    """A line."""
    names = ("row", "cells", "fate", "say", "laboratory", "system", "code", "unit", "key")
    return {
        "id": one.pk,
        **{name: getattr(one, name) for name in names},
        "reason": one.reason or None,
        "finding": str(one.finding_id) if one.finding_id else None,
    }


def code_to_map(one: CodeToMap) -> dict[str, Any]:
    """A code that nobody has mapped."""
    return {"laboratory": one.laboratory, "system": one.system, "code": one.code, "name": one.name, "lines": one.lines}


def unit_to_map(one: UnitToMap) -> dict[str, Any]:
    """A unit that nobody has mapped."""
    return {
        "laboratory": one.laboratory,
        "system": one.system,
        "code": one.code,
        "key": one.key,
        "spelling": one.unit,
        "lines": one.lines,
    }


def code_mapping(one: CodeMapping) -> dict[str, Any]:
    """A mapping of a code."""
    return {"laboratory": one.laboratory, "system": one.system, "code": one.code, "key": one.key or None, **_made(one)}


def unit_mapping(one: UnitMapping) -> dict[str, Any]:
    """A mapping of a unit."""
    place = {"laboratory": one.laboratory, "system": one.system, "code": one.code, "key": one.key}
    return {**place, "spelling": one.spelling, "unit": one.unit, **_made(one)}


def _made(one: CodeMapping | UnitMapping) -> dict[str, Any]:
    return {"made_at": one.made_at.isoformat(), "made_by": somebody(one.made_by)}
