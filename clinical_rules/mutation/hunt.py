"""Which mutants of a release its own cases notice: only the cases that a mutant may touch are judged again."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from clinical_rules.assessment import assess
from clinical_rules.case_check import compare
from clinical_rules.comparison import Index, Terms, apply, build_index
from clinical_rules.comparison.selection import select
from clinical_rules.errors import CaseError, ReleaseError
from clinical_rules.mutation.mutants import PARTS, Mutant, mutants
from clinical_rules.mutation.promises import Promises
from clinical_rules.mutation.telling import Teller
from clinical_rules.release import Release

TODAY = date(2026, 3, 2)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one mutant.

    ``fate``: ``case`` (a case differs from what it expects), ``statement`` (a safety statement no longer holds), ``refused``
    (the release does not hold together), ``equivalent`` (no patient can tell) or ``survived``. ``by`` names the case or the
    statement; ``why`` says what it saw, or why no patient can tell, or what case would notice it.
    """

    mutant: Mutant
    fate: str
    by: str = ""
    why: str = ""


class Hunter:
    """Sets the cases of a release on its mutants."""

    def __init__(self, release: Release) -> None:
        self.release = release
        self.documents: Sequence[Any] = release.content["cases"]
        # Cases that sit on the thresholds first: they notice most.
        self.order = sorted(range(len(self.documents)), key=lambda case: self.documents[case].get("purpose") != "boundary")
        self.index: Index = build_index(self.documents, release, Terms(TODAY))

    def hunt(self, mutant: Mutant) -> Verdict:
        """Whether a case notices it, or else a statement, or else whether anybody could."""
        try:
            new = Release(apply([mutant.change], self.release.content))
        except ReleaseError as error:
            return Verdict(mutant, "refused", why=str(error))
        touched = select(self.release, new, [mutant.change], self.index).cases
        for case in self.order:
            if case in touched:
                told = self._differs(self.documents[case], new)
                if told:
                    return Verdict(mutant, "case", str(self.documents[case]["id"]), told)
        broken = self.promises.broken_by(mutant, new)
        if broken is not None:
            return Verdict(mutant, "statement", *broken)
        told_apart = self.teller.of(mutant)
        return Verdict(mutant, "equivalent" if told_apart.nobody else "survived", why=told_apart.why)

    @cached_property
    def promises(self) -> Promises:
        """The release's statements, proved once."""
        return Promises(self.release)

    @cached_property
    def teller(self) -> Teller:
        """Looks for patients who can tell."""
        return Teller(self.release)

    @staticmethod
    def _differs(document: Any, new: Release) -> str:
        try:
            found = compare(document, assess(document, new, today=TODAY)).differences
        except CaseError as error:
            return str(error)
        return found[0] if found else ""


def sampled(release: Release, parts: Iterable[str] = PARTS, sample: int | None = None, seed: int = 0) -> list[Mutant]:
    """All mutants of these parts, or so many of them, drawn with a seed."""
    every = list(mutants(release, parts))
    if sample is None or sample >= len(every):
        return every
    return random.Random(seed).sample(every, sample)  # noqa: S311  # a sample, no secret
