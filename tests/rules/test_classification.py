"""From what is known to a type (dossier a.1 to a.5): every row, coexisting causes, what leads, what settles it, and the marks."""

from decimal import Decimal
from typing import Any, NamedTuple

import pytest

from clinical_rules.classification import Assumed
from clinical_rules.explanation.words import MARKS
from clinical_rules.release import TYPES, load
from tests.rules.bedside import (
    NO_AUTOIMMUNE,
    NO_BONE,
    NO_LOCAL_CAUSE,
    NO_MINERAL_HISTORY,
    NO_SKIN_SIGN,
    NORMAL_MINERALS,
    Findings,
    flags,
    judge,
    lesion,
    mmol,
    pictures,
)

WELL: Findings = {**NORMAL_MINERALS, **NO_MINERAL_HISTORY, **NO_BONE, "ckd5": False, "ckd34": False, "pxe": False}
"""An adult without mineral disease, values in range and unmasked."""

PLAIN: Findings = {**NO_LOCAL_CAUSE, **NO_SKIN_SIGN, "calcification_on_imaging": True, "skin_colour_normal": True}
"""A lesion shown calcified, nothing else at its site."""

NO_DISEASE: Findings = {**WELL, **NO_AUTOIMMUNE, "down": False}
HIGH: Findings = {"phosphate": mmol(Decimal("2.1")), "phosphate_sample_unreliable": False}
DIALYSIS: Findings = {**NO_AUTOIMMUNE, **NO_BONE, "on_dialysis": True, "vitamin_k_antagonist_within_3_months": False, "pxe": False}
IN_RANGE: Findings = {"ca_ionised": mmol(Decimal("1.2")), "phosphate": mmol(Decimal("1.3"))}
WEEKS_3: Findings = {"value": 3, "unit": "wk"}
UNEXPOSED: Findings = {
    **{key: value for key, value in PLAIN.items() if key != "any_exposure_at_site"},
    **dict.fromkeys(load().facts["any_exposure_at_site"].members, False),
}
"""Each exposure denied by itself: the chart may still hold an infusion whose site nobody recorded."""

SCROTAL: Findings = {**PLAIN, "site": "scrotum", "form": "nodule", "lesion_count": "many", "painful": False, "growing": False}


class Told(NamedTuple):
    patient: Findings
    lesion: Findings
    age: Any = 48


ROWS = {
    "C1nb": Told({**WELL, **NO_AUTOIMMUNE, "albright_signs": True}, {**PLAIN, "bone_on_histology": True}),
    "C1ne": Told({**NO_DISEASE, "pxe": True, "any_predisposing_skin_disease": True}, {**PLAIN, "calcified_elastic_fibres": True}),
    "C1nm": Told(NO_DISEASE, {**PLAIN, "mx_xanthoma": True, "calcification_on_biopsy": False}),
    "C2": Told(NO_DISEASE, {**PLAIN, "any_exposure_at_site": None, "electrode_paste": True}),
    "C2p": Told(NO_DISEASE, {**UNEXPOSED, "injection_noncalcium": True}),
    "C2u": Told(
        {**NO_DISEASE, "peripheral_calcium_or_phosphate_infusion": True},
        {**UNEXPOSED, "site": "hand", "infusion_site": "not_recorded", "weeks_from_infusion_to_lesion": WEEKS_3},
    ),
    "C2s": Told(NO_DISEASE, {**PLAIN, "any_exposure_at_site": None, "ca_heparin": True}),
    "C3": Told({**WELL, **HIGH, "ssc": True}, PLAIN),
    "C4": Told({**NO_DISEASE, **HIGH}, PLAIN),
    "C7a": Told({**DIALYSIS, **IN_RANGE}, PLAIN),
    "C7b.raised": Told({**DIALYSIS, **IN_RANGE, "any_connective_tissue_disease": True}, {**PLAIN, "phosphate_raised_at_onset": True}),
    "C7b.not_raised": Told(
        {**DIALYSIS, **IN_RANGE, "any_connective_tissue_disease": True},
        {**PLAIN, "phosphate_raised_at_onset": False, "calcium_raised_at_onset": False},
    ),
    "C7c": Told(
        {**NO_DISEASE, "liver_transplant": True},
        {**PLAIN, "any_transient_mineral_load": None, "liver_transplant_before_onset": True, "phosphate_raised_at_onset": True},
    ),
    "C7d": Told({**NO_DISEASE, "any_mineral_disease": None, "hypopara": True}, {**PLAIN, "phosphate_raised_at_onset": True}),
    "C5": Told({**WELL, "ssc": True}, PLAIN),
    "C6": Told(NO_DISEASE, SCROTAL),
}
SPOKEN_BY = {"C1nb": "C1n.bone", "C1ne": "C1n.elastic"}
"""These two keep the type open until histology; when it has spoken, the row of not_calcinosis says it."""

