"""Safety statements: what a release promises of every patient, as data in a small closed language.

A statement says that something never happens, or always happens, while tests surely hold of a patient; or that
the release's own data has a property (a row says this, no row reads that). ``verification`` proves or refutes it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from clinical_rules.errors import ReleaseError
from clinical_rules.tables import Domain, TableError, parse_test

Kind = Literal["never", "always", "data"]
When = Mapping[str, str]
"""Tests that must all surely hold, by fact; ``WORDS`` are not facts but what else must be so."""

WORDS = ("flag", "jurisdiction")
"""``flag``: one of these emergencies is raised. ``jurisdiction``: the assessment is made for one of these."""

STATUSES = ("offered", "caution", "reason", "specialist", "provisional", "unassessable", "blocked", "not_indicated")
ACCEPTABLE = ("offered", "caution", "reason", "specialist")
CLEARED = "cleared"
"""No absolute gate stands or is open: what speaks against it is only relative, whether or not it is put forward."""
GROUPS = ("elective", "elective_procedures", "procedures", "all")
MARKS = ("calciphylaxis_not_excluded", "presumed")
_KEYS = {"id", "rule", "say", "never", "always", "data", "while", "unless", "anywhere", "unless_forwarded", "sources", "seen", "grade"}
_OUTCOMES: Mapping[str, frozenset[str]] = {
    "treatments": frozenset({"treatments", "status"}),
    "types": frozenset({"types"}),
    "flags": frozenset({"flags"}),
    "steps": frozenset({"steps"}),
    "marks": frozenset({"marks"}),
    "facts": frozenset({"facts"}),
}
_DATA: Mapping[str, frozenset[str]] = {
    "rows": frozenset({"rows", "say"}),
    "unread": frozenset({"unread", "in"}),
    "bands": frozenset({"bands"}),
    "category": frozenset({"category", "treatments"}),
    "not_offered": frozenset({"not_offered"}),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What must never, or always, be so.

    ``kind`` is ``treatments`` (with the ``statuses`` meant), ``types`` (one of them decided), ``flags`` (raised),
    ``steps`` (shown), ``marks`` (borne) or ``facts`` (surely so); of data: ``rows``, ``unread``, ``bands``,
    ``category`` or ``not_offered``.
    """

    kind: str
    names: tuple[str, ...]
    statuses: tuple[str, ...] = ()
    facts: Mapping[str, str] | None = None
    details: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """One promise of a release.

    ``never``: broken by a patient of whom one of ``conditions`` surely holds (all, when there is none), none of
    ``unless`` surely holds, and the outcome is so. ``always``: broken where the outcome is not so. Both speak of one
    lesion, and of the patient who has it; with ``anywhere`` the conditions may hold at another lesion of the patient.
    """

    id: str
    rule: str
    say: str
    kind: Kind
    outcome: Outcome
    conditions: tuple[When, ...]
    unless: tuple[When, ...]
    anywhere: bool
    unless_forwarded: bool
    sources: tuple[str, ...]
    seen: bool
    grade: str


@dataclass(frozen=True, slots=True)
class Names:
    """What a statement may speak of."""

    domains: Mapping[str, Domain]
    treatments: Mapping[str, Mapping[str, Any]]
    flags: frozenset[str]
    types: frozenset[str]
    steps: frozenset[str]
    rows: frozenset[str]
    tables: frozenset[str]
    bands: frozenset[str]
    jurisdictions: frozenset[str]
    """With ``none``: no jurisdiction is named, the strictest gates apply."""


def words(text: str) -> list[str]:
    """The names in a list such as ``calciphylaxis, calciphylaxis_suspected``."""
    return [one.strip() for one in text.split(",")]


def read_statements(blocks: Iterable[Mapping[str, Any]], names: Names) -> tuple[Statement, ...]:
    """The statements of a release. Raises ``ReleaseError`` naming statement, word and remedy."""
    found: dict[str, Statement] = {}
    for block in blocks:
        one = _statement(block, names)
        if one.id in found:
            raise ReleaseError(f"statement {one.id} stands twice: keep one")
        found[one.id] = one
    return tuple(found.values())


