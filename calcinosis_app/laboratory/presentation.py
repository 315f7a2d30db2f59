"""Lines of a file in words, for pages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from calcinosis_app.laboratory import columns
from calcinosis_app.laboratory.fates import Fate
from calcinosis_app.laboratory.models import Import, Line
from calcinosis_app.patients.bridge import fact_of

TONES: Mapping[str, str] = {Fate.WAITING: "quiet", Fate.IMPORTED: "good", Fate.IGNORED: "quiet", Fate.REFUSED: "danger"}
ICONS: Mapping[str, str] = {Fate.WAITING: "wait", Fate.IMPORTED: "good", Fate.IGNORED: "quiet", Fate.REFUSED: "stop"}


@dataclass(frozen=True)
class LineView:
    """One line as a row of a page, with the texts of the file as they came."""

    pk: int
    row: int
    whose: str
    code: str
    result: str
    taken: str
    sample: str
    laboratory: str
    meaning: str
    fate: str
    tone: str
    icon: str
    reason: str
    say: str


def line_views(lines: Iterable[Line], *, committed: bool) -> list[LineView]:
    """The lines in words. In a dry run nothing was imported: it would be."""
    return [_view(line, committed) for line in lines]


def kind_of_run(source: Import) -> str:
    """What the numbers of an import mean."""
    return "Import" if source.committed else "Dry run"


def fate_in_words(fate: str, *, committed: bool) -> str:
    """The fate, as it is in a dry run or an import."""
    return "would be imported" if fate == Fate.IMPORTED and not committed else str(Fate(fate).label)


def _view(line: Line, committed: bool) -> LineView:
    cells = line.cells
    fact = fact_of(line.key) if line.key else None
    return LineView(
        pk=line.pk,
        row=line.row,
        whose=_joined(cells, columns.NUMBER, columns.FAMILY_NAME, columns.BIRTH_DATE),
        code=_joined(cells, columns.SYSTEM, columns.CODE, columns.CODE_NAME),
        result=_result(cells),
        taken=cells.get(columns.TAKEN_AT, ""),
        sample=cells.get(columns.SAMPLE, ""),
        laboratory=cells.get(columns.LABORATORY, ""),
        meaning=fact.label if fact else "",
        fate=fate_in_words(line.fate, committed=committed),
        tone=TONES[line.fate],
        icon=ICONS[line.fate],
        reason=line.get_reason_display(),
        say=line.say,
    )


def _joined(cells: Mapping[str, str], *names: str) -> str:
    return " · ".join(cells[name] for name in names if cells.get(name))


def _result(cells: Mapping[str, str]) -> str:
    value = f"{cells.get(columns.COMPARATOR, '')}{cells.get(columns.VALUE, '')} {cells.get(columns.UNIT, '')}".strip()
    own = " to ".join(cells.get(name, "…") for name in (columns.LOW, columns.HIGH)) if {columns.LOW, columns.HIGH} & set(cells) else ""
    return ", ".join(part for part in (value, cells.get(columns.FLAG, ""), f"range {own}" if own else "") if part)