TABLE = load().content["tables"]["classification"]["row"]
TYPE_OF = {row["id"]: row["then"]["type"] for row in TABLE}


def told(story: Told) -> Any:
    return judge(story.patient, story.lesion, age=story.age)


# --- every row ------------------------------------------------------------------------------------
def test_every_row_has_its_case_here() -> None:
    assert set(ROWS) == {row["id"] for row in TABLE}


@pytest.mark.parametrize("row", ROWS)
def test_each_row_fires_in_a_complete_case_and_gives_its_type(row: str) -> None:
    found = lesion(told(ROWS[row]))

    assert SPOKEN_BY.get(row, row) in found.fired
    assert (found.status, found.type) == ("decided", TYPE_OF[row])
    assert found.types[0] == found.type, "the headline comes first"


def test_rows_stand_in_the_order_of_the_dossier() -> None:
    assert list(dict.fromkeys(row["id"][:2] for row in TABLE)) == ["C1", "C2", "C3", "C4", "C7", "C5", "C6"]


def test_all_types_of_true_rows_are_listed_headline_first() -> None:
    both = told(Told({**WELL, **HIGH, "ssc": True}, {**PLAIN, "any_exposure_at_site": None, "electrode_paste": True}))

    assert lesion(both).types == ("iatrogenic", "mixed")
    assert lesion(both).parts == ()


def test_a_mixed_type_names_its_parts_metabolic_first() -> None:
    assert lesion(told(ROWS["C3"])).parts == ("metastatic", "dystrophic")


# --- not calcinosis -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("findings", "row"),
    [
        ({"bone_on_histology": True}, "C1n.bone"),
        ({"urate_crystals": True}, "C1n.urate"),
        ({"calcified_elastic_fibres": True}, "C1n.elastic"),
        ({"mx_osteoma": True}, "C1n.osteoma"),
        ({"mx_pce": True}, "C1n.pce"),
        ({"imaging_without_calcium": True, "biopsy_without_calcium": True}, "C1n.no_calcium"),
    ],
)
def test_a_neighbour_ends_typing_for_that_lesion_only(findings: Findings, row: str) -> None:
    assessed = judge({**WELL, "ssc": True}, findings, PLAIN)

    assert (lesion(assessed).status, lesion(assessed).type, lesion(assessed).fired) == ("decided", "not_calcinosis", (row,))
    assert lesion(assessed, "L2").type == "dystrophic"


def test_one_negative_examination_is_not_enough() -> None:
    assert lesion(judge({}, {"imaging_without_calcium": True})).type is None


def test_signs_of_albright_osteodystrophy_are_bone_until_shown_otherwise() -> None:
    found = lesion(judge({**WELL, **NO_AUTOIMMUNE, "albright_signs": True}, PLAIN))

    assert (found.status, found.candidates[0]) == ("open", "not_calcinosis")
    assert "bone_on_histology" in found.settle


