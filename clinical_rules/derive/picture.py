"""What is known of a patient and of each lesion, ready for the tables.

A picture answers for any fact what it may be: entered, implied by a group answer or by another fact, or
derived. Derived facts are worked out when they are first asked for.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from clinical_rules.derive import kidney, minerals
from clinical_rules.derive.results import Contradiction, Reading, read_results
from clinical_rules.findings import Case, Doubt, Result, doubt_of
from clinical_rules.quantities import Interval, calcium_phosphate_product, product_conventional, shown
from clinical_rules.release import Definition, Group, Release
from clinical_rules.tables import NOT_APPLICABLE, CompiledTable, Possible, among, between, exactly, union
from clinical_rules.truth import Truth, and_, any_of, or_

YES, NO = exactly(True), exactly(False)
MINOR_SETTINGS = (
    "obesity",
    "diabetes",
    "low_albumin",
    "liver_disease",
    "malignancy",
    "any_connective_tissue_disease",
    "systemic_glucocorticoid",
    "protein_c_or_s_deficiency",
    "rapid_weight_loss",
    "iron_overload",
)
EXTENDED_SEARCH = ("ana", "ck", "pth", "vitd25")
NO_READING = Reading("", ())
FIRST = datetime.min.replace(tzinfo=UTC)


class Picture:
    """What is known in one scope. A lesion's picture sees the patient's through ``patient``."""

    def __init__(
        self,
        release: Release,
        known: dict[str, Possible],
        stated: frozenset[str],
        patient: "Picture | None" = None,
        left_open: frozenset[str] = frozenset(),
    ) -> None:
        self.release = release
        self.known = known
        self.stated = stated
        self.patient = patient
        self.left_open = left_open
        """Asked, and answered with "not known": a group's no does not cover these."""
        self._derived: dict[str, Possible | None] = {}
        self.waits_for: dict[str, tuple[str, ...]] = {}
        """What an unknown fact waits for, once it was asked; emptied whenever something becomes known."""

    def get(self, key: str) -> Possible | None:
        """What the fact may be; ``None`` when nothing is known of it."""
        found = self.known.get(key)
        if found is not None:
            return found
        if key in self._derived:
            return self._derived[key]
        shared = self.patient is not None and self.release.facts[key].scope == "patient"
        worked_out = self.patient.get(key) if shared and self.patient is not None else self._work_out(key)
        self._derived[key] = worked_out
        return worked_out

    def _work_out(self, key: str) -> Possible | None:
        definition = self.release.definitions.get(key)
        if definition is not None:
            return self._defined(definition)
        applies = self.release.facts[key].applies
        if applies is not None and self.truth(applies) is False:
            return NOT_APPLICABLE
        return None

    def _defined(self, definition: Definition) -> Possible | None:
        if definition.table is None:
            return None
        knowledge = self.of(definition.table)
        if definition.is_first:
            decision = definition.table.decide(knowledge, "is")
            outcomes = [one for one in decision.candidates if one is not None]
            return among(outcomes) if outcomes and len(outcomes) < len(self.release.facts[definition.fact].codes) else None
        value = any_of(definition.table.truths(knowledge))
        if definition.only_when_sure:
            return YES if value is True else NO
        return None if value is None else exactly(value)

    def truth(self, key: str) -> Truth:
        """Yes, no or unknown; not applicable counts as no."""
        found = self.get(key)
        if found is None:
            return None
        if found.values is None:
            return False if found.not_applicable and found.spans is None else None
        if found.values == {True} and not found.not_applicable:
            return True
        return False if found.values == {False} else None

    def of(self, table: CompiledTable) -> dict[str, Possible]:
        """What is known of the facts that a table asks for."""
        return {fact: found for fact in table.facts if (found := self.get(fact)) is not None}

    def with_known(self, more: Mapping[str, Possible]) -> "Picture":
        """The same picture with some facts fixed, everything derived anew."""
        return Picture(self.release, self.known | dict(more), self.stated, self.patient, self.left_open)

    def may_be_covered(self, key: str) -> bool:
        """Whether a group's no may answer for this fact: nothing is known of it, and nobody said that it is not known."""
        return key not in self.known and key not in self.left_open

    def forget_derived(self) -> None:
        """Work derived facts out anew: something they may rest on became known."""
        self._derived.clear()
        self.waits_for.clear()


@dataclass(frozen=True, slots=True)
class Computed:
    """A quantity the rules worked out, for people to see."""

    key: str
    value: Interval
    rests_on: tuple[str, ...]
    also: str = ""
    """The same in other units, where people are used to these."""