def _statement(block: Mapping[str, Any], names: Names) -> Statement:
    name = str(block.get("id", ""))
    if not name:
        raise ReleaseError(f"a statement has no id: {block}")
    _only(name, block, _KEYS)
    lacking = [key for key in ("rule", "say", "sources", "seen") if key not in block]
    if lacking:
        raise ReleaseError(f"statement {name} lacks {', '.join(lacking)}")
    kinds: list[Kind] = [kind for kind in ("never", "always", "data") if kind in block]
    if len(kinds) != 1:
        raise ReleaseError(f"statement {name}: write exactly one of never, always, data")
    kind = kinds[0]
    conditions, unless = _whens(name, block.get("while", ()), names), _whens(name, block.get("unless", ()), names)
    if kind == "data" and (conditions or unless):
        raise ReleaseError(f"statement {name}: what the data says holds for everybody: take while and unless out")
    outcome = _data(name, block[kind], names) if kind == "data" else _outcome(name, block[kind], names)
    return Statement(
        id=name,
        rule=str(block["rule"]),
        say=str(block["say"]),
        kind=kind,
        outcome=outcome,
        conditions=conditions,
        unless=unless,
        anywhere=bool(block.get("anywhere", False)),
        unless_forwarded=bool(block.get("unless_forwarded", False)),
        sources=tuple(block["sources"]),
        seen=bool(block["seen"]),
        grade=str(block.get("grade", "")),
    )


def _only(name: str, block: Mapping[str, Any], allowed: Iterable[str]) -> None:
    strange = sorted(set(block) - set(allowed))
    if strange:
        raise ReleaseError(f"statement {name}: {', '.join(strange)} means nothing here; write {', '.join(sorted(allowed))}")


def _whens(name: str, blocks: Sequence[Mapping[str, str]], names: Names) -> tuple[When, ...]:
    for block in blocks:
        for fact, test in block.items():
            if fact in WORDS:
                _known(name, fact, words(test), names.flags if fact == "flag" else names.jurisdictions)
                continue
            _test(name, fact, test, names)
    return tuple(dict(block) for block in blocks)


def _test(name: str, fact: str, test: str, names: Names) -> None:
    if fact not in names.domains:
        raise ReleaseError(f"statement {name}: {fact} is no fact that a test can look at")
    try:
        parse_test(test, names.domains[fact])
    except TableError as error:
        raise ReleaseError(f"statement {name}: {error}") from error


def _known(name: str, what: str, given: Sequence[str], known: Iterable[str]) -> tuple[str, ...]:
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise ReleaseError(f"statement {name}: {what} {', '.join(unknown)} is none of this release")
    return tuple(given)


def _outcome(name: str, block: Mapping[str, Any], names: Names) -> Outcome:
    kind = next((kind for kind in _OUTCOMES if kind in block), None)
    if kind is None:
        raise ReleaseError(f"statement {name}: say what: one of {', '.join(_OUTCOMES)}")
    _only(name, block, _OUTCOMES[kind])
    given = block[kind]
    if kind == "facts":
        for fact, test in given.items():
            _test(name, fact, test, names)
        return Outcome(kind, tuple(given), facts=dict(given))
    if kind == "treatments":
        return Outcome(kind, _treatments(name, given, names), _statuses(name, block.get("status")))
    known = {"types": names.types, "flags": names.flags, "steps": names.steps, "marks": frozenset(MARKS)}[kind]
    return Outcome(kind, _known(name, kind, given, known))


def _treatments(name: str, given: Any, names: Names) -> tuple[str, ...]:
    if given == "all":
        return tuple(names.treatments)
    if isinstance(given, str):
        _known(name, "group of treatments", [given], GROUPS)
        procedures = ("procedure", "diagnostic")
        return tuple(
            key
            for key, head in names.treatments.items()
            if (head.get("elective") or given == "procedures") and (given == "elective" or head["category"] in procedures)
        )
    return _known(name, "treatment", given, names.treatments)


def _statuses(name: str, given: Any) -> tuple[str, ...]:
    if given == "acceptable":
        return ACCEPTABLE
    if given == CLEARED:
        return (CLEARED,)
    if isinstance(given, str) or not given:
        raise ReleaseError(f"statement {name}: status is acceptable, {CLEARED}, or a list of {', '.join(STATUSES)}")
    return _known(name, "status", given, STATUSES)


def _data(name: str, block: Mapping[str, Any], names: Names) -> Outcome:
    kind = next((kind for kind in _DATA if kind in block), None)
    if kind is None:
        raise ReleaseError(f"statement {name}: say what the data has: one of {', '.join(_DATA)}")
    _only(name, block, _DATA[kind])
    given = block[kind]
    if kind == "rows":
        says = block.get("say")
        if not says or not all(isinstance(text, str) for text in says.values()):
            raise ReleaseError(f'statement {name}: say which words stand in which field, as in say = {{ urgency = "24 hours" }}')
        return Outcome(kind, _known(name, "row", given, names.rows), details=dict(says))
    if kind == "unread":
        tables = _known(name, "table", block.get("in", sorted(names.tables)), names.tables)
        return Outcome(kind, _known(name, "fact", given, names.domains), details={"in": tables})
    if kind == "bands":
        return Outcome(kind, _known(name, "laboratory result", given, names.bands))
    if kind == "category":
        return Outcome(kind, _known(name, "treatment", block["treatments"], names.treatments), details={"category": given})
    return Outcome(kind, _known(name, "treatment", given, names.treatments))