def test_histology_without_bone_brings_back_every_candidate() -> None:
    """Bone suspected and then excluded must not leave one candidate standing, and its options acceptable, while exposure is unasked."""
    unasked = {key: value for key, value in PLAIN.items() if key != "any_exposure_at_site"}
    suspected = {**unasked, "any_injury_at_site": True, "trabeculae_on_imaging": True}
    found = lesion(judge({**WELL, **HIGH, **NO_AUTOIMMUNE}, {**suspected, "bone_on_histology": False}))

    assert (found.status, set(found.candidates)) == ("open", {"iatrogenic", "mixed"})


# --- coexisting causes (a.4) ----------------------------------------------------------------------
def test_systemic_sclerosis_with_kidney_failure_and_high_phosphate_is_mixed() -> None:
    assert lesion(judge({**DIALYSIS, **HIGH, "ssc": True, "any_connective_tissue_disease": True}, PLAIN)).type == "mixed"


def test_systemic_sclerosis_with_ckd_g3_and_normal_values_untreated_is_dystrophic() -> None:
    rate = {"egfr": {"value": 45, "unit": "mL/min/{1.73_m2}"}}
    without_group = {key: value for key, value in WELL.items() if key not in ("any_mineral_disease", "ckd34", "creatinine")}
    known: Findings = {**without_group, **rate, "ckd34": True, "ssc": True}
    denied = dict.fromkeys([one for one in load().facts["any_mineral_disease"].members if one not in known], False)
    local: Findings = {**PLAIN, "st_tumoral_hp": False, "st_tumoral_uraemic": False}

    assert lesion(judge({**denied, **known}, local)).type == "dystrophic"


def test_a_leak_in_kidney_disease_with_high_phosphate_is_iatrogenic_with_a_metabolic_contributor() -> None:
    leak: Findings = {**NO_SKIN_SIGN, "extravasation_ca": True, "any_injury_at_site": False, "calcification_on_imaging": True}
    found = lesion(judge({**DIALYSIS, **HIGH}, leak))

    assert found.type == "iatrogenic"
    assert "metabolic_contributor" in found.marks


def test_lupus_panniculitis_with_vitamin_d_toxicity_is_mixed() -> None:
    toxic: Findings = {"hypervit_d": True, "ca_ionised": mmol(Decimal("1.5")), "phosphate": mmol(1), "sle": True}

    assert lesion(judge({**toxic, **NO_BONE}, {**PLAIN, "any_injury_at_site": None, "lupus_pann": True})).type == "mixed"


def test_a_newborn_with_low_calcium_treated_by_drip_is_iatrogenic() -> None:
    newborn: Findings = {"ca_total": mmol(Decimal("1.80")), "phosphate": mmol(2), "peripheral_calcium_or_phosphate_infusion": True}
    charted = judge(newborn, {"site": "hand", "infusion_site": "same"}, age={"age_days": 14})
    uncharted = judge(newborn, {"site": "hand", "infusion_site": "not_recorded"}, age={"age_days": 14})
    elsewhere = judge(newborn, {"site": "thigh", "infusion_site": "different"}, age={"age_days": 14})

    assert lesion(charted).type == "iatrogenic"
    assert lesion(uncharted).type == "iatrogenic"
    assert "probable" in lesion(uncharted).marks
    assert lesion(elsewhere).type is None


def test_papules_away_from_any_drip_after_a_liver_transplant_are_metastatic_by_transient_load() -> None:
    found = lesion(told(ROWS["C7c"]))

    assert found.type == "metastatic"
    assert {"transient_load", "probable"} <= set(found.marks)


def test_months_old_chalky_shoulder_masses_on_dialysis_are_metastatic_not_calciphylaxis() -> None:
    masses: Findings = {**PLAIN, "site": "shoulder", "form": "mass", "painful": True, "lesion_duration_weeks": {"value": 30, "unit": "wk"}}
    raised, controlled = (judge({**DIALYSIS, **values}, masses) for values in ({**IN_RANGE, **HIGH}, IN_RANGE))

    assert [lesion(one).type for one in (raised, controlled)] == ["metastatic", "metastatic"]
    assert [flags(one) for one in (raised, controlled)] == [set(), set()]
    assert "controlled" in lesion(controlled).marks


