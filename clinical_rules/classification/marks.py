"""Marks: what qualifies a type, from presumed to controlled."""

from fractions import Fraction

from clinical_rules.classification.flags import skin_unasked
from clinical_rules.classification.model import LesionResult
from clinical_rules.derive import Picture, Pictures, Reading
from clinical_rules.derive.results import Position
from clinical_rules.findings import Result, bands_touched

ABOVE: frozenset[Position] = frozenset({"above"})
NEARLY = Fraction(105, 100)
"""Raised by less than a twentieth, once, without known mineral disease: provisional (dossier 0.4)."""


def find_marks(pictures: Pictures, picture: Picture, result: LesionResult, *, suspected: bool) -> tuple[str, ...]:
    """The marks of one lesion, most urgent first."""
    fired = set(result.fired)
    is_raised = picture.truth("minerals_raised") is True
    known_disease = picture.truth("known_metabolic_cause") is True
    is_procedure = picture.truth("exposure_procedure_at_site") is True
    is_exposed = is_procedure or picture.truth("exposure_calcium_at_site") is True
    rests_on_minerals = result.status == "open" or result.type in ("mixed", "metastatic", "dystrophic", "idiopathic")
    found: list[str] = []

    def mark(name: str, when: bool) -> None:
        if when:
            found.append(name)

    mark("calciphylaxis_not_excluded", result.status != "withheld" and not suspected and skin_unasked(picture))
    mark("presumed", picture.truth("calcification_shown") is not True and result.type != "not_calcinosis")
    mark("provisional_no_albumin", pictures.calcium.no_albumin and rests_on_minerals)
    mark("sample_quality_unasked", pictures.sample_unasked and rests_on_minerals)
    once = is_raised and not known_disease and _raised_results(pictures) <= 1
    mark("raised_once", once)
    mark("provisional", suspected or (once and _barely_raised(pictures)) or result.type == "idiopathic")
    mark(
        "controlled",
        picture.truth("minerals_raised") is False
        and picture.truth("metabolic_controlled") is True
        and result.type in ("metastatic", "mixed", "dystrophic")
        and bool(fired & {"C7a", "C7b.raised", "C7b.not_raised"}),
    )
    mark("transient_load", result.type == "metastatic" and "C7c" in fired)
    mark(
        "probable",
        (result.type == "iatrogenic" and not is_exposed and picture.truth("infusion_probably_here") is True)
        or (result.type == "metastatic" and bool(fired & {"C7a", "C7c"}) and "C4" not in fired),
    )
    mark("mechanism_dystrophic", result.type == "iatrogenic" and is_procedure)
    mark("metabolic_contributor", result.type == "iatrogenic" and (is_raised or known_disease))
    mark("external_calcium_contact", result.type == "iatrogenic" and picture.truth("ca_contact") is True)
    mark("calcium_low", picture.truth("ca_adjusted_below_range") is True)
    mark("phosphate_low", picture.truth("phosphate_below_range") is True)
    mark("contradiction", any(clash.lesion in (None, result.id) for clash in pictures.contradictions))
    return tuple(found)


def _raised_results(pictures: Pictures) -> int:
    """How many results of calcium and phosphate, on how many days, were raised."""
    days = set()
    for key in ("phosphate", "ca_total", "ca_adjusted", "ca_ionised"):
        reading = pictures.readings.get(key)
        if reading and reading.positions == ABOVE:
            days |= {(key if key == "phosphate" else "calcium", one.taken) for one in (*reading.results, *_older_raised(pictures, key))}
    return len(days)


def _older_raised(pictures: Pictures, key: str) -> list[Result]:
    fact = pictures.patient.release.facts[key]
    high = max((band.high for band in bands_touched(fact, pictures.case.age, pictures.case.sex) if band.high is not None), default=None)
    newest = {id(one) for one in pictures.readings[key].results}
    return [
        one
        for one in pictures.case.findings[key]
        if id(one) not in newest and high is not None and one.interval and one.interval.low is not None and one.interval.low > high
    ]


def _barely_raised(pictures: Pictures) -> bool:
    readings = [
        reading
        for key in ("phosphate", "ca_total", "ca_adjusted", "ca_ionised")
        if (reading := pictures.readings.get(key)) and reading.positions == ABOVE
    ]
    return bool(readings) and all(_barely(pictures, reading) for reading in readings)


def _barely(pictures: Pictures, reading: Reading) -> bool:
    fact = pictures.patient.release.facts[reading.fact]
    bands = bands_touched(fact, pictures.case.age, pictures.case.sex)
    by_age = max((band.high for band in bands if band.high is not None), default=None)
    for one in reading.results:
        limit = one.high if one.high is not None else by_age
        if one.interval is None or one.interval.high is None or limit is None or one.interval.high > limit * NEARLY:
            return False
    return True
