"""What changed between two releases, cell by cell, as data. Applying it to the old content gives the new content."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from clinical_rules.comparison.rows import Place, has_lines, id_key, is_rows, is_same, names_beside, names_of

Kind = Literal["added", "removed", "changed", "moved"]
PARTS: Mapping[str, str] = {
    "cases": "case",
    "conditions": "condition",
    "definitions": "definition",
    "drugs": "fact",
    "facts": "fact",
    "implications": "implication",
    "laboratory": "laboratory range",
    "lists": "list row",
    "references": "reference",
    "statements": "statement",
    "tables": "table",
    "treatments": "treatment",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One change. Of a row that was added or moved, ``behind`` names the row it now follows (``None``: it stands first).

    ``before`` and ``after`` are plain JSON values; of a row that was moved, the row that it followed and the one that it follows now.
    """

    place: Place
    kind: Kind
    before: Any = None
    after: Any = None
    behind: str | None = None
    matters: bool = True
    """False where only the order of rows changed that are read all together."""

    @property
    def part(self) -> str:
        """What kind of thing changed: a table, a treatment gate, a definition, ..."""
        if self.place[0] == "treatments" and len(self.place) > 2 and self.place[2] == "gate":
            return "treatment gate"
        return PARTS.get(self.place[0], "release")

    @property
    def owner(self) -> str:
        """What the row belongs to: the table, the treatment, the list, the analyte; empty where the row stands alone."""
        return self.place[1] if self.place[0] in ("tables", "treatments", "lists", "laboratory") and len(self.place) > 1 else ""

    @property
    def row(self) -> str:
        """The id of the row; of a line without an id, what it stands in and its number. Empty where no row changed."""
        return self._split()[0]

    @property
    def field(self) -> str:
        """The field or fact that changed, with dots between; empty for a whole row."""
        return ".".join(self._split()[1])

    def _split(self) -> tuple[str, Place]:
        """What the row is called, and the rest of the place within it."""
        place = self.place
        if len(place) > 3 and (id_key(place[:3]) is not None):
            return place[3], place[4:]
        for end in (3, 4):
            if len(place) > end and has_lines(place[:end]):
                return f"{place[end - 2]} line {place[end]}", place[end + 1 :]
        if place[0] == "lists":
            return (place[2], place[3:]) if len(place) > 2 else ("", place[1:])
        if place[0] in ("tables", "treatments"):
            return "", place[2:]
        return (place[1], place[2:]) if place[0] in PARTS and len(place) > 1 else ("", place)

    def as_json(self) -> dict[str, Any]:
        """The change as plain data, with the part, row and field that a person looks for."""
        return {
            "part": self.part,
            "owner": self.owner,
            "row": self.row,
            "field": self.field,
            "kind": self.kind,
            "before": self.before,
            "after": self.after,
            "behind": self.behind,
            "matters": self.matters,
            "place": list(self.place),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Change":
        """The change that this data says."""
        return cls(tuple(data["place"]), data["kind"], data["before"], data["after"], data["behind"], data["matters"])


def difference(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Change, ...]:
    """Everything that changed from one release's content to another's, in the order of the content's names."""
    return tuple(
        replace(one, matters=decides_by_order(new, one.place[:-1])) if one.kind == "moved" else one for one in _of_objects((), old, new)
    )


def _of_objects(place: Place, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterable[Change]:
    for name in sorted({*old, *new}):
        here = (*place, name)
        if name not in new:
            yield Change(here, "removed", before=old[name])
        elif name not in old:
            yield Change(here, "added", after=new[name])
        else:
            yield from _of_values(here, old[name], new[name])


def _of_values(place: Place, old: Any, new: Any) -> Iterable[Change]:
    if is_same(old, new):
        return
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _of_objects(place, old, new)
    elif is_rows(place, old) and is_rows(place, new):
        yield from _of_rows(place, old, new)
    else:
        yield Change(place, "changed", old, new)


def _of_rows(place: Place, old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]) -> Iterable[Change]:
    before = dict(zip(names_of(place, old), old, strict=True))
    after = dict(zip(names_beside(place, old, new), new, strict=True))
    for name, row in before.items():
        if name not in after:
            yield Change((*place, name), "removed", before=row)
    moved = _moved(list(before), list(after))
    follows_before, follows_after = _predecessors(before), _predecessors(after)
    for name, row in after.items():
        behind = follows_after[name]
        if name not in before:
            yield Change((*place, name), "added", after=row, behind=behind)
            continue
        if name in moved:
            yield Change((*place, name), "moved", follows_before[name], behind, behind)
        yield from _of_values((*place, name), before[name], row)


def _predecessors(names: Iterable[str]) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    last: str | None = None
    for name in names:
        found[name] = last
        last = name
    return found


def _moved(old: Sequence[str], new: Sequence[str]) -> set[str]:
    """The fewest shared rows that must move for the old order to become the new one: those outside a longest run in order."""
    number_of = {name: number for number, name in enumerate(old)}
    shared = [name for name in new if name in number_of]
    ends: list[int] = []
    length_at: list[int] = []
    for name in shared:
        number = number_of[name]
        place = bisect_left(ends, number)
        ends[place : place + 1] = [number]
        length_at.append(place)
    kept: set[str] = set()
    wanted = len(ends) - 1
    for name, length in zip(reversed(shared), reversed(length_at), strict=True):
        if length == wanted:
            kept.add(name)
            wanted -= 1
    return set(shared) - kept


def decides_by_order(content: Mapping[str, Any], place: Place) -> bool:
    """Whether the order of the rows at this place decides: in a FIRST table, and in a definition by its first line that holds."""
    if place[0] == "tables":
        head = content["tables"][place[1]].get("table")
        return isinstance(head, Mapping) and bool(head.get("hit_policy") == "FIRST")
    return place[-1] == "first"


def apply(changes: Iterable[Change], old: Mapping[str, Any]) -> dict[str, Any]:
    """The content that the changes make of the old one. Raises ``KeyError`` where they do not fit it."""
    pending = [(one.place, one) for one in changes]
    return _patched_object((), old, pending) if pending else dict(old)


_Pending = list[tuple[Place, Change]]
"""Changes with the part of their place that is still to be walked."""


def _patched(place: Place, value: Any, pending: _Pending) -> Any:
    if not pending:
        return value
    if isinstance(value, dict):
        return _patched_object(place, value, pending)
    return _patched_rows(place, value, pending)


def _by_name(pending: _Pending) -> dict[str, _Pending]:
    found: dict[str, _Pending] = {}
    for rest, change in pending:
        found.setdefault(rest[0], []).append((rest[1:], change))
    return found


def _patched_object(place: Place, value: Mapping[str, Any], pending: _Pending) -> dict[str, Any]:
    result = dict(value)
    for name, mine in _by_name(pending).items():
        whole = next((change for rest, change in mine if not rest), None)
        if whole is None:
            result[name] = _patched((*place, name), value[name], mine)
        elif whole.kind == "removed":
            del result[name]
        else:
            result[name] = whole.after
    return result


def _patched_rows(place: Place, rows: Sequence[Mapping[str, Any]], pending: _Pending) -> list[Any]:
    kept: dict[str, Any] = dict(zip(names_of(place, rows), rows, strict=True))
    placed: list[tuple[str, str | None, Any]] = []
    for name, mine in _by_name(pending).items():
        deeper = [(rest, change) for rest, change in mine if rest]
        row = _patched((*place, name), kept[name], deeper) if deeper else kept.get(name)
        for change in (change for rest, change in mine if not rest):
            if change.kind == "removed":
                del kept[name]
            elif change.kind == "changed":
                row = change.after
            else:
                kept.pop(name, None)
                placed.append((name, change.behind, row if change.kind == "moved" else change.after))
        if name in kept:
            kept[name] = row
    order = list(kept)
    kept |= {name: row for name, _, row in placed}
    for name, behind, _ in placed:  # in the new order, so that the row in front stands already
        order.insert(0 if behind is None else order.index(behind) + 1, name)
    return [kept[name] for name in order]