def test_an_indurated_violaceous_thigh_ulcer_on_dialysis_outranks_the_type() -> None:
    found = lesion(judge({**DIALYSIS, **HIGH}, {**NO_LOCAL_CAUSE, "site": "thigh", "violaceous_ulcer": True}))

    assert (found.status, found.type) == ("withheld", None)
    assert found.types == ("metastatic",), "listed second"


def test_dermatomyositis_with_low_calcium_from_vitamin_d_deficiency_is_dystrophic() -> None:
    found = lesion(judge({**WELL, "ca_total": mmol(Decimal("2.0")), "dm": True, "vitd25": {"value": 15, "unit": "nmol/L"}}, PLAIN))

    assert found.type == "dystrophic"
    assert "calcium_low" in found.marks


def test_systemic_sclerosis_on_dialysis_with_values_in_range_is_open_and_earlier_values_settle_it() -> None:
    found = lesion(judge({**DIALYSIS, **IN_RANGE, "any_connective_tissue_disease": True, "ssc": True}, PLAIN))

    assert found.status == "open"
    assert set(found.candidates) == {"mixed", "dystrophic"}
    assert set(found.settle[:2]) == {"phosphate_raised_at_onset", "calcium_raised_at_onset"}


def test_an_infected_deposit_on_dialysis_keeps_its_type() -> None:
    clean, infected = (judge({**DIALYSIS, **HIGH}, {**PLAIN, "infection_at_site": sick}) for sick in (False, True))

    assert lesion(clean).type == lesion(infected).type == "metastatic"
    assert "sepsis_or_infected_deposit" in flags(infected)


def test_dermatomyositis_with_raised_calcium_is_mixed() -> None:
    assert lesion(judge({**WELL, "ca_total": mmol(Decimal("2.9")), "dm": True}, PLAIN)).type == "mixed"


def test_a_childs_phosphate_is_judged_by_its_age() -> None:
    """1.7 mmol/L at 5 years: within 1.05 to 1.80. The adult limit, 1.45, does not apply."""
    child: Findings = {"jdm": True, "ca_total": mmol(Decimal("2.4")), "phosphate": mmol(Decimal("1.7")), **NO_MINERAL_HISTORY, **NO_BONE}

    assert lesion(judge(child, PLAIN, age=5)).type == "dystrophic"
    assert lesion(judge(child, PLAIN, age=25)).type == "mixed"


def test_high_phosphate_with_normal_kidneys_and_a_mass_near_a_joint_is_metastatic() -> None:
    found = judge({**NO_DISEASE, **HIGH, "hypoparathyroidism_or_pseudohypoparathyroidism": False}, {**PLAIN, "site": "hip", "form": "mass"})

    assert lesion(found).type == "metastatic"
    assert found.pictures.lesions["L1"].truth("hftc_branch") is True


def test_warfarin_decides_between_suspected_and_confirmed_by_the_sign() -> None:
    patches: Findings = {"unexplained_dark_patches": True, "skin_sign_within_12_weeks": True, "site": "thigh"}

    assert flags(judge({"drug_warfarin": True}, patches)) == {"calciphylaxis_suspected"}
    assert flags(judge({"drug_warfarin": True}, {"painful_livedo": True})) == {"calciphylaxis"}


# --- what a value may and may not do --------------------------------------------------------------
def test_a_missing_value_is_never_read_as_normal() -> None:
    for missing in ("ca_total", "phosphate"):
        findings = {key: value for key, value in {**WELL, "ssc": True}.items() if key != missing}
        assert lesion(judge(findings, PLAIN)).status == "open"