@dataclass(slots=True)
class Pictures:
    """Everything known of a case."""

    case: Case
    patient: Picture
    lesions: dict[str, Picture]
    readings: dict[str, Reading]
    lesion_readings: dict[str, dict[str, Reading]]
    calcium: minerals.CalciumStatus
    sample_unasked: bool
    computed: tuple[Computed, ...]
    warnings: list[Doubt]

    @property
    def contradictions(self) -> list[Contradiction]:
        """What cannot all be so, of the patient and of each lesion."""
        shared = [clash for reading in self.readings.values() for clash in reading.contradictions]
        own = [clash for readings in self.lesion_readings.values() for reading in readings.values() for clash in reading.contradictions]
        return shared + own

    def any_lesion(self, key: str) -> Possible | None:
        """A lesion's fact asked of the patient: yes when it is so of one lesion, no when of none."""
        if self.patient.release.facts[key].scope == "patient":
            return self.patient.get(key)
        found = [lesion.get(key) for lesion in self.lesions.values()]
        if len(found) == 1:
            return found[0]
        if self.patient.release.facts[key].kind == "boolean":
            value = any_of(lesion.truth(key) for lesion in self.lesions.values())
            return None if value is None else exactly(value)
        known = [one for one in found if one is not None]
        return union(*known) if known and len(known) == len(found) else None


def build_pictures(case: Case, release: Release) -> Pictures:
    """Read every finding, work out what follows, for the patient and for each lesion."""
    readings = {key: read_results(release.facts[key], found, case.on, case.age, case.sex) for key, found in case.findings.items()}
    patient = _patient_picture(case, release, readings)
    computed = _measures(case, patient, readings)
    propagate(patient, "patient")
    computed += _kidney(case, patient, readings)
    propagate(patient, "patient")
    calcium, sample_unasked, more = _minerals(case, patient, readings)
    computed += more
    _counts(patient, readings)
    propagate(patient, "patient")
    lesions: dict[str, Picture] = {}
    lesion_readings: dict[str, dict[str, Reading]] = {}
    warnings = list(case.warnings)
    warnings += _doubts(release, case, case.findings, None)
    warnings += _revoked(patient, readings, "patient", None)
    warnings += _ageless(case, readings)
    for lesion in case.lesions:
        own = {
            key: read_results(release.facts[key], found, case.on, case.age, case.sex, lesion.id) for key, found in lesion.findings.items()
        }
        picture = Picture(release, _known(own), frozenset(own), patient, _left_open(lesion.findings))
        propagate(picture, "lesion")
        lesions[lesion.id] = picture
        lesion_readings[lesion.id] = own
        warnings += _doubts(release, case, lesion.findings, lesion.id)
        warnings += _revoked(picture, own, "lesion", lesion.id)
    return Pictures(case, patient, lesions, readings, lesion_readings, calcium, sample_unasked, tuple(computed), warnings)


def _doubts(release: Release, case: Case, findings: Mapping[str, tuple[Result, ...]], lesion: str | None) -> list[Doubt]:
    doubts = (doubt_of(release.facts[key], one, case.age, case.sex, lesion) for key, results in findings.items() for one in results)
    late = (
        Doubt(key, one.typed or str(one.answer), f"dated {one.taken:%Y-%m-%d}, after the day of the assessment: not counted", lesion)
        for key, results in findings.items()
        for one in results
        if one.taken is not None and one.taken.date() > case.on
    )
    return [*(doubt for doubt in doubts if doubt), *late]


def _ageless(case: Case, readings: Mapping[str, Reading]) -> list[Doubt]:
    """Without an age every age's range counts; said where that leaves a result's position open."""
    unsure = [reading for reading in readings.values() if reading.positions is not None and len(reading.positions) > 1]
    if case.age.days is not None or not unsure:
        return []
    return [Doubt("age_years", "not known", "the ranges of every age count: enter the birth date or the age of the patient")]


def _revoked(picture: Picture, readings: Mapping[str, Reading], scope: str, lesion: str | None) -> list[Doubt]:
    """Group questions answered no although one of their members is a yes: the yes counts, and is shown."""
    found = []
    for group in picture.release.groups[scope]:
        reading = readings.get(group.fact)
        if reading is not None and reading.answer == NO and picture.known.get(group.fact) == YES:
            members = [picture.release.label(member) for member in group.members if picture.truth(member) is True]
            said = f"answered no, but yes to {', '.join(members) or 'what it covers'}: the yes counts; correct one of them"
            found.append(Doubt(group.fact, "no", said, lesion))
    return found


def _known(readings: Mapping[str, Reading]) -> dict[str, Possible]:
    known = {}
    for key, reading in readings.items():
        found = reading.answer or reading.number
        if found is not None:
            known[key] = found
    return known


