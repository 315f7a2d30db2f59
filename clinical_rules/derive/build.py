"""From the findings of a case to its pictures: results read, quantities computed, answers spread."""

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType

from clinical_rules.derive import kidney, minerals
from clinical_rules.derive.picture import NO, YES, Computed, Picture, Pictures
from clinical_rules.derive.results import Contradiction, Reading, read_results
from clinical_rules.derive.spread import propagate
from clinical_rules.findings import Age, Case, Doubt, Result, doubt_of
from clinical_rules.quantities import Interval, calcium_phosphate_product, product_conventional, shown
from clinical_rules.release import Release
from clinical_rules.tables import Possible, between, exactly
from clinical_rules.truth import or_

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
Ranges = Mapping[str, tuple[Age, str | None]]
AS_THE_PATIENT: Ranges = MappingProxyType({})


def build_pictures(case: Case, release: Release, ranges: Ranges = AS_THE_PATIENT) -> Pictures:
    """Read every finding, work out what follows, for the patient and for each lesion.

    ``ranges`` asks what if: the results of these facts are held against the range of another age or sex.
    """
    person = (case.age, case.sex)
    readings = {key: read_results(release.facts[key], found, case.on, *ranges.get(key, person)) for key, found in case.findings.items()}
    patient = _patient_picture(case, release, readings)
    computed = _measures(case, patient, readings)
    propagate(patient, "patient")
    computed += _kidney(case, patient, readings)
    propagate(patient, "patient")
    calcium, sample_unasked, more = _minerals(patient, readings, *ranges.get("ca_adjusted", person))
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
        own = {key: read_results(release.facts[key], found, case.on, *person, lesion.id) for key, found in lesion.findings.items()}
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
    patient.learn("bmi", bmi.scaled(patient.release.facts["bmi"].precision))
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
        patient.learn("egfr", rate.scaled(patient.release.facts["egfr"].precision))
        found.append(Computed("egfr", rate, ("creatinine", "height") if child else ("creatinine",)))
    if "egfr" not in patient.known and "egfr_child" in patient.known:
        patient.learn("egfr", patient.known["egfr_child"])
    clearance = kidney.clearance(creatinine, weight, height, case.age, case.sex, patient.truth("obesity"), child)
    if "crcl" not in patient.known and clearance is not None:
        patient.learn("crcl", clearance.scaled(patient.release.facts["crcl"].precision))
        found.append(Computed("crcl", clearance, ("creatinine", "weight", "height")))
    patient.forget_derived()
    return found


def _minerals(
    patient: Picture, readings: dict[str, Reading], age: Age, sex: str | None
) -> tuple[minerals.CalciumStatus, bool, list[Computed]]:
    facts = patient.release.facts
    ionised, total, reported, albumin, phosphate = (
        readings.get(key, NO_READING) for key in ("ca_ionised", "ca_total", "ca_adjusted", "albumin", "phosphate")
    )
    adjusted = minerals.adjust(facts["ca_adjusted"], facts["albumin"], total, albumin, reported, age, sex)
    if adjusted.disagrees:
        clash = Contradiction("ca_adjusted", "results_disagree", adjusted.computed_from)
        readings["ca_adjusted"] = reported._replace(contradictions=(*reported.contradictions, clash))
    if adjusted.number is not None:
        patient.learn("ca_adjusted", adjusted.number)
    if adjusted.positions is not None and len(adjusted.positions) < 3:
        patient.learn("ca_adjusted_position", Possible(values=frozenset(adjusted.positions)))
    patient.forget_derived()
    # An albumin that is only said to be low is a low albumin: the default for a missing one must not fill in for it.
    unreliable = minerals.flagged_without_number("low", albumin) or patient.truth("adjustment_unreliable")
    status = minerals.calcium_status(ionised, total, adjusted, reported, albumin, patient.truth("adjustment_reliable"), unreliable)
    if status.possible is not None:
        patient.learn("calcium_status", status.possible)
    phosphate_status, unasked = minerals.phosphate_status(phosphate, patient.truth("phosphate_sample_unreliable"))
    if phosphate_status is not None:
        patient.learn("phosphate_status", phosphate_status)
    patient.learn("calcium_high_without_number", exactly(minerals.flagged_without_number("high", total, reported, ionised)))
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
    patient.learn("minor_settings", between(sum(one is True for one in truths), sum(one is not False for one in truths)))
    if (
        any(key in patient.known for key in ("egfr", "crcl", "creatinine_position"))
        or or_(patient.truth("ckd5"), patient.truth("ckd34"), patient.truth("on_dialysis")) is True
    ):
        patient.learn("kidney_function_known", YES)
    if all(readings.get(key, NO_READING).results for key in EXTENDED_SEARCH) or (
        patient.truth("ana_positive") is not None and all(readings.get(key, NO_READING).results for key in EXTENDED_SEARCH[1:])
    ):
        patient.learn("extended_search_done", YES)
    patient.forget_derived()