def test_a_low_value_neither_cancels_a_raised_one_nor_bars_a_type() -> None:
    low: Findings = {"ca_total": mmol(Decimal("2.0"))}

    assert lesion(judge({**WELL, **HIGH, **low, "ssc": True}, PLAIN)).type == "mixed"
    assert lesion(judge({**WELL, **low, "ssc": True}, PLAIN)).type == "dystrophic"


def test_a_normal_value_under_treatment_is_not_normal() -> None:
    found = lesion(judge({**WELL, "any_mineral_treatment": None, "drug_sevelamer": True, "ssc": True}, PLAIN))

    assert found.type != "dystrophic"
    assert lesion(judge({**WELL, **HIGH, "any_mineral_treatment": True, "ssc": True}, PLAIN)).type == "mixed", "a raised one types"


def test_idiopathic_needs_its_whole_negative_set() -> None:
    required = [
        "any_connective_tissue_disease",
        "any_autoimmune_feature",
        "any_predisposing_skin_disease",
        "any_mineral_disease",
        "creatinine",
    ]

    assert lesion(judge(NO_DISEASE, SCROTAL)).type == "idiopathic"
    for missing in required:
        findings = {
            key: value for key, value in NO_DISEASE.items() if key != missing and not (missing == "creatinine" and key.startswith("ckd"))
        }
        assert lesion(judge(findings, SCROTAL)).status == "open", missing
    for missing in ("any_exposure_at_site", "any_injury_at_site"):
        assert lesion(judge(NO_DISEASE, {key: value for key, value in SCROTAL.items() if key != missing})).status == "open", missing


def test_several_growing_lesions_need_the_extended_search_too() -> None:
    """ANA, CK, PTH and 25-OH-D. A positive ANA, a PTH raised by vitamin D deficiency and mild CKD do not exclude."""
    elsewhere: Findings = {**PLAIN, "site": "thigh", "form": "nodule", "growing": True, "lesion_count": "many"}
    searched: Findings = {
        "ana": {"value": 320, "unit": "{titer}"},
        "ck": {"value": 100, "unit": "U/L"},
        "pth": {"value": 9, "unit": "pmol/L"},
        "vitd25": {"value": 20, "unit": "nmol/L"},
    }

    assert lesion(judge(NO_DISEASE, elsewhere)).status == "open"
    assert lesion(judge({**NO_DISEASE, **searched}, elsewhere)).type == "idiopathic"


def test_an_exposure_after_the_lesion_or_elsewhere_is_no_exposure() -> None:
    infusion: Findings = {**NO_DISEASE, "peripheral_calcium_or_phosphate_infusion": True}
    hand: Findings = {**UNEXPOSED, "site": "hand"}
    late: Findings = {**hand, "infusion_site": "not_recorded", "weeks_from_infusion_to_lesion": {"value": 9, "unit": "wk"}}
    elsewhere: Findings = {**hand, "infusion_site": "different", "weeks_from_infusion_to_lesion": WEEKS_3}

    assert "C2u" in lesion(told(ROWS["C2u"])).fired
    assert lesion(judge(infusion, late)).types == ()
    assert "iatrogenic" not in lesion(judge(infusion, elsewhere)).candidates


# --- while it is open -----------------------------------------------------------------------------
def test_with_nothing_known_everything_is_possible_and_nothing_leads() -> None:
    found = lesion(judge())

    assert (found.status, found.candidates, found.leading) == (
        "open",
        ("iatrogenic", "mixed", "metastatic", "dystrophic", "idiopathic"),
        None,
    )
    assert found.candidates_exact
    assert found.no_lead == "nothing recorded points to one type yet"
    assert found.settle