def _patient_picture(case: Case, release: Release, readings: Mapping[str, Reading]) -> Picture:
    known = _known(readings)
    if case.age.years is not None and case.age.days is not None:
        known["age_years"] = between(*case.age.years)
        known["age_days"] = between(*case.age.days)
    if case.sex is not None:
        known["sex"] = exactly(case.sex)
    for key, reading in readings.items():
        position = f"{key}_position"
        if position in release.facts and reading.positions is not None and len(reading.positions) < 3:
            known[position] = Possible(values=frozenset(reading.positions))
    return Picture(release, known, frozenset(readings), left_open=_left_open(case.findings))


def _left_open(findings: Mapping[str, tuple[Result, ...]]) -> frozenset[str]:
    """The facts of which the last word is that they are not known."""
    return frozenset(key for key, found in findings.items() if found and max(found, key=lambda one: one.taken or FIRST).state != "known")


def _measures(case: Case, patient: Picture, readings: Mapping[str, Reading]) -> list[Computed]:
    weights, heights = (kidney.points(readings.get(key, NO_READING)) for key in ("weight", "height"))
    if "bmi" in patient.known or not weights or not heights:
        return []
    values = [weight / (height / 100) ** 2 for weight in weights for height in heights]
    bmi = Interval(min(values), max(values))
    patient.known["bmi"] = bmi.scaled(patient.release.facts["bmi"].precision)
    return [Computed("bmi", bmi, ("weight", "height"))]


def _kidney(case: Case, patient: Picture, readings: Mapping[str, Reading]) -> list[Computed]:
    """On dialysis nothing is computed: creatinine may look safe after a session."""
    if patient.truth("on_dialysis") is True:
        return []
    creatinine, height, weight = (readings.get(key, NO_READING) for key in ("creatinine", "height", "weight"))
    found: list[Computed] = []
    rate = kidney.filtration(creatinine, height, case.age, case.sex)
    child = rate if case.age.years and case.age.years[1] < 18 else None
    if "egfr" not in patient.known and rate is not None:
        patient.known["egfr"] = rate.scaled(patient.release.facts["egfr"].precision)
        found.append(Computed("egfr", rate, ("creatinine", "height") if child else ("creatinine",)))
    if "egfr" not in patient.known and "egfr_child" in patient.known:
        patient.known["egfr"] = patient.known["egfr_child"]
    clearance = kidney.clearance(creatinine, weight, height, case.age, case.sex, patient.truth("obesity"), child)
    if "crcl" not in patient.known and clearance is not None:
        patient.known["crcl"] = clearance.scaled(patient.release.facts["crcl"].precision)
        found.append(Computed("crcl", clearance, ("creatinine", "weight", "height")))
    patient.forget_derived()
    return found


def _minerals(case: Case, patient: Picture, readings: dict[str, Reading]) -> tuple[minerals.CalciumStatus, bool, list[Computed]]:
    facts = patient.release.facts
    ionised, total, reported, albumin, phosphate = (
        readings.get(key, NO_READING) for key in ("ca_ionised", "ca_total", "ca_adjusted", "albumin", "phosphate")
    )
    adjusted = minerals.adjust(facts["ca_adjusted"], facts["albumin"], total, albumin, reported, case.age, case.sex)
    if adjusted.disagrees:
        clash = Contradiction("ca_adjusted", "results_disagree", adjusted.computed_from)
        readings["ca_adjusted"] = replace(reported, contradictions=(*reported.contradictions, clash))
    if adjusted.number is not None:
        patient.known["ca_adjusted"] = adjusted.number
    if adjusted.positions is not None and len(adjusted.positions) < 3:
        patient.known["ca_adjusted_position"] = Possible(values=frozenset(adjusted.positions))
    patient.forget_derived()
    # An albumin that is only said to be low is a low albumin: the default for a missing one must not fill in for it.
    unreliable = minerals.flagged_without_number("low", albumin) or patient.truth("adjustment_unreliable")
    status = minerals.calcium_status(ionised, total, adjusted, reported, albumin, patient.truth("adjustment_reliable"), unreliable)
    if status.possible is not None:
        patient.known["calcium_status"] = status.possible
    phosphate_status, unasked = minerals.phosphate_status(phosphate, patient.truth("phosphate_sample_unreliable"))
    if phosphate_status is not None:
        patient.known["phosphate_status"] = phosphate_status
    patient.known["calcium_high_without_number"] = exactly(minerals.flagged_without_number("high", total, reported, ionised))
    computed = [
        Computed("ca_adjusted", span, ("ca_total", "albumin"))
        for span in adjusted.exact[:1]
        if not reported.results or (total.results and albumin.results)
    ]
    computed += _product(adjusted, total, phosphate)
    patient.forget_derived()
    return status, unasked, computed


