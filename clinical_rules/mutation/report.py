"""The result of a hunt as text and as data."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from clinical_rules.mutation.hunt import Verdict
from clinical_rules.release import Release

NOTICED = ("case", "statement", "refused")


def share(verdicts: Iterable[Verdict]) -> float:
    """The share noticed of those that some patient can tell; 1 of none."""
    fates = Counter(one.fate for one in verdicts)
    noticed = sum(fates[fate] for fate in NOTICED)
    telling = noticed + fates["survived"]
    return noticed / telling if telling else 1.0


def as_json(verdicts: Sequence[Verdict], release: Release) -> dict[str, Any]:
    """The hunt as plain data."""
    return {
        "release": release.number,
        "hash": release.hash,
        "share": share(verdicts),
        "mutants": [
            {"id": one.mutant.id, "part": one.mutant.part, "row": one.mutant.row, "fate": one.fate, "by": one.by, "why": one.why}
            for one in verdicts
        ],
    }


def as_lines(verdicts: Sequence[Verdict], release: Release) -> Iterable[str]:
    """A page: the share by part, every survivor with the case that would notice it, and what nobody can tell."""
    fates = Counter(one.fate for one in verdicts)
    yield "# Mutants of the release"
    yield ""
    yield "Written by `python3 manage.py mutate_release --write bench/MUTATION.md`. Each mutant is the release with one slip in it:"
    yield "a threshold one step off, a sign with or without its limit, a test negated or dropped, a code more or less, another outcome,"
    yield "severity or stage."
    yield ""
    yield f"Release {release.number}, {release.hash[:12]}: {len(verdicts)} mutants. Of those that some patient can tell from the release,"
    yield f"**{share(verdicts):.1%} are noticed**: {fates['case']} by a case that differs from what it expects,"
    yield f"{fates['statement']} by a safety statement, {fates['refused']} because the release refuses them."
    yield f"{fates['equivalent']} cannot be told by any patient."
    yield ""
    yield "| part | mutants | noticed by a case | by a statement | refused | nobody can tell | survive | noticed |"
    yield "|---|---|---|---|---|---|---|---|"
    for part in dict.fromkeys(one.mutant.part for one in verdicts):
        mine = [one for one in verdicts if one.mutant.part == part]
        of = Counter(one.fate for one in mine)
        counts = " | ".join(str(of[fate]) for fate in ("case", "statement", "refused", "equivalent", "survived"))
        yield f"| {part} | {len(mine)} | {counts} | {share(mine):.1%} |"
    yield from _listed("Survivors", "what case would notice it", [one for one in verdicts if one.fate == "survived"])
    yield from _listed("Nobody can tell", "why", [one for one in verdicts if one.fate == "equivalent"])


def _listed(title: str, why: str, verdicts: Sequence[Verdict]) -> Iterable[str]:
    yield ""
    yield f"## {title}"
    yield ""
    if not verdicts:
        yield "None."
        return
    yield f"| row | slip | {why} |"
    yield "|---|---|---|"
    for one in verdicts:
        slip = (
            f"{one.mutant.fact} {one.mutant.was} -> {one.mutant.now}"
            if one.mutant.fact
            else f"{one.mutant.change.before} -> {one.mutant.change.after}"
        )
        yield f"| {one.mutant.row} | {one.mutant.kind}: {slip} | {one.why} |".replace("\n", " ")