@pytest.mark.parametrize(
    ("patient", "local", "leads"),
    [
        ({"ssc": True}, {}, "dystrophic"),
        ({"on_dialysis": True}, {}, "metastatic"),
        ({"ssc": True, "on_dialysis": True}, {}, "mixed"),
        ({"phosphate": mmol(2)}, {}, "metastatic"),
        ({"phosphate": mmol(2), "ssc": True}, {}, "mixed"),
        ({}, {"st_scrotal": True}, "idiopathic"),
        ({"liver_transplant": True}, {}, "metastatic"),
        ({"intensive_care_or_newborn_stay": True}, {}, "iatrogenic"),
        ({"albright_signs": True}, {}, "not_calcinosis"),
    ],
)
def test_what_leads_while_the_type_is_open(patient: Findings, local: Findings, leads: str) -> None:
    found = lesion(judge(patient, local))

    assert found.status == "open"
    assert found.leading is not None
    assert found.leading.type == leads
    assert leads in found.candidates


def test_an_infant_whose_exposures_are_not_known_leads_to_iatrogenic() -> None:
    found = lesion(judge(age={"age_days": 40}))

    assert found.leading is not None
    assert found.leading.type == "iatrogenic"


def test_a_leading_type_assumes_the_least_and_the_most_ordinary() -> None:
    """Systemic sclerosis: dystrophic, if calcium and phosphate are normal and untreated and nothing was injected here."""
    found = lesion(judge({"ssc": True}))

    assert found.leading is not None
    assert found.leading.assumes == (
        Assumed("site_exposure", "none"),
        Assumed("minerals_raised", False),
        Assumed("mineral_background", "untreated"),
    )


def test_confirming_what_was_assumed_decides_for_it() -> None:
    assert lesion(judge({**WELL, "ssc": True}, PLAIN)).type == "dystrophic"


def test_a_contradiction_is_never_assumed_away() -> None:
    found = lesion(judge({"ssc": True, "ca_total": {"flag": "normal"}, "phosphate": [mmol(Decimal("1.4")), mmol(Decimal("1.6"))]}))

    assert found.leading is None
    assert found.no_lead == "findings contradict each other: repeat or correct them before a type is assumed"
    assert found.settle[0] == "phosphate"
    assert "contradiction" in found.marks


def test_urate_raised_and_calcium_not_shown_lets_no_type_lead() -> None:
    found = lesion(judge({"urate": {"value": 600, "unit": "umol/L"}, "ssc": True}))

    assert found.leading is None
    assert found.no_lead is not None
    assert "tophus" in found.no_lead


# --- what settles it ------------------------------------------------------------------------------
def test_what_settles_it_can_be_entered_and_is_not_known_yet() -> None:
    facts = load().facts
    for findings in ({}, {"ssc": True}, {"on_dialysis": True}, {**WELL, "ssc": True}):
        assessed = judge(findings)
        for key in lesion(assessed).settle:
            assert key == "age_years" or not facts[key].derived, key
            assert key not in findings


def test_answering_what_settles_it_in_turn_ends_in_a_decision() -> None:
    """Systemic sclerosis; each question is answered with the most ordinary answer."""
    shared: dict[str, Any] = {"ssc": True}
    local: dict[str, Any] = {}
    answers: dict[str, Any] = {**NORMAL_MINERALS}
    for _ in range(25):
        found = lesion(judge(shared, local))
        if found.status == "decided":
            break
        key = found.settle[0]
        target = local if load().facts[key].scope == "lesion" else shared
        target[key] = answers.get(key, False)
    assert found.type == "dystrophic"


def test_a_decided_lesion_asks_only_what_its_marks_ask() -> None:
    assert lesion(judge({**WELL, "ssc": True}, PLAIN)).settle == ()
    assert lesion(judge({**WELL, "on_dialysis": True, "ssc": True}, {"electrode_paste": True})).settle[:2] == (
        "any_definite_skin_sign",
        "any_early_skin_sign",
    )


# --- marks ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("shown", ["chalky_discharge", "calcification_on_imaging", "calcification_on_biopsy"])
def test_calcification_that_was_not_shown_is_presumed(shown: str) -> None:
    assert "presumed" in lesion(judge({"ssc": True}, {})).marks
    assert "presumed" not in lesion(judge({"ssc": True}, {shown: True})).marks


