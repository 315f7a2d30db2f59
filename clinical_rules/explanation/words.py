"""The words of the result: statuses, marks, phases, emergencies, and how a test or a value is said."""

from fractions import Fraction

from clinical_rules.derive import Picture, Pictures, Reading
from clinical_rules.facts import Fact
from clinical_rules.findings import bands_touched
from clinical_rules.quantities import exact, shown, unit_in_words, unscale
from clinical_rules.release import Release
from clinical_rules.tables import Possible

STATUS_LABELS = {
    "offered": "Offered",
    "caution": "With caution",
    "reason": "Needs a reason",
    "specialist": "Specialist only",
    "provisional": "If confirmed",
    "unassessable": "Cannot be assessed yet",
    "blocked": "Blocked",
    "not_indicated": "Not indicated",
}
STATUS_TEXTS = {
    "offered": "Nothing known speaks against it.",
    "caution": "A caution applies, or a relative gate is not answered yet.",
    "reason": "A relative gate speaks against it: enter a reason to accept it.",
    "specialist": "A specialist's option: shown, never offered automatically.",
    "provisional": "Indicated only if the leading type is confirmed.",
    "unassessable": "A gate or the indication is not known: answer what it needs first.",
    "blocked": "Something surely speaks against it.",
    "not_indicated": "No row of the choice table brings it forward here.",
}
NEVER_OFFERED_LABEL = "Never offered"
NEVER_OFFERED_TEXT = "Never offered in this release: the evidence is against it."
PHASE_LABELS = {
    "act_now": "Act now",
    "confirm": "Confirm",
    "treat_cause": "Treat the cause",
    "medical": "Medical",
    "local_surgical": "Local and surgical",
    "support": "Support and advice",
    "follow_up": "Follow-up",
}
MARKS = {
    "presumed": "Presumed: calcification was neither seen as chalk, nor imaged, nor biopsied. Ask for a radiograph.",
    "provisional": "Provisional: repeat the result or the search before acting on the type alone.",
    "provisional_no_albumin": "Provisional: calcium without an albumin of the same day. Albumin would settle it.",
    "sample_quality_unasked": "Nobody asked whether the phosphate sample was fasting, prompt and not haemolysed.",
    "raised_once": "Raised once: repeat it, unless a mineral disease is known.",
    "controlled": "Controlled: the values are in range under treatment or after correction.",
    "transient_load": "After a transient mineral load; the values of those weeks count.",
    "probable": "Probable, not proved.",
    "external_calcium_contact": "Calcium came from outside, not from medicine: contact at work or at home.",
    "metabolic_contributor": "A metabolic contributor: calcium or phosphate is raised, or a mineral disease is known.",
    "mechanism_dystrophic": "The mechanism is dystrophic: injury by injections or needles, without calcium.",
    "calciphylaxis_not_excluded": "Calciphylaxis is not excluded: look at the skin today, ask for pain and colour.",
    "calcium_low": "Calcium is low: find the cause. A low value neither cancels a raised one nor bars a type.",
    "phosphate_low": "Phosphate is low: find the cause.",
    "fragile": "Fragile: the method's error, another unit or another range would change the answer. Repeat the value it rests on.",
    "contradiction": "Results contradict each other: nothing was assumed about them.",
}
EMERGENCY_LABELS = {
    "calciphylaxis": "Calciphylaxis",
    "calciphylaxis_suspected": "Calciphylaxis suspected",
    "sepsis_or_infected_deposit": "Sepsis or infected deposit",
    "osteomyelitis_or_septic_joint": "Osteomyelitis or septic joint",
    "critical_ischaemia": "Critical ischaemia",
    "extravasation_now": "Calcium leaking now",
    "hypercalcaemia_crisis": "Hypercalcaemia crisis",
    "hypocalcaemia_crisis": "Hypocalcaemia crisis",
    "compression": "Nerve or vessel compression",
    "bradycardia_or_block_on_diltiazem": "Bradycardia or block on diltiazem",
    "child_weak_swallow_or_breath": "Child with weak swallow or breath",
    "newborn_fat_necrosis_calcium": "Newborn fat necrosis: calcium today",
    "tumour_suspected": "Tumour suspected",
    "visual_loss_on_minocycline": "Visual disturbance on minocycline",
    "colchicine_toxicity": "Colchicine toxicity",
    "thiosulfate_toxicity": "Thiosulfate toxicity",
    "renal_crisis": "Renal crisis",
    "swallow_pain_on_bisphosphonate": "Pain on swallowing on a bisphosphonate",
    "jaw_bone_exposed": "Exposed jaw bone",
    "anaphylaxis": "Anaphylaxis",
    "pregnancy_on_unsafe_drug": "Pregnancy on an unsafe drug",
    "critical_site": "Deposit at a critical site",
}
KINDS = {
    "flag_against_range": "the flag contradicts the number and its range",
    "results_disagree": "results within 24 hours disagree",
    "range_against_age": "the laboratory's range reverses the verdict of the age band",
    "range_of_another_test": "the range that came with it belongs to another test: it was set aside",
    "answers_disagree": "answers of the same day disagree",
}


