"""The pathway: which options come forward for this patient, what speaks for and against each, and what is done when.

Status, in this order: avoid -> blocked; not indicated; blocked (an absolute gate surely true, or an emergency
holds it back); unassessable; provisional; specialist; reason; caution; offered (contract, rule 3).
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

from clinical_rules.classification import Flag, LesionResult, inputs, skin_unasked, type_questions
from clinical_rules.derive import Picture, Pictures
from clinical_rules.release import Release, Treatment
from clinical_rules.tables import Possible, RowExplanation, exactly
from clinical_rules.truth import Truth, any_of

PHASES = ("act_now", "confirm", "treat_cause", "medical", "local_surgical", "support", "follow_up")
STATUSES = ("offered", "caution", "reason", "specialist", "provisional", "unassessable", "blocked", "not_indicated")
ACCEPTABLE = frozenset({"offered", "caution", "reason", "specialist"})
PROCEDURES = frozenset({"procedure", "diagnostic"})
CALCIPHYLAXIS = frozenset({"calciphylaxis", "calciphylaxis_suspected"})
Place = str | None
"""A lesion, or the patient."""

LIST_PHASES = {"work_up": "confirm", "causes": "treat_cause", "referrals": "support", "advice": "support"}


class GateResult(NamedTuple):
    """One gate in this patient."""

    row: str
    severity: str
    truth: Truth


@lru_cache(maxsize=8192)
def gate_result(row: str, severity: str, truth: Truth) -> GateResult:
    """The same gate with the same answer is one value for all patients."""
    return GateResult(row, severity, truth)


class Option(NamedTuple):
    """One treatment for the patient (``lesion`` none) or for one lesion."""

    treatment: str
    lesion: str | None
    phase: str
    status: str
    because: tuple[str, ...]
    needs: tuple[str, ...]
    indications: tuple[tuple[str, Truth], ...] = ()
    gates: tuple[GateResult, ...] = ()
    held_back_by: tuple[str, ...] = ()


class Step(NamedTuple):
    """Something to do that is no treatment: an emergency act, a test, a referral, advice."""

    step: str
    phase: str
    lesion: str | None


class Pathway:
    """Judges every treatment of a release for one case."""

    def __init__(
        self, release: Release, pictures: Pictures, results: Sequence[LesionResult], flags: Sequence[Flag], jurisdiction: str | None
    ) -> None:
        self.release = release
        self.pictures = pictures
        self.results = {one.id: one for one in results}
        self.flags = flags
        self.jurisdiction = jurisdiction
        self.choice = release.tables["choice"]
        self.choice_rows = release.content["tables"]["choice"]["row"]
        self.emergency_rows = {row["id"]: row for row in release.content["tables"]["emergencies"]["row"]}
        self._waiting: dict[str, dict[str, tuple[str, ...]]] = {}
        self._questions: dict[tuple[str, Place], tuple[str, ...]] = {}
        self._settles: dict[str, Sequence[str]] = {}
        self.known = _known(release, pictures)
        """What every table of the pathway may know at a lesion; of the patient (``None``), where a lesion's fact is an OR over lesions."""
        self.listed: dict[Place, dict[str, Truth]] = {lesion: self._effective(self.known[lesion]) for lesion in pictures.lesions}
        """The truth of each choice row at each lesion, and of the patient."""
        led = {
            lesion: self._effective(leading.of(self.choice))
            for lesion, picture in pictures.lesions.items()
            if (leading := self.under_leading(lesion, picture))
        }
        self.led: dict[Place, dict[str, Truth]] = {lesion: led.get(lesion, self.listed[lesion]) for lesion in pictures.lesions}
        """The same, as if each leading type were so."""
        self.listed[None], self.led[None] = _anywhere(self.listed), _anywhere(self.led)
        self.gates = self._all_gates()

    def _effective(self, known: Mapping[str, Possible]) -> dict[str, Truth]:
        """Each choice row's truth, after the first exclusive row that surely fits has held back those below it."""
        truths = dict(zip((row["id"] for row in self.choice_rows), self.choice.truths(known), strict=True))
        ranks = [row["exclusive"] for row in self.choice_rows if row.get("exclusive") and truths[row["id"]] is True]
        first = min(ranks, default=None)
        return {
            row["id"]: False if first is not None and not row.get("always") and row.get("exclusive") != first else truths[row["id"]]
            for row in self.choice_rows
        }

    def under_leading(self, lesion: str, picture: Picture) -> Picture | None:
        """The lesion's picture as if its leading type and what that assumes were so; ``None`` where none leads."""
        leading = self.results[lesion].leading
        if leading is None:
            return None
        assumed: dict[str, Possible] = {"lesion_type": exactly(leading.type), "lesion_status": exactly("decided")}
        for one in leading.assumes:
            if self.release.domains[one.fact].kind in ("boolean", "code"):
                assumed[one.fact] = exactly(one.is_) if isinstance(one.is_, bool) else self.release.possible(one.fact, str(one.is_))
        return picture.with_known(assumed)

    def options_of(self, treatment: Treatment) -> list[Option]:
        """One treatment: for the patient, or a local one for each lesion."""
        places: list[str | None] = [None] if treatment.scope == "patient" else list(self.pictures.lesions)
        return [self._option(treatment, place) for place in places]

    def options(self) -> tuple[Option, ...]:
        """Every treatment at least once: the patient's once, a local one for each lesion."""
        found = [option for treatment in self.release.treatments.values() for option in self.options_of(treatment)]
        lesions: list[str | None] = [None, *self.pictures.lesions]
        return tuple(
            sorted(
                found, key=lambda one: (PHASES.index(one.phase), STATUSES.index(one.status), *self._rank(one), lesions.index(one.lesion))
            )
        )

    def _all_gates(self) -> dict[Place, dict[str, tuple[GateResult, ...]]]:
        """By place and treatment: the gates that apply in this jurisdiction."""
        found: dict[Place, dict[str, tuple[GateResult, ...]]] = {}
        for scope, gates in self.release.gates.items():
            places: Iterable[Place] = (None,) if scope == "patient" else self.pictures.lesions
            for place in places:
                found[place] = {
                    name: self._gates(self.release.treatments[name], truths) for name, truths in gates.truths(self.known[place]).items()
                }
        return found

    def _gates(self, treatment: Treatment, truths: Sequence[Truth]) -> tuple[GateResult, ...]:
        return tuple(
            [
                gate_result(row, block["severity"], truth)
                for (row, block), truth in zip(treatment.gate_rows.items(), truths, strict=True)
                if in_force(block, self.jurisdiction)
            ]
        )

    def _rank(self, option: Option) -> tuple[int, int, str]:
        """By grade, then by least harm."""
        head = self.release.treatments[option.treatment].content["treatment"]
        return head.get("grade_rank", 9), head.get("harm_rank", 9), option.treatment

    def _option(self, treatment: Treatment, lesion: str | None) -> Option:
        gates = self.gates[lesion].get(treatment.id, ())
        forwarded = self._forwarded(treatment, lesion)
        indications = self._indications(treatment, lesion)
        if treatment.id not in EMERGENCY_ONLY_IF_LISTED:
            indications = (*((row, True) for row in forwarded), *indications)
        held = self._held_back(treatment, lesion, forwarded)
        status, because, needs = self._status(treatment, lesion, gates, indications, forwarded, held)
        phase = "act_now" if forwarded and status != "not_indicated" else treatment.phase
        return Option(treatment.id, lesion, phase, status, because, needs, indications, gates, held)

    def _status(
        self,
        treatment: Treatment,
        lesion: str | None,
        gates: Sequence[GateResult],
        indications: Sequence[tuple[str, Truth]],
        forwarded: Sequence[str],
        held: Sequence[str],
    ) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
        if treatment.category == "avoid":
            return "blocked", _rows(gates, "absolute", True) or (treatment.row,), ()
        indicated = any_of([truth for _, truth in indications])
        if indicated is False:
            return "not_indicated", (), ()
        absolute = _rows(gates, "absolute", True)
        reasons = tuple(dict.fromkeys((*forwarded, *(row for row, truth in indications if truth is True))))
        if absolute or held:
            return "blocked", (*held, *absolute), ()
        unknown = _rows(gates, "absolute", None)
        needs = self._needs(treatment, lesion, unknown)
        if self._waits_for_skin(treatment, lesion):
            needs = tuple(dict.fromkeys((*self._skin_needs(lesion), *needs)))
            return "unassessable", unknown, needs
        led = tuple(row for row in self.release.offered_by[treatment.id] if self.led[lesion][row] is True)
        if unknown or (indicated is None and not led):
            if indicated is None:
                needs = tuple(dict.fromkeys((*needs, *self._indication_needs(treatment, lesion))))
            return "unassessable", (*reasons, *unknown), needs
        if indicated is None:
            return "provisional", led, self._indication_needs(treatment, lesion)
        if self._specialist(treatment, lesion):
            return "specialist", reasons, self._needs(treatment, lesion, _rows(gates, "relative", None))
        relative, open_rows = _rows(gates, "relative", True), (*_rows(gates, "relative", None), *_rows(gates, "caution", None))
        needs = self._needs(treatment, lesion, open_rows)
        if relative:
            return "reason", (*reasons, *relative), needs
        caution = _rows(gates, "caution", True)
        if caution or open_rows:
            return "caution", (*reasons, *caution, *open_rows), needs
        return "offered", reasons, ()

    def _specialist(self, treatment: Treatment, lesion: str | None) -> bool:
        """What the review of the dossier (its section 7) leaves to a specialist: shown, never offered by itself."""
        head = treatment.content["treatment"]
        if head.get("specialist") or (head.get("elective") and self._typed_under_treatment(lesion)):
            return True
        return bool(head.get("child_specialist")) and self.pictures.patient.truth("is_child") is not False

    def _typed_under_treatment(self, lesion: str | None) -> bool:
        """Whether a type rests on calcium or phosphate taken under treatment, at this lesion or, for the patient, at any."""
        results = self.results.values() if lesion is None else (self.results[lesion],)
        return any(one.status == "decided" and bool(one.fired) and one.fired[0] in TYPED_UNDER_TREATMENT for one in results)

    def _indications(self, treatment: Treatment, lesion: Place) -> tuple[tuple[str, Truth], ...]:
        listed = self.listed[lesion]
        return tuple([(row, listed[row]) for row in self.release.offered_by[treatment.id]])

    def _forwarded(self, treatment: Treatment, lesion: str | None) -> tuple[str, ...]:
        """The emergency rows that put this treatment forward here, unless the choice table surely leaves this patient out."""
        rows = [
            row
            for flag in self.flags
            if lesion is None or flag.lesion in (None, lesion)
            for row in flag.because
            if treatment.id in self.emergency_rows[row].get("forward", ())
        ]
        if treatment.id not in EMERGENCY_ONLY_IF_LISTED:
            return tuple(rows)
        listed = [row["id"] for row in self.choice_rows if treatment.id in row["offer"] and row.get("exclusive") == 1]
        return () if all(self.listed[lesion][row] is False for row in listed) else tuple(rows)

    def _held_back(self, treatment: Treatment, lesion: str | None, forwarded: Sequence[str]) -> tuple[str, ...]:
        """Calciphylaxis blocks all that is elective; other flags block elective procedures. What a flag puts forward is not elective."""
        if forwarded or not treatment.content["treatment"].get("elective"):
            return ()
        held: list[str] = []
        for flag in self.flags:
            if flag.key in CALCIPHYLAXIS or (treatment.category in PROCEDURES and (lesion is None or flag.lesion in (None, lesion))):
                held += flag.because
        return tuple(dict.fromkeys(held))

    def _waits_for_skin(self, treatment: Treatment, lesion: str | None) -> bool:
        if treatment.category not in PROCEDURES:
            return False
        lesions = [lesion] if lesion is not None else list(self.pictures.lesions)
        return any(skin_unasked(self.pictures.lesions[one]) and self.results[one].status != "withheld" for one in lesions)

    def _skin_needs(self, lesion: str | None) -> tuple[str, ...]:
        lesions = [lesion] if lesion is not None else list(self.pictures.lesions)
        found: list[str] = []
        for one in lesions:
            picture = self.pictures.lesions[one]
            if skin_unasked(picture):
                found += [key for key in ("any_definite_skin_sign", "any_early_skin_sign") if picture.truth(key) is None] or [
                    "skin_sign_within_12_weeks"
                ]
        return tuple(dict.fromkeys(found))

    def _needs(self, treatment: Treatment, lesion: str | None, rows: Sequence[str]) -> tuple[str, ...]:
        return _each_once(self._inputs(fact, lesion) for row in rows for fact in treatment.gate_rows[row]["when"])

    def _indication_needs(self, treatment: Treatment, lesion: str | None) -> tuple[str, ...]:
        lesions = [lesion] if lesion is not None else list(self.pictures.lesions)
        offering = self.release.offered_by[treatment.id]
        return _each_once(self._open_rows(one).get(row, ()) for one in lesions for row in offering)

    def _open_rows(self, lesion: str) -> dict[str, tuple[str, ...]]:
        """The choice rows that are open at a lesion, each with the facts it waits for."""
        found = self._waiting.get(lesion)
        if found is None:
            picture = self.pictures.lesions[lesion]
            open_rows = {row for row, truth in self.listed[lesion].items() if truth is None}
            found = {row.row: self._waits(lesion, picture, row) for row in self.choice.explain(picture.of(self.choice), open_rows)}
            self._waiting[lesion] = found
        return found

    def _waits(self, lesion: str, picture: Picture, row: RowExplanation) -> tuple[str, ...]:
        found: list[str] = []
        for test in row.unknown:
            found += self._settling(lesion) if test.fact == "lesion_type" else inputs(self.pictures, picture, test.fact)
        return tuple(found)

    def _settling(self, lesion: str) -> Sequence[str]:
        """What settles a lesion's type; below an emergency, too, where the assessment asks for nothing else first."""
        found = self._settles.get(lesion)
        if found is None:
            found = self.results[lesion].settle or type_questions(self.release, self.pictures, self.pictures.lesions[lesion])
            self._settles[lesion] = found
        return found

    def _inputs(self, fact: str, lesion: Place) -> tuple[str, ...]:
        """What a person can enter to answer a gate."""
        found = self._questions.get((fact, lesion))
        if found is None:
            found = self._questions[fact, lesion] = tuple(self._find_inputs(fact, lesion))
        return found

    def _find_inputs(self, fact: str, lesion: Place) -> list[str]:
        if lesion is not None:
            pictures = [(lesion, self.pictures.lesions[lesion])]
        elif self.release.facts[fact].scope == "patient":
            pictures = [("", self.pictures.patient)]
        else:
            pictures = list(self.pictures.lesions.items())
        found: list[str] = []
        for name, picture in pictures:
            if fact.startswith("type_is_") and name and picture.truth(fact) is None:
                found += self._settling(name)
            found += inputs(self.pictures, picture, fact)
        return found or ([fact] if not self.release.facts[fact].derived or fact.startswith("age_") else [])

    def steps(self) -> tuple[Step, ...]:
        """Emergency acts first, then tests, causes, referrals and advice that this patient's rows call for."""
        found = [Step(row, "act_now", flag.lesion) for flag in self.flags for row in flag.because[:1]]
        tests = {lesion: self.release.conditions.truths(self.known[lesion]) for lesion in self.pictures.lesions}
        for name, phase in LIST_PHASES.items():
            for one in self.release.listed[name]:
                row, table = one.row["row"], one.table
                if table is None:
                    found.append(Step(row, phase, None))
                    continue
                holding = [lesion for lesion, truths in tests.items() if True in truths[table.key]]
                if one.is_local:
                    found += [Step(row, phase, lesion) for lesion in holding]
                elif holding:
                    found.append(Step(row, phase, None))
        found += [
            Step("c1.32", "support", lesion)
            for lesion in self.pictures.lesions
            if True not in self.listed[lesion].values() and None not in self.listed[lesion].values()
        ]
        return tuple(found)


