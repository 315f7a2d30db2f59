"""Whom a changed release changes something for, among stored cases: exactly, and judging only those anew whom it may touch."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from clinical_rules import ENGINE
from clinical_rules.comparison.difference import Change, difference
from clinical_rules.comparison.index import Index
from clinical_rules.comparison.judging import Document, Terms, judge, judge_options
from clinical_rules.comparison.outcome import Effect, Outcome, effects, place_of
from clinical_rules.comparison.selection import select
from clinical_rules.errors import ReleaseError
from clinical_rules.pathway import in_force
from clinical_rules.release import Release, Treatment


@dataclass(frozen=True, slots=True)
class Touched:
    """One case for which something changes; its effects, most harmful first."""

    case: int
    """The case's place among those given."""
    effects: tuple[Effect, ...]

    @property
    def harm(self) -> tuple[int, int, int]:
        """The smaller, the sooner a person should look at it."""
        worst = self.effects[0].harm
        return worst, -sum(one.harm == worst for one in self.effects), self.case


@dataclass(frozen=True, slots=True)
class Impact:
    """The cases for which something changes, by harm, and what it took to find them."""

    changes: tuple[Change, ...]
    cases: int
    judged: int
    """How many cases were judged anew."""
    touched: tuple[Touched, ...]

    def counts(self) -> dict[str, int]:
        """How many cases have an effect of each kind, most harmful kinds first."""
        found = Counter(kind for one in self.touched for kind in dict.fromkeys(each.kind for each in one.effects))
        order = {each.kind: each.harm for one in self.touched for each in one.effects}
        return {kind: found[kind] for kind in sorted(order, key=lambda kind: order[kind])}


def impact(old: Release, new: Release, index: Index, documents: Sequence[Document], changes: Sequence[Change] | None = None) -> Impact:
    """Whom the new release changes something for. ``index`` was made of these documents under the old one.

    Raises ``ReleaseError`` when it was made under another release or engine.
    """
    if (index.release, index.engine) != (old.hash, ENGINE):
        raise ReleaseError("the index was made under another release or engine: make it anew")
    found = tuple(difference(old.content, new.content) if changes is None else changes)
    chosen = select(old, new, found, index)
    judged = 0
    touched: list[Touched] = []
    for case in sorted({*chosen.whole, *chosen.options}):
        before = index.outcome(case)
        if case in chosen.whole or "error" in before:
            after = judge(documents[case], new, index.terms)
            judged += 1
        else:
            after, left = _gates_turned(index, case, new, before, chosen.options[case])
            if left:
                after = judge_options(documents[case], new, index.terms, after, left)
                judged += 1
        told = effects(before, after)
        if told:
            touched.append(Touched(case, told))
    return Impact(found, index.count, judged, tuple(sorted(touched, key=lambda one: one.harm)))


def _gates_turned(index: Index, case: int, new: Release, before: Outcome, treatments: Iterable[str]) -> tuple[Outcome, list[str]]:
    """The outcome with the gates of those treatments that are not put forward, and the treatments that must be judged again.

    A treatment that is not put forward stays so whatever its gates say; these are read from the columns.
    """
    options, left = dict(before["options"]), []
    for name in treatments:
        treatment = new.treatments[name]
        places = [name] if treatment.scope == "patient" else [place_of(name, lesion) for lesion in before["lesions"]]
        if any(options[place]["status"] != "not_indicated" for place in places):
            left.append(name)
            continue
        section = "any" if treatment.scope == "patient" else "lesion"
        for place, unit in zip(places, index.units_of(section, case), strict=True):
            options[place] = {**options[place], "gates": _gates_at(index, section, unit, treatment)}
    return {**before, "options": options}, left


def _gates_at(index: Index, section: str, unit: int, treatment: Treatment) -> dict[str, Any]:
    table = treatment.gates
    if table is None:
        return {}
    knowledge = {fact: value for fact in table.facts if (value := index.sections[section].at(fact, unit)) is not None}
    return {
        row: [block["severity"], truth]
        for (row, block), truth in zip(treatment.gate_rows.items(), table.truths(knowledge), strict=True)
        if truth is not False and in_force(block, index.terms.jurisdiction)
    }


def impact_slowly(old: Release, new: Release, documents: Iterable[Document], terms: Terms | None = None) -> tuple[Touched, ...]:
    """The same by judging every case under both releases: what ``impact`` must equal."""
    terms = terms or Terms()
    found = []
    for case, document in enumerate(documents):
        told = effects(judge(document, old, terms), judge(document, new, terms))
        if told:
            found.append(Touched(case, told))
    return tuple(sorted(found, key=lambda one: one.harm))