def say_test(release: Release, fact: str, test: str) -> str:
    """What a test asks, in words: ``is yes``, ``below 90 mm[Hg]``, ``is finger or toe``."""
    described = release.facts[fact]
    if described.kind == "boolean":
        return {"true": "yes", "false": "no"}.get(test, test)
    if described.kind == "code":
        negated = test.startswith("not(")
        names = {code.code: code.label for code in described.codes}
        listed = [names.get(part.strip(), part.strip()) for part in test.removeprefix("not(").removesuffix(")").split(",")]
        said = " or ".join(listed) if len(listed) <= 4 else f"{', '.join(listed[:3])} or {len(listed) - 3} others"
        return f"not {said}" if negated else said
    unit = f" {plain_unit(described.unit)}".rstrip()
    words = {"<=": "at most", ">=": "at least", "<": "below", ">": "above"}
    for sign, word in words.items():
        if test.startswith(sign):
            return f"{word} {test.removeprefix(sign).strip()}{unit}"
    return f"{test}{unit}"


def plain_unit(unit: str | None) -> str:
    """A UCUM unit as people write it."""
    return unit_in_words(unit)


def say_known(pictures: Pictures, picture: Picture, fact: str) -> str:
    """What is known of a fact, with unit and date: ``1.40 mmol/L (2026-03-01)``, ``no``, ``not known``."""
    reading = pictures.readings.get(fact)
    if reading is None and picture.patient is not None:
        reading = next((own.get(fact) for name, own in pictures.lesion_readings.items() if pictures.lesions[name] is picture), None)
    if reading is not None and reading.results and reading.number is not None:
        return _say_results(picture.release.facts[fact], reading)
    if reading is not None and not reading.results and reading.too_old:
        return f"too old ({reading.too_old[0].taken:%Y-%m-%d})"
    return say_possible(picture.release.facts[fact], picture.get(fact)) + _followed(picture, fact)


def _followed(picture: Picture, fact: str) -> str:
    """Says of a number that nobody measured from which answers it follows: `` (follows from: on dialysis)``."""
    release = picture.release
    described = release.facts[fact]
    shared = picture.patient is not None and described.scope == "patient"
    own = picture.patient if shared and picture.patient is not None else picture
    known = own.known.get(fact)
    if described.kind != "number" or known is None:
        return ""
    for one in release.implications[described.scope]:
        if one.then.get(fact) == known and one.test.truths(own.of(one.test)) == (True,):
            return f" (follows from: {', '.join(release.facts[key].label for key in one.test.facts)})"
    return ""


