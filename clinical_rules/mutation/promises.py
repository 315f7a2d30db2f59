"""Whether the safety statements of a release notice a mutant."""

from collections.abc import Mapping

from clinical_rules.errors import ReleaseError
from clinical_rules.mutation.mutants import Mutant
from clinical_rules.release import Release
from clinical_rules.verification.check import Checks
from clinical_rules.verification.data import holds_in_data


class Promises:
    """The statements, and the rows that each proof rests on: a mutant of another row cannot break them."""

    def __init__(self, release: Release) -> None:
        self.release = release
        checks = Checks(release)
        self.rests_on: Mapping[str, frozenset[str]] = {
            one.id: checks.check(one).rests_on for one in release.statements if one.kind != "data"
        }

    def broken_by(self, mutant: Mutant, new: Release) -> tuple[str, str] | None:
        """The first statement that the mutant breaks, and how; only those whose proof looked at the row are proved again."""
        name = _named(mutant)
        checks: Checks | None = None
        for one in new.statements:
            if one.kind == "data":
                wrong = holds_in_data(new, one)
                if wrong and not holds_in_data(self.release, one):
                    return one.id, wrong
            elif name is None or name in self.rests_on.get(one.id, ()):
                try:
                    checks = checks or Checks(new)
                    result = checks.check(one)
                except ReleaseError as error:
                    return one.id, str(error)
                if result.verdict == "refuted":
                    return one.id, result.why
        return None


def _named(mutant: Mutant) -> str | None:
    """What the proofs call the changed row; ``None`` where they may rest on it without naming it."""
    place = mutant.change.place
    if place[0] == "treatments" and place[2] == "treatment":
        return None
    if place[0] in ("tables", "treatments"):
        return place[3]
    return None if place[0] in ("laboratory", "lists") else place[1]