def _product(adjusted: minerals.Adjusted, total: Reading, phosphate: Reading) -> list[Computed]:
    """Calcium x phosphate, adjusted calcium before total. It is shown and never enters a table."""
    calcium = [end for span in adjusted.exact for end in (span.low, span.high) if end is not None] or kidney.points(total)
    values = [calcium_phosphate_product(one, other) for one in calcium for other in kidney.points(phosphate)]
    if not values:
        return []
    product = Interval(min(values), max(values))
    usual = " to ".join(dict.fromkeys(shown(product_conventional(end), 1) for end in (min(values), max(values))))
    return [Computed("ca_x_p", product, ("ca_adjusted" if adjusted.exact else "ca_total", "phosphate"), f"{usual} mg\u00b2/dL\u00b2")]


def _counts(patient: Picture, readings: Mapping[str, Reading]) -> None:
    truths = [patient.truth(key) for key in MINOR_SETTINGS]
    patient.known["minor_settings"] = between(sum(one is True for one in truths), sum(one is not False for one in truths))
    if (
        any(key in patient.known for key in ("egfr", "crcl", "creatinine_position"))
        or or_(patient.truth("ckd5"), patient.truth("ckd34"), patient.truth("on_dialysis")) is True
    ):
        patient.known["kidney_function_known"] = YES
    if all(readings.get(key, NO_READING).results for key in EXTENDED_SEARCH) or (
        patient.truth("ana_positive") is not None and all(readings.get(key, NO_READING).results for key in EXTENDED_SEARCH[1:])
    ):
        patient.known["extended_search_done"] = YES
    patient.forget_derived()


def propagate(picture: Picture, scope: str) -> None:
    """Let group answers and implications inform what was not stated, until nothing changes."""
    release, known = picture.release, picture.known
    if scope == "patient" and picture.truth("drug_list_complete") is True:
        for fact in release.facts.values():
            if fact.section == "drug_list" and picture.may_be_covered(fact.key):
                known[fact.key] = NO
    for _ in range(8):
        before = len(known)
        # What follows from single answers comes before a group's no, which would otherwise hide that the two disagree.
        for implication in release.implications[scope]:
            missing = [key for key in implication.then if key not in known]
            if missing and implication.test.truths(picture.of(implication.test)) == (True,):
                for key in missing:
                    if release.facts[key].scope == scope:
                        known[key] = implication.then[key]
        picture.forget_derived()
        # Every group speaks, also after the first that changed something.
        changed = sum(_spread(picture, group) for group in release.groups[scope] if _is_heard(picture, group)) > 0
        picture.forget_derived()
        if len(known) == before and not changed:
            return


def _is_heard(picture: Picture, group: Group) -> bool:
    """Whether anything is known that could inform a group; most are silent in most patients."""
    if group.hears is None or not group.hears.isdisjoint(picture.known):
        return True
    return picture.patient is not None and not group.hears.isdisjoint(picture.patient.known)


def _spread(picture: Picture, group: Group) -> bool:
    """One group's answer from its members and to them. Says whether the group's own value turned."""
    known = picture.known
    own = picture.truth(group.fact) if group.fact in known else None
    if group.both and group.fact not in picture.stated:
        return _conjunction(picture, group)
    if group.fact in picture.stated and group.answer_wins and not any(picture.truth(member) is True for member in group.members):
        if own is False:
            known.update({member: NO for member in group.members if picture.may_be_covered(member)})
        return False
    if group.false_when and group.fact not in picture.stated and any_of(group.false_when.truths(picture.of(group.false_when))) is True:
        known[group.fact] = NO
        return own is not False
    members = [picture.truth(member) for member in group.members]
    when = any_of(group.true_when.truths(picture.of(group.true_when))) if group.true_when else False
    if True in members or when is True:
        known[group.fact] = YES
        return own is not True
    if own is False and group.fact in picture.stated:
        for member, value in zip(group.members, members, strict=True):
            if value is None and picture.may_be_covered(member):
                known[member] = NO
        return False
    covered = group.exhaustive or (group.drugs_only and picture.truth("drug_list_complete") is True)
    if own is None and covered and all(one is False for one in members) and when is False:
        known[group.fact] = NO
        return True
    if own is False:
        for member, value in zip(group.members, members, strict=True):
            is_of_this_scope = picture.release.facts[member].scope == picture.release.facts[group.fact].scope
            if value is None and is_of_this_scope and picture.may_be_covered(member):
                known[member] = NO
    return False


def _conjunction(picture: Picture, group: Group) -> bool:
    first, second = group.both
    if picture.release.facts[group.fact].kind == "number":
        value = picture.truth(first)
        found = NOT_APPLICABLE if value is False else picture.get(second) if value is True else None
    else:
        both = and_(picture.truth(first), picture.truth(second))
        found = None if both is None else exactly(both)
    if found is None or picture.known.get(group.fact) == found:
        return False
    picture.known[group.fact] = found
    return True
