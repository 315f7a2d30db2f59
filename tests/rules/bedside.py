"""A case in one line, for tests that read like a page of a textbook.

`judge({"ssc": True}, {"site": "finger"}, age=55)` is what release 1 says of a woman of 55 with systemic
sclerosis and one lesion at a finger, on the second of March.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from clinical_rules.assessment import Assessment, assess
from clinical_rules.classification import LesionResult
from clinical_rules.derive import Picture, Pictures, build_pictures
from clinical_rules.findings import read_case
from clinical_rules.pathway import Option
from clinical_rules.quantities import unscale
from clinical_rules.release import load

ON = "2026-03-02"
YESTERDAY = "2026-03-01"

Findings = Mapping[str, Any]


def case(
    patient: Findings | None = None, lesion: Findings | None = None, *more: Findings, age: Any = 48, sex: Any = "female"
) -> dict[str, Any]:
    """A case of one lesion, L1, or of several. ``age`` is in years, or an object as ``{"age_days": 3}``."""
    of_age = age if isinstance(age, Mapping) else {"age_years": age}
    return {
        "id": "test",
        "on": ON,
        "patient": {**of_age, "sex": sex, "findings": dict(patient or {})},
        "lesions": [{"id": f"L{number}", "findings": dict(one or {})} for number, one in enumerate((lesion, *more), 1)],
    }


def judge(
    patient: Findings | None = None,
    lesion: Findings | None = None,
    *more: Findings,
    age: Any = 48,
    sex: Any = "female",
    jurisdiction: str | None = None,
) -> Assessment:
    """What release 1 says."""
    return assess(case(patient, lesion, *more, age=age, sex=sex), load(), jurisdiction=jurisdiction)


def pictures(
    patient: Findings | None = None, lesion: Findings | None = None, *more: Findings, age: Any = 48, sex: Any = "female"
) -> Pictures:
    """What is known, before anything is judged."""
    release = load()
    return build_pictures(read_case(case(patient, lesion, *more, age=age, sex=sex), release.facts), release)


def may_be(picture: Picture, fact: str) -> set[Any] | None:
    """The codes or answers a fact may have; ``None`` when nothing is known, the empty set when it does not apply."""
    found = picture.get(fact)
    if found is None:
        return None
    return set(found.values or ())


def spans(picture: Picture, fact: str) -> list[tuple[str | None, str | None]] | None:
    """The intervals a number may lie in, in its unit: ``[("2.30", "2.30")]``."""
    found = picture.get(fact)
    if found is None:
        return None
    precision = load().facts[fact].precision

    def said(end: int | None) -> str | None:
        return None if end is None else str(unscale(end, precision))

    return [(said(low), said(high)) for low, high in found.spans or ()]


def lesion(assessment: Assessment, name: str = "L1") -> LesionResult:
    """One lesion of an assessment."""
    return next(one for one in assessment.lesions if one.id == name)


def option(assessment: Assessment, treatment: str, place: str | None = None) -> Option:
    """One option: the patient's, or of a lesion."""
    found = [one for one in assessment.options if one.treatment == treatment and place in (None, one.lesion)]
    assert len(found) == 1, f"{treatment}: {len(found)} options, name the lesion"
    return found[0]


def flags(assessment: Assessment) -> set[str]:
    """The keys of the emergencies."""
    return {flag.key for flag in assessment.emergencies}


def mmol(value: Any, day: str = YESTERDAY, **more: Any) -> dict[str, Any]:
    """A result in mmol/L."""
    return {"value": value, "unit": "mmol/L", "date": day, **more}


NORMAL_MINERALS: Findings = {
    "ca_total": mmol(2.35),
    "albumin": {"value": 40, "unit": "g/L", "date": YESTERDAY},
    "phosphate": mmol(1.1),
    "creatinine": {"value": 70, "unit": "umol/L", "date": YESTERDAY},
    "acid_base_disorder": False,
    "on_dialysis": False,
}
"""Calcium, phosphate and kidney function of an adult, all as they should be."""

NO_MINERAL_HISTORY: Findings = {"any_mineral_disease": False, "any_mineral_treatment": False}
"""Asked for mineral disease and its treatment, and denied."""

NO_LOCAL_CAUSE: Findings = {"any_exposure_at_site": False, "any_injury_at_site": False, "any_transient_mineral_load": False}
"""Asked of the site: no exposure, no injury, no load before it began."""

NO_AUTOIMMUNE: Findings = {"any_connective_tissue_disease": False, "any_predisposing_skin_disease": False, "any_autoimmune_feature": False}
"""Asked for connective tissue disease, for skin disease that predisposes and for autoimmune features, and denied."""

NO_BONE: Findings = {"albright_signs": False, "mx_php_bone": False}
NO_SKIN_SIGN: Findings = {"any_definite_skin_sign": False, "any_early_skin_sign": False}
"""Looked at the skin: nothing of calciphylaxis."""


def on_day(text: str) -> date:
    """A day from its text."""
    return date.fromisoformat(text)


def healthy(*, lesion: bool = False) -> dict[str, Any]:
    """Everything that may be asked of an adult, or of a lesion, answered with the ordinary: no disease, no drug, ordinary values."""
    found: dict[str, Any] = {}
    for fact in load().facts.values():
        if fact.derived or fact.kind == "codes" or fact.scope != ("lesion" if lesion else "patient") or fact.key in ANSWERED_BY_OTHERS:
            continue
        if fact.kind == "boolean":
            found[fact.key] = False
        elif fact.kind == "number" and fact.section == "laboratory":
            found[fact.key] = {"flag": "normal"} if fact.key not in ORDINARY else {"value": ORDINARY[fact.key], "unit": fact.unit}
        elif fact.key in ORDINARY:
            found[fact.key] = {"value": ORDINARY[fact.key], "unit": fact.unit} if fact.needs_unit else ORDINARY[fact.key]
    return {**found, "drug_list_complete": True} if not lesion else {**found, "calcification_on_imaging": True, "skin_colour_normal": True}


ANSWERED_BY_OTHERS = frozenset({"ca_adjusted", "egfr_child", "egfr", "crcl", "bmi"})
"""What is worked out from the values below."""

ORDINARY: Mapping[str, Any] = {
    "ca_total": Decimal("2.35"),
    "ca_ionised": Decimal("1.25"),
    "albumin": 42,
    "phosphate": Decimal("1.10"),
    "creatinine": 70,
    "pth": Decimal("4.0"),
    "vitd25": 80,
    "magnesium": Decimal("0.8"),
    "potassium": Decimal("4.2"),
    "sodium": 140,
    "bicarbonate": 25,
    "haemoglobin": 140,
    "platelets": 250,
    "lymphocytes": Decimal("2.00"),
    "neutrophils": Decimal("4.0"),
    "alt": 20,
    "urate": 250,
    "ph_arterial": Decimal("7.40"),
    "inr": Decimal("1.0"),
    "weight": 65,
    "height": 168,
    "sbp": 120,
    "heart_rate": 72,
    "pr_interval": 160,
    "qtc": 410,
    "lvef": 60,
    "av_block_degree_without_pacemaker": 0,
    "lesion_size": 8,
    "lesion_depth": 3,
    "pain_score": 0,
}