TYPED_UNDER_TREATMENT = frozenset({"C7a", "C7b.raised", "C7b.not_raised"})
"""Rows of the classification that decide a type although today's values are treated."""

EMERGENCY_ONLY_IF_LISTED = frozenset({"dialysis_optimise", "cinacalcet", "parathyroidectomy"})
"""Put forward by calciphylaxis only in the patients whom the choice table names (on dialysis, hyperparathyroidism)."""


def in_force(gate: Mapping[str, Any], jurisdiction: str | None) -> bool:
    """Whether a gate counts in a jurisdiction; without one, every gate does."""
    return jurisdiction is None or not gate.get("jurisdictions") or jurisdiction in gate["jurisdictions"]


def _rows(gates: Sequence[GateResult], severity: str, truth: Truth) -> tuple[str, ...]:
    return tuple(gate.row for gate in gates if gate.severity == severity and gate.truth is truth)


def _known(release: Release, pictures: Pictures) -> dict[Place, dict[str, Possible]]:
    asked = release.asked_after_typing
    shared = pictures.patient.among(asked["patient"])
    found: dict[Place, dict[str, Possible]] = {}
    for lesion, picture in pictures.lesions.items():
        # A group asked of the lesion may have answered for a fact of the patient, which then holds at this lesion.
        answered_here = picture.among(picture.known.keys() & asked["patient"])
        found[lesion] = {**shared, **picture.among(asked["lesion"]), **answered_here}
    somewhere = {fact: known for fact in asked["lesion"] if (known := pictures.any_lesion(fact)) is not None}
    found[None] = {**shared, **somewhere}
    return found


def _each_once(several: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(chain.from_iterable(several)))


def _anywhere(truths: Mapping[Place, Mapping[str, Truth]]) -> dict[str, Truth]:
    """Of the patient: what holds at some lesion."""
    places = list(truths.values())
    if len(places) == 1:
        return dict(places[0])
    return {row: any_of([one[row] for one in places]) for row in places[0]}