def _say_results(fact: Fact, reading: Reading) -> str:
    said = [f"{one.canonical(fact)} {plain_unit(fact.unit)}".strip() for one in reading.results if one.interval]
    day = reading.results[0].taken
    dated = f" ({day:%Y-%m-%d})" if day and reading.results[0].dated else ""
    return " and ".join(dict.fromkeys(said)) + dated


def say_possible(fact: Fact, known: Possible | None) -> str:
    """A set of possible values in words."""
    if known is None:
        return "not known"
    if known.not_applicable and known.values is None and known.spans is None:
        return "not applicable"
    if known.values is not None:
        names: dict[object, str] = {code.code: code.label for code in fact.codes} | {True: "yes", False: "no"}
        if len(known.values) == 2 and known.values == {True, False}:
            return "not known"
        return " or ".join(names.get(value, str(value)) for value in sorted(known.values, key=str))
    unit = f" {plain_unit(fact.unit)}".rstrip()
    parts = []
    for low, high in known.spans or ():
        bottom, top = (None if end is None else f"{unscale(end, fact.precision)}" for end in (low, high))
        if bottom == top:
            parts.append(f"{bottom}{unit}")
        elif bottom is None or top is None:
            parts.append(
                f"{'up to' if bottom is None else 'from'} {top if bottom is None else bottom}{unit}" if bottom or top else "not known"
            )
        else:
            parts.append(f"{bottom} to {top}{unit}")
    return " or ".join(parts)


def say_distance(fact: Fact, distance: int | None) -> str:
    """How far a value lies from the test: ``0.02 mmol/L off``."""
    if not distance:
        return ""
    return f"{unscale(distance, fact.precision)} {plain_unit(fact.unit)}".strip() + " off"


def reference_range(pictures: Pictures, fact: Fact, reading: Reading) -> str:
    """The range that judged a result: the laboratory's own, else the bands for this age and sex."""
    own = next((one for one in reading.results if one.has_range), None)
    if own is not None:
        return f"{say_range(own.low, own.high, fact)} (laboratory's own)"
    return range_of_age(pictures, fact)


def range_of_age(pictures: Pictures, fact: Fact) -> str:
    """The range on file for this age and sex; the widest where it is not known which one holds, with what would tell."""
    bands = [band for band in bands_touched(fact, pictures.case.age, pictures.case.sex) if band.low is not None or band.high is not None]
    if not bands:
        return "no range on file: use the laboratory's"
    if len({(band.low, band.high) for band in bands}) == 1:
        return say_range(bands[0].low, bands[0].high, fact)
    lows = [band.low for band in bands if band.low is not None]
    highs = [band.high for band in bands if band.high is not None]
    widest = say_range(min(lows) if len(lows) == len(bands) else None, max(highs) if len(highs) == len(bands) else None, fact)
    by_sex = pictures.case.sex is None and any(band.sex != "any" for band in bands)
    missing = [what for what, is_open in (("birth date", pictures.case.age.days is None), ("sex", by_sex)) if is_open]
    return f"depends on age and sex: {widest}; add the {' and the '.join(missing or ['birth date'])}"


def say_range(low: Fraction | None, high: Fraction | None, fact: Fact) -> str:
    """A range as people say it: ``0.84–1.45 mmol/L``, ``60 mL/min or more``, ``up to 5 mg/L``."""
    unit = plain_unit(fact.unit)
    if low is not None and high is not None:
        return f"{shown(low, fact.precision)}\u2013{shown(high, fact.precision)} {unit}".strip()
    end = low if low is not None else high
    if end is None:
        return "any value at some ages"
    said = shown(end, fact.precision)
    said = said.rstrip("0").rstrip(".") if "." in said else said
    return f"{said} {unit}".strip() + " or more" if low is not None else f"up to {said} {unit}".strip()


def typed_value(typed: str) -> str:
    """A number as it was typed, or nothing."""
    return typed if exact(typed) is not None else ""