def test_presumed_never_ends_the_evaluation() -> None:
    unseen = {key: value for key, value in PLAIN.items() if key != "calcification_on_imaging"}

    assert lesion(judge({**WELL, "ssc": True}, unseen)).type == "dystrophic"


def test_idiopathic_is_always_provisional() -> None:
    assert "provisional" in lesion(told(ROWS["C6"])).marks


def test_after_injections_the_mechanism_is_dystrophic() -> None:
    assert "mechanism_dystrophic" in lesion(told(ROWS["C2p"])).marks


def test_every_mark_has_its_words() -> None:
    seen = {mark for story in ROWS.values() for mark in lesion(told(story)).marks}

    assert seen <= set(MARKS)


# --- the case from its lesions --------------------------------------------------------------------
@pytest.mark.parametrize(
    ("patient", "locals_", "status", "type_"),
    [
        ({**WELL, "ssc": True}, (PLAIN, PLAIN), "decided", "dystrophic"),
        ({**WELL, "ssc": True}, (PLAIN, {"electrode_paste": True}), "several", None),
        ({**WELL, "ssc": True}, (PLAIN, {}), "open", None),
        ({**WELL, "ssc": True}, ({}, {"em_calciphylaxis": True}), "withheld", None),
    ],
)
def test_the_case_is_as_its_lesions(patient: Findings, locals_: tuple[Findings, Findings], status: str, type_: str | None) -> None:
    assessed = judge(patient, *locals_)

    assert (assessed.status, assessed.type) == (status, type_)


def test_in_one_patient_the_fingertips_can_be_dystrophic_and_the_forearm_iatrogenic() -> None:
    assessed = judge(
        {**WELL, "ssc": True}, {**PLAIN, "site": "fingertip"}, {**NO_SKIN_SIGN, "site": "cubital_fossa", "extravasation_ca": True}
    )

    assert [one.type for one in assessed.lesions] == ["dystrophic", "iatrogenic"]


def test_types_of_the_release_are_those_of_the_contract() -> None:
    assert set(TYPES) == {"dystrophic", "metastatic", "iatrogenic", "idiopathic", "mixed", "not_calcinosis"}


# --- look-alikes and tumours ----------------------------------------------------------------------
@pytest.mark.parametrize("mimic", ["mx_gout", "mx_xanthoma", "mx_tendon_vessel", "mx_myositis_ossificans", "mx_papules"])
def test_a_look_alike_keeps_idiopathic_from_being_decided(mimic: str) -> None:
    found = lesion(judge(NO_DISEASE, {**SCROTAL, mimic: True}))

    assert found.status == "open"
    assert set(found.candidates) == {"not_calcinosis", "idiopathic"}
    assert "calcification_on_biopsy" in found.settle


def test_a_biopsy_that_shows_calcium_excludes_the_look_alike() -> None:
    assert lesion(judge(NO_DISEASE, {**SCROTAL, "mx_papules": True, "calcification_on_biopsy": True})).type == "idiopathic"


def test_calcium_outside_the_skin_leads_to_not_calcinosis() -> None:
    leading = lesion(judge(NO_DISEASE, {**PLAIN, "mx_tendon_vessel": True})).leading

    assert leading is not None
    assert leading.type == "not_calcinosis"


def test_a_tumour_at_the_site_is_a_local_cause() -> None:
    assert lesion(judge(NO_DISEASE, {**PLAIN, "any_injury_at_site": None, "mx_malignancy": True})).type == "dystrophic"


def test_a_suspected_tumour_keeps_idiopathic_from_being_decided() -> None:
    found = lesion(judge(NO_DISEASE, {**SCROTAL, "atypical_mass": True}))

    assert (found.status, found.candidates, found.settle[0]) == ("open", ("idiopathic",), "calcification_on_biopsy")


