"""Whether the model allows what an assessment really said: every clause is held against it.

``python3 -m tests.rules.verification.agreement 20000`` does so for many thousand patients.
"""

import sys
from collections import Counter
from random import Random

from clinical_rules.assessment import Assessment, assess
from clinical_rules.classification import skin_unasked
from clinical_rules.derive import Picture
from clinical_rules.errors import CaseError
from clinical_rules.pathway import EMERGENCY_ONLY_IF_LISTED, STATUSES, TYPED_UNDER_TREATMENT, Option, Pathway
from clinical_rules.release import TYPES, Release, load
from clinical_rules.statements import MARKS
from clinical_rules.tables import intersection
from clinical_rules.verification.circuit import Node
from clinical_rules.verification.knowledge_states import ANY, PATIENT, REST, Ranges
from clinical_rules.verification.promise import HERE, Model, broken_by, forwarded_by, is_cleared
from tests.rules.verification.patients import any_patient


class Whole:
    """The whole model of a release: every fact, flag, type, choice row, step and option."""

    def __init__(self, release: Release) -> None:
        self.release = release
        self.ranges = Ranges(release)
        self.model = Model(self.ranges, (HERE,), open_ended=True, plain=False)
        model = self.model
        roots = [model.circuit.true]
        for treatment in release.treatments.values():
            place = None if treatment.scope == "patient" else HERE
            roots += [model.options.status(treatment, place, STATUSES[0]), model.options.cleared(treatment, place)]
        for key, fact in release.facts.items():
            if fact.kind != "codes":
                roots += model.states.fact(key, HERE).variables
        roots += [model.typing.raised(row, HERE) for row in model.typing.blocks]
        roots += [model.typing.decided(kind, HERE) for kind in TYPES]
        roots += [
            model.step(row["row"], HERE) for name in ("work_up", "causes", "referrals", "advice") for row in release.content["lists"][name]
        ]
        self.marks = {name: model.mark(name, HERE) for name in MARKS}
        self.typed = {kind: model.typing.typed(kind, HERE) for kind in TYPES}
        self.held = {
            (name, place): (model.options.held_back(one, place), model.options.forwarded(one, place))
            for name, one in release.treatments.items()
            for place in [None if one.scope == "patient" else HERE]
        }
        roots += [*self.marks.values(), *self.typed.values(), *(one for pair in self.held.values() for one in pair)]
        self.nodes = model.circuit.cone(roots, deep=True)
        self.clauses = sum(len(node.clauses or ()) for node in self.nodes)

    def disagreements(self, found: Assessment) -> list[str]:
        """Clauses that do not hold of an assessment, by the node they belong to."""
        values = Values(self, found)
        return [*self._clauses(values), *self._said(values, found)]

    def _said(self, values: "Values", found: Assessment) -> list[str]:
        """What the model works out without a variable of its own: marks, types, what is held back and put forward."""
        result = found.lesions[0]
        pairs = [(f"mark {name}", values[one], name in result.marks) for name, one in self.marks.items()]
        pairs += [(f"type {kind}", values[one], (result.status, result.type) == ("decided", kind)) for kind, one in self.typed.items()]
        for (name, place), (held, forwarded) in self.held.items():
            option = values.options[name, place]
            pairs.append((f"{name} held back", values[held], bool(option.held_back_by)))
            pairs.append((f"{name} forwarded", values[forwarded], bool(forwarded_by(self.release, option, found)) or values.hidden(option)))
        return [f"{said}: [{one} and {other}" for said, one, other in pairs if one is not other]

    def _clauses(self, values: "Values") -> list[str]:
        return [
            f"{node.key}: {clause}"
            for node in self.nodes
            if node.key[0] not in ("true", "and")
            for clause in node.clauses or ()
            if not any(values[literal] for literal in clause)
        ]


