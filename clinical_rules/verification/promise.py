"""A statement as the question whether a patient breaks it: of the model, and of a real assessment."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from clinical_rules.assessment import Assessment
from clinical_rules.pathway import EMERGENCY_ONLY_IF_LISTED, Option
from clinical_rules.release import Release, Treatment
from clinical_rules.statements import CLEARED, WORDS, Statement, When, words
from clinical_rules.verification.circuit import Literal
from clinical_rules.verification.judging import Typing
from clinical_rules.verification.knowledge_states import ANY, REST, Place, Ranges, States
from clinical_rules.verification.options import WITHOUT, Options

HERE: Place = "L1"
THERE: Place = "L2"


class Model:
    """One release as a circuit, for patients with the lesions that a question needs."""

    def __init__(self, ranges: Ranges, lesions: tuple[Place, ...], *, open_ended: bool, plain: bool, allowed: bool = True) -> None:
        self.states = States(ranges, lesions, open_ended=open_ended, plain=plain, allowed=allowed)
        self.circuit = self.states.circuit
        self.typing = Typing(self.states)
        self.options = Options(self.states, self.typing)
        self.release = ranges.release

    def condition(self, when: When, place: Place, flagged_at: Place | None) -> Literal:
        """All tests of a line surely hold of a lesion and its patient; an emergency named in it stands there (``None``: anywhere)."""
        tests = {fact: text for fact, text in when.items() if fact not in WORDS}
        found = [self.states.when(tests, place)]
        if "flag" in when:
            found.append(self.circuit.either(self.flag(name, flagged_at) for name in words(when["flag"])))
        if "jurisdiction" in when:
            found.append(self.circuit.either(self.options.jurisdiction(name) for name in words(when["jurisdiction"])))
        return self.circuit.both(found)

    def flag(self, key: str, place: Place | None) -> Literal:
        """An emergency stands at a lesion, or of the patient."""
        return self.circuit.either(self.typing.stands(row, place) for row, block in self.typing.blocks.items() if block["key"] == key)

    def step(self, name: str, place: Place) -> Literal:
        """A step of the lists is shown for a lesion, or for the patient because of any of them."""
        table = next(
            table
            for key in ("work_up", "causes", "referrals", "advice")
            for row, table in self.release.conditional[key]
            if row["row"] == name
        )
        if table is None:
            return self.circuit.true
        local = any(self.release.facts[fact].scope == "lesion" for fact in table.facts)
        # Of the patient's other lesions nothing is known here; a step that only they bring is not counted, and not needed.
        places = (place,) if local else self.states.lesions
        rows = [row for one in places for row in self.states.rows(table, one)]
        node = self.circuit.node(
            ("step", name, place), 1, lambda: _equal(node.variables[0], self.circuit.either(row.holds for row in rows)), rows=(name,)
        )
        return node.variables[0]

    def mark(self, name: str, place: Place) -> Literal:
        """A lesion bears a mark."""
        if name == "presumed":
            neighbour = self.typing.typed("not_calcinosis", place)
            return self.circuit.both([-self.states.is_true("calcification_shown", place), -neighbour])
        suspected = self.typing.flagged("calciphylaxis_suspected", place)
        return self.circuit.both([-self.typing.withheld(place), -suspected, self.typing.skin_unasked(place)])


def _equal(one: Literal, other: Literal) -> list[list[Literal]]:
    return [[-one, other], [one, -other]]


@dataclass(frozen=True, slots=True)
class Question:
    """One way to break a statement: by one treatment, or by its outcome as a whole."""

    treatment: str | None = None


def questions(statement: Statement) -> tuple[Question, ...]:
    """The questions whose answers together answer the statement."""
    if statement.outcome.kind == "treatments":
        return tuple(Question(name) for name in statement.outcome.names)
    return (Question(),)


def lesions_needed(statement: Statement) -> tuple[Place, ...]:
    """The lesions that a question is about: where the conditions hold, and where the outcome is looked for."""
    return (HERE, THERE) if statement.anywhere else (HERE,)


def breaks(model: Model, statement: Statement, question: Question) -> list[Literal]:
    """Literals that are all true of a patient who breaks the statement."""
    place = THERE if statement.anywhere else HERE
    roots = []
    if statement.conditions:
        roots.append(model.circuit.either(model.condition(when, HERE, HERE) for when in statement.conditions))
    asked = ANY if question.treatment is not None and model.release.treatments[question.treatment].scope == "patient" else place
    roots += [-model.condition(when, asked, None) for when in statement.unless]
    outcome = _outcome(model, statement, question, place)
    roots.append(outcome if statement.kind == "never" else -outcome)
    if statement.unless_forwarded and question.treatment is not None:
        treatment = model.release.treatments[question.treatment]
        roots.append(-model.options.forwarded(treatment, _of(treatment, place)))
    return roots


def named(model: Model, question: Question) -> list[Literal]:
    """What may be assumed when the second lesion is the one that brings the treatment forward.

    If any lesion lists the treatment, or raises the emergency that puts it forward, let the second be that one. Whether
    the rest do so too then changes nothing, so they may be taken not to.
    """
    if question.treatment is None:
        return []
    treatment = model.release.treatments[question.treatment]
    found = [-model.options.listed(row, REST).holds for row in model.release.offered_by[treatment.id]]
    if treatment.id not in EMERGENCY_ONLY_IF_LISTED:
        found += [-model.typing.raised(row, REST) for row, block in model.typing.blocks.items() if treatment.id in block.get("forward", ())]
    return found


def _of(treatment: Treatment, place: Place) -> Place | None:
    return None if treatment.scope == "patient" else place


def _outcome(model: Model, statement: Statement, question: Question, place: Place) -> Literal:
    outcome = statement.outcome
    either = model.circuit.either
    if question.treatment is not None:
        treatment = model.release.treatments[question.treatment]
        at = _of(treatment, place)
        if outcome.statuses == (CLEARED,):
            return model.options.cleared(treatment, at)
        return either(model.options.status(treatment, at, status) for status in outcome.statuses)
    if outcome.kind == "types":
        return either(model.typing.typed(kind, place) for kind in outcome.names)
    if outcome.kind == "flags":
        return either(model.flag(name, place) for name in outcome.names)
    if outcome.kind == "steps":
        return either(model.step(name, place) for name in outcome.names)
    if outcome.kind == "marks":
        return either(model.mark(name, place) for name in outcome.names)
    return model.states.when(outcome.facts or {}, place)


# --- the same of a real assessment ----------------------------------------------------------------


def broken_by(release: Release, ranges: Ranges, statement: Statement, found: Assessment) -> str | None:
    """What in an assessment breaks the statement, in words; ``None`` when nothing does."""
    return next(_breaches(release, ranges, statement, found), None)


def _breaches(release: Release, ranges: Ranges, statement: Statement, found: Assessment) -> Iterator[str]:
    for here in found.pictures.lesions:
        if statement.conditions and not any(_holds(ranges, when, here, here, found) for when in statement.conditions):
            continue
        for place in found.pictures.lesions if statement.anywhere else (here,):
            for scope, said, happens in _outcomes(release, ranges, statement, place, found):
                asked = ANY if scope == "patient" else place
                if any(_holds(ranges, when, asked, None, found) for when in statement.unless):
                    continue
                if happens is (statement.kind == "never"):
                    yield f"lesion {place}: {said}"


def _holds(ranges: Ranges, when: Mapping[str, str], lesion: str, flagged_at: str | None, found: Assessment) -> bool:
    for fact, text in when.items():
        if fact == "flag":
            if not any(flag.key in words(text) and (flagged_at is None or flag.lesion in (None, flagged_at)) for flag in found.emergencies):
                return False
            continue
        if fact == "jurisdiction":
            if (found.jurisdiction or WITHOUT) not in words(text):
                return False
            continue
        known = found.pictures.any_lesion(fact) if lesion == ANY else found.pictures.lesions[lesion].get(fact)
        if not ranges.known(fact, known) <= ranges.satisfying(fact, ranges.accepted(fact, text)):
            return False
    return True


def _outcomes(release: Release, ranges: Ranges, statement: Statement, lesion: str, found: Assessment) -> Iterator[tuple[str, str, bool]]:
    """Whose it is, what an assessment says there, and whether that is the outcome."""
    outcome = statement.outcome
    if outcome.kind == "treatments":
        for option in found.options:
            if option.treatment not in outcome.names or option.lesion not in (None, lesion):
                continue
            if statement.unless_forwarded and forwarded_by(release, option, found):
                continue
            scope = release.treatments[option.treatment].scope
            if outcome.statuses == (CLEARED,):
                yield scope, f"{option.treatment}: nothing absolute speaks against it", is_cleared(option)
            else:
                yield scope, f"{option.treatment} is {option.status}", option.status in outcome.statuses
        return
    result = next(one for one in found.lesions if one.id == lesion)
    if outcome.kind == "types":
        said, happens = f"type {result.type}, {result.status}", result.status == "decided" and result.type in outcome.names
    elif outcome.kind == "flags":
        raised = [flag.key for flag in found.emergencies if flag.lesion in (None, lesion)]
        said, happens = f"emergencies: {', '.join(raised) or 'none'}", any(one in raised for one in outcome.names)
    elif outcome.kind == "steps":
        shown = {one.step for one in found.steps if one.lesion in (None, lesion)}
        happens = any(one in shown for one in outcome.names)
        said = f"{', '.join(outcome.names)} {'is' if happens else 'is not'} shown"
    elif outcome.kind == "marks":
        said, happens = f"marks: {', '.join(result.marks) or 'none'}", any(one in result.marks for one in outcome.names)
    else:
        happens = _holds(ranges, outcome.facts or {}, lesion, lesion, found)
        said = (
            f"{', '.join(f'{fact} {text}' for fact, text in (outcome.facts or {}).items())} {'surely holds' if happens else 'is not sure'}"
        )
    yield "lesion", said, happens


def is_cleared(option: Option) -> bool:
    """Every absolute gate surely fails."""
    return all(gate.truth is False for gate in option.gates if gate.severity == "absolute")


def forwarded_by(release: Release, option: Option, found: Assessment) -> tuple[str, ...]:
    """The emergency rows that put an option forward."""
    if option.treatment in EMERGENCY_ONLY_IF_LISTED and option.phase != "act_now":
        return ()
    forward = {row["id"]: row.get("forward", ()) for row in release.content["tables"]["emergencies"]["row"]}
    standing = [flag for flag in found.emergencies if option.lesion is None or flag.lesion in (None, option.lesion)]
    return tuple(row for flag in standing for row in flag.because if option.treatment in forward[row])
