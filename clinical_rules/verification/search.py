"""Questions put to the models of one release."""

from collections.abc import Iterable, Sequence

from clinical_rules.release import Release
from clinical_rules.verification.circuit import Node
from clinical_rules.verification.knowledge_states import Place, Ranges
from clinical_rules.verification.promise import Model
from clinical_rules.verification.solver import Steps, solve


class Models:
    """The models of one release, each made once."""

    def __init__(self, release: Release) -> None:
        self.release = release
        self.ranges = Ranges(release)
        self._models: dict[tuple[tuple[Place, ...], bool, bool], Model] = {}

    def get(self, lesions: tuple[Place, ...], *, plain: bool, allowed: bool = True) -> Model:
        """The model for patients with these lesions: for proofs, or the plainly recorded ones for witnesses.

        Without ``allowed`` also for patients of whom was stated what contradicts an implication.
        """
        found = self._models.get((lesions, plain, allowed))
        if found is None:
            found = Model(self.ranges, lesions, open_ended=not plain, plain=plain, allowed=allowed)
            self._models[lesions, plain, allowed] = found
        return found


def clauses_of(nodes: Iterable[Node], roots: Sequence[int]) -> list[list[int]]:
    """What these nodes say, with every root true."""
    return [[one] for one in roots] + [clause for node in nodes for clause in node.clauses or ()]


def unknown_first(nodes: Iterable[Node]) -> dict[int, bool]:
    """Preferred values: nothing known of any fact, so that a patient who is found is known by little."""
    return {variable: True for node in nodes if node.key[0] == "fact" for variable in node.variables}


def values_of(model: Model, roots: Sequence[int], steps: Steps) -> dict[int, bool] | None:
    """Values of the model with every root true; ``None`` when there are none. Raises ``StepsSpentError``."""
    nodes = model.circuit.cone([*roots, model.circuit.true], deep=True)
    return solve(clauses_of(nodes, roots), unknown_first(nodes), steps)