class Values:
    """What an assessment says of each variable of the model."""

    def __init__(self, whole: Whole, found: Assessment) -> None:
        self.whole = whole
        self.found = found
        self.release = whole.release
        ids = list(found.pictures.lesions)
        self.lesion = {HERE: ids[0], REST: ids[-1]}
        results = {one.id: one for one in found.lesions}
        self.pathway = Pathway(self.release, found.pictures, list(results.values()), found.emergencies, found.jurisdiction)
        self.options = {(one.treatment, HERE if one.lesion == ids[0] else one.lesion): one for one in found.options}
        self.values: dict[int, bool] = {}
        self.by_key: dict[object, list[bool]] = {}

    def __getitem__(self, literal: int) -> bool:
        variable = abs(literal)
        if variable not in self.values:
            node = self.whole.model.circuit._owner[variable]
            self.values.update(zip(node.variables, self.of(node), strict=True))
        return self.values[variable] is (literal > 0)

    def hidden(self, option: Option) -> bool:
        """Put forward, which the option itself does not tell: only its place among what is done now would."""
        return option.treatment in EMERGENCY_ONLY_IF_LISTED and bool(
            self.pathway._forwarded(self.release.treatments[option.treatment], option.lesion)
        )

    def of(self, node: Node) -> list[bool]:
        kind, *rest = node.key
        return list(getattr(self, f"_{kind}")(*rest))

    def _true(self) -> list[bool]:
        return [True]

    def _jurisdiction(self) -> list[bool]:
        return [name == (self.found.jurisdiction or "none") for name in ("none", *self.release.content["jurisdictions"])]

    def _and(self, given: tuple[int, ...]) -> list[bool]:
        return [all(self[one] for one in given)]

    def _picture(self, place: str) -> Picture:
        return self.found.pictures.lesions[self.lesion[place]]

    def _fact(self, key: str, place: str) -> list[bool]:
        if place == PATIENT:
            known = self.found.pictures.patient.get(key)
        elif place == ANY:
            known = self.found.pictures.any_lesion(key)
        else:
            known = self._picture(place).get(key)
        inside = self.whole.ranges.known(key, known)
        cells = self.whole.ranges.cells(key)
        assert inside <= set(cells), (key, place, known)
        return [cell in inside for cell in cells]

    def _raised(self, row: str, place: str) -> list[bool]:
        table = self.release.tables["emergencies"]
        truths = dict(zip((one.id for one in table.table.rows), table.truths(self._picture(place).of(table)), strict=True))
        lesion = self.lesion[place]
        named = any(row in flag.because and flag.lesion in (None, lesion) for flag in self.found.emergencies)
        return [named or truths[row] is True]

    def _skin_unasked(self, place: str) -> list[bool]:
        return [skin_unasked(self._picture(place))]

    def _decided(self, kind: str, place: str) -> list[bool]:
        picture = self._picture(place)
        if self.release.tables["not_calcinosis"].collect(picture.of(self.release.tables["not_calcinosis"])).sure:
            return [kind == "not_calcinosis"]
        table = self.release.tables["classification"]
        decision = table.decide(picture.of(table), "type")
        return [decision.status == "decided" and decision.outcome == kind]

    def _listed(self, row: str, place: str) -> list[bool]:
        truth = self.pathway.listed[self.lesion[place]][row]
        return [truth is True, truth is False]

    def _cleared(self, treatment: str, place: str | None) -> list[bool]:
        return [is_cleared(self.options[treatment, place])]

    def _status(self, treatment: str, place: str | None) -> list[bool]:
        return [self.options[treatment, place].status == one for one in STATUSES]

    def _led(self, treatment: str, place: str | None) -> list[bool]:
        return [self.options[treatment, place].status == "provisional"]

    def _treated(self, _: str, place: str) -> list[bool]:
        result = next(one for one in self.found.lesions if one.id == self.lesion[place])
        return [result.status == "decided" and bool(result.fired) and result.fired[0] in TYPED_UNDER_TREATMENT]

    def _step(self, name: str, place: str) -> list[bool]:
        return [any(step.step == name and step.lesion in (None, self.lesion[place]) for step in self.found.steps)]


def is_allowed(release: Release, found: Assessment) -> bool:
    """Whether the declared implications allow the patient: no consequence is stated otherwise."""
    pictures = [("patient", found.pictures.patient), *(("lesion", one) for one in found.pictures.lesions.values())]
    for scope, picture in pictures:
        for implication in release.implications[scope]:
            if implication.test.truths(picture.of(implication.test)) == (True,):
                for key, then in implication.then.items():
                    known = picture.get(key)
                    if release.facts[key].scope == scope and known is not None and intersection(known, then) is None:
                        return False
    return True


def check(release: Release, count: int, seed: int, *, held: bool = True) -> tuple[Counter[str], list[str]]:
    """How many patients of which kind were looked at, and what did not agree; with ``held`` no statement may be broken by one."""
    whole, chance = Whole(release), Random(seed)
    seen: Counter[str] = Counter()
    wrong: list[str] = []
    while seen["patients"] < count:
        document = any_patient(release, chance)
        try:
            found = assess(document, release, jurisdiction=chance.choice((None, "uk", "us", "eu")))
        except CaseError:
            seen["refused"] += 1
            continue
        promised = [one for one in release.statements if one.kind != "data"] if held else []
        wrong += [f"{one.id}: [{broken}" for one in promised if (broken := broken_by(release, whole.ranges, one, found))]
        if not is_allowed(release, found):
            seen["not allowed"] += 1
            continue
        seen["patients"] += 1
        if len(found.lesions) > 2:
            continue  # the model's rest stands for one lesion here
        seen.update(f"status {one.status}" for one in found.options)
        seen.update(f"type {one.type or one.status}" for one in found.lesions)
        seen.update(f"flag {one.key}" for one in found.emergencies)
        wrong += whole.disagreements(found)
    return seen, wrong


if __name__ == "__main__":
    counted, disagreeing = check(load(), int(sys.argv[1]) if len(sys.argv) > 1 else 1000, int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    for name, times in sorted(counted.items()):
        print(f"{name:45} {times}")
    print(f"{len(disagreeing)} disagreements")
    for line in Counter(line.split(": [")[0] for line in disagreeing).most_common(30):
        print(line)
    sys.exit(bool(disagreeing))