def test_a_tumoral_mass_with_ordinary_phosphate_leads_to_idiopathic() -> None:
    leading = lesion(judge({}, {"st_tumoral_np": True})).leading

    assert leading is not None
    assert leading.type == "idiopathic"


# --- contradictions -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("patient", "local"),
    [
        ({"ssc": True, "ca_total": mmol(Decimal("2.4"), low=Decimal("1.15"), high=Decimal("1.3"))}, {}),
        ({**HIGH, "on_dialysis": True}, {"any_exposure_at_site": [True, False]}),
        ({**HIGH, "on_dialysis": True}, {"infusion_site": ["same", "different"]}),
        ({**HIGH, "any_connective_tissue_disease": [True, False]}, {}),
        ({**WELL, "any_mineral_treatment": [True, False], "ssc": True}, {"any_exposure_at_site": False}),
    ],
)
def test_nothing_is_assumed_about_what_contradicts_itself(patient: Findings, local: Findings) -> None:
    found = lesion(judge(patient, local))

    assert found.leading is None
    assert found.no_lead == "findings contradict each other: repeat or correct them before a type is assumed"


def test_a_stated_exposure_stands_against_a_general_no() -> None:
    assessed = judge({**WELL, "ssc": True}, {**PLAIN, "infusion_site": "same"})

    assert lesion(assessed).type == "iatrogenic"
    assert "any_exposure_at_site" in {one.fact for one in assessed.warnings}


# --- site-bound conditions given with the patient -------------------------------------------------
@pytest.mark.parametrize(
    ("condition", "flag"),
    [
        ("em_calciphylaxis", "calciphylaxis"),
        ("em_calciphylaxis_nonuraemic", "calciphylaxis"),
        ("critical_ischaemia", "critical_ischaemia"),
        ("osteomyelitis_abscess", "sepsis_or_infected_deposit"),
        ("mx_malignancy", "tumour_suspected"),
    ],
)
def test_danger_given_with_the_patient_counts_for_every_lesion(condition: str, flag: str) -> None:
    assessed = judge({"conditions": [condition]}, {}, {})

    assert {one.lesion for one in assessed.emergencies if one.key == flag} == {"L1", "L2"}
    assert condition in {one.fact for one in assessed.warnings}


def test_danger_that_one_lesion_denies_counts_for_the_others() -> None:
    assessed = judge({"conditions": ["em_calciphylaxis"]}, {"em_calciphylaxis": False}, {})

    assert [one.status for one in assessed.lesions] == ["open", "withheld"]


def test_danger_that_every_lesion_denies_is_a_contradiction() -> None:
    assessed = judge({"conditions": ["em_calciphylaxis"]}, {"em_calciphylaxis": False})

    assert [(one.fact, one.kind, one.lesion) for one in assessed.contradictions] == [("em_calciphylaxis", "answers_disagree", "L1")]


def test_another_condition_of_one_site_is_not_guessed() -> None:
    assessed = judge({**WELL, "conditions": ["neoplasm_cyst"]}, PLAIN, PLAIN)

    assert not any(one.type == "dystrophic" for one in assessed.lesions)
    assert "neoplasm_cyst" in {one.fact for one in assessed.warnings}


def test_what_is_said_not_to_be_known_is_not_covered_by_a_no() -> None:
    known = pictures({"drug_list_complete": True, "drug_clarithromycin": {"state": "unknown"}}).patient

    assert known.truth("drug_clarithromycin") is None
    assert known.truth("drug_ciclosporin") is False


def test_calcium_that_no_albumin_brings_into_range_is_raised_in_kidney_disease_too() -> None:
    assessed = judge({"ca_total": mmol(Decimal("3.3")), "creatinine": {"value": 180, "unit": "umol/L"}}, {"retiform_purpura": True})

    assert lesion(assessed).status == "withheld"


def test_calcium_from_outside_medicine_is_said_so() -> None:
    assert "external_calcium_contact" in lesion(judge({}, {"ca_contact": True})).marks
