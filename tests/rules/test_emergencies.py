"""Red flags (dossier, section e; C0 and C0b of a.3): what raises each of them, and what comes near and does not."""

from decimal import Decimal
from typing import Any, NamedTuple

import pytest

from clinical_rules.explanation.words import EMERGENCY_LABELS
from clinical_rules.pathway import PROCEDURES
from clinical_rules.release import load
from tests.rules.bedside import Findings, flags, judge, lesion, mmol, option

KEYS = {
    "calciphylaxis",
    "calciphylaxis_suspected",
    "sepsis_or_infected_deposit",
    "osteomyelitis_or_septic_joint",
    "critical_ischaemia",
    "extravasation_now",
    "hypercalcaemia_crisis",
    "hypocalcaemia_crisis",
    "compression",
    "bradycardia_or_block_on_diltiazem",
    "child_weak_swallow_or_breath",
    "newborn_fat_necrosis_calcium",
    "tumour_suspected",
    "visual_loss_on_minocycline",
    "colchicine_toxicity",
    "thiosulfate_toxicity",
    "renal_crisis",
    "swallow_pain_on_bisphosphonate",
    "jaw_bone_exposed",
    "anaphylaxis",
    "pregnancy_on_unsafe_drug",
    "critical_site",
}
"""The contract's emergencies."""

EARLY: Findings = {"unexplained_dark_patches": True, "skin_sign_within_12_weeks": True, "site": "thigh"}
NEWBORN = {"age_days": 12}


class Story(NamedTuple):
    """What raises a row, and the same with one thing changed, which does not."""

    patient: Findings
    lesion: Findings
    near_patient: Findings
    near_lesion: Findings
    age: Any = 48
    near_age: Any = None


def at_lesion(raises: Findings, near: Findings) -> Story:
    return Story({}, raises, {}, near)


def of_patient(raises: Findings, near: Findings, age: Any = 48) -> Story:
    return Story(raises, {}, near, {}, age)


def pressure(value: int) -> Findings:
    return {"value": value, "unit": "mm[Hg]"}


def drug_and_sign(drug: str, sign: str, age: Any = 48) -> Story:
    """The sign alone, without the drug, raises nothing."""
    return of_patient({drug: True, sign: True}, {sign: True}, age)


ROWS = {
    "C0.known": at_lesion({"em_calciphylaxis": True}, {"em_calciphylaxis": False}),
    "C0.known_nonuraemic": at_lesion({"em_calciphylaxis_nonuraemic": True}, {"em_calciphylaxis_nonuraemic": False}),
    "C0.histology": at_lesion({"vessel_calcification_on_histology": True}, {"calcification_on_biopsy": True}),
    "C0.major": Story({"on_dialysis": True}, {"retiform_purpura": True}, {"on_dialysis": False}, {"retiform_purpura": True}),
    "C0.minor": Story(
        {"obesity": True, "diabetes": True}, {"painful_livedo": True}, {"obesity": True, "diabetes": False}, {"painful_livedo": True}
    ),
    "C0b.early": Story({"on_dialysis": True}, EARLY, {"on_dialysis": True}, {**EARLY, "site": "fingertip"}),
    "C0b.definite": at_lesion({"indurated_dusky_plaque": True}, {"indurated_dusky_plaque": True, "confined_to_leak_site": True}),
    "E.infection.site": at_lesion({"pus_discharge": True}, {"ulcerated": True}),
    "E.infection.fever": Story({"fever": True}, {"ulcerated": True}, {"fever": True}, {"ulcerated": False}),
    "E.infection.sepsis": of_patient({"septic_signs": True}, {"fever": True}),
    "E.infection.hypotension": of_patient({"fever": True, "sbp": pressure(84)}, {"fever": True, "sbp": pressure(110)}),
    "E.bone.probe": at_lesion({"probing_to_bone_or_sinus": True}, {"ulcerated": True}),
    "E.bone.pain_infected": at_lesion({"bone_or_joint_pain": True, "infection_at_site": True}, {"bone_or_joint_pain": True}),
    "E.bone.pain_fever": Story({"fever": True}, {"bone_or_joint_pain": True}, {"fever": False}, {"bone_or_joint_pain": True}),
    "E.ischaemia": at_lesion({"site": "toe", "critical_digital_ischaemia": True}, {"site": "thigh", "critical_digital_ischaemia": None}),
    "E.ischaemia.necrosis": Story(
        {"ssc": True}, {"site": "fingertip", "skin_necrosis": True}, {"ssc": True}, {"site": "thigh", "skin_necrosis": True}
    ),
    "E.leak.now": at_lesion({"calcium_leak_now": True}, {"calcium_leak_now": False}),
    "E.leak.hours": at_lesion(
        {"extravasation_ca": True, "hours_since_extravasation": {"value": 24, "unit": "h"}},
        {"extravasation_ca": True, "hours_since_extravasation": {"value": 25, "unit": "h"}},
    ),
    "E.leak.necrosis": at_lesion(
        {"extravasation_ca": True, "confined_to_leak_site": True, "skin_necrosis": True}, {"extravasation_ca": True, "skin_necrosis": True}
    ),
    "E.leak.necrosis.recorded": at_lesion(
        {"extravasation_ca": True, "skin_necrosis": True}, {"extravasation_ca": False, "skin_necrosis": True}
    ),
    "E.calcium_high.1": of_patient({"ca_adjusted": mmol(Decimal("3.50"))}, {"ca_adjusted": mmol(Decimal("3.49"))}),
    "E.calcium_high.2": of_patient({"ca_total": mmol(Decimal("3.50"))}, {"ca_total": mmol(Decimal("3.49"))}),
    "E.calcium_high.3": of_patient({"ca_ionised": mmol(Decimal("1.60"))}, {"ca_ionised": mmol(Decimal("1.59"))}),
    "E.calcium_high.4": of_patient(
        {"ca_adjusted": mmol(3), "hypercalcaemia_symptoms": True}, {"ca_adjusted": mmol(Decimal("2.99")), "hypercalcaemia_symptoms": True}
    ),
    "E.calcium_high.5": of_patient(
        {"ca_total": mmol(3), "hypercalcaemia_symptoms": True}, {"ca_total": mmol(Decimal("2.99")), "hypercalcaemia_symptoms": True}
    ),
    "E.calcium_high.6": of_patient({"ca_total": {"flag": "high"}, "hypercalcaemia_symptoms": True}, {"ca_total": {"flag": "high"}}),
    "E.calcium_low.1": of_patient({"ca_adjusted": mmol(Decimal("1.89"))}, {"ca_adjusted": mmol(Decimal("1.90"))}),
    "E.calcium_low.2": of_patient({"ca_ionised": mmol(Decimal("0.79"))}, {"ca_ionised": mmol(Decimal("0.80"))}),
    "E.calcium_low.3": of_patient({"ca_total": mmol(Decimal("1.74"))}, {"ca_total": mmol(Decimal("1.75"))}),
    "E.calcium_low.4": of_patient({"hypocalcaemia_symptoms": True}, {"hypocalcaemia_symptoms": False}),
    "E.compression": at_lesion({"limb_compartment_or_nerve_compression": True}, {"limits_function": True}),
    "E.diltiazem.1": drug_and_sign("drug_diltiazem", "syncope_or_new_block"),
    "E.diltiazem.2": of_patient(
        {"drug_diltiazem": True, "heart_rate": {"value": 39, "unit": "/min"}},
        {"drug_diltiazem": True, "heart_rate": {"value": 40, "unit": "/min"}},
    ),
    "E.diltiazem.3": of_patient(
        {"drug_diltiazem": True, "av_block_degree_without_pacemaker": 2}, {"drug_diltiazem": True, "av_block_degree_without_pacemaker": 1}
    ),
    "E.child_weak.1": of_patient({"jdm": True, "weak_swallow_or_breath": True}, {"weak_swallow_or_breath": True}, 20),
    "E.child_weak.2": Story({"weak_swallow_or_breath": True}, {}, {"weak_swallow_or_breath": True}, {}, 17, 18),
    "E.fat_necrosis.1": Story({}, {"fat_necrosis_newborn": True}, {}, {"fat_necrosis_newborn": True}, NEWBORN, 2),
    "E.fat_necrosis.2": Story(
        {"hard_birth_or_cooling": True}, {"form": "plaque"}, {"hard_birth_or_cooling": True}, {"form": "nodule"}, NEWBORN
    ),
    "E.tumour": at_lesion(
        {"lesion_count": "single", "form": "mass", "lesion_size": {"value": 51, "unit": "mm"}},
        {"lesion_count": "single", "form": "mass", "lesion_size": {"value": 50, "unit": "mm"}},
    ),
    "E.minocycline": drug_and_sign("drug_minocycline", "severe_headache_or_visual_disturbance"),
    "E.colchicine.1": drug_and_sign("drug_colchicine", "diarrhoea_or_vomiting"),
    "E.colchicine.2": drug_and_sign("drug_colchicine", "weakness_or_bruising"),
    "E.thiosulfate": drug_and_sign("drug_sodium_thiosulfate", "vomiting_drowsy_or_breathless"),
    "E.renal_crisis": of_patient({"ssc": True, "new_hypertension_with_kidney_injury": True}, {"new_hypertension_with_kidney_injury": True}),
    "E.swallow.1": drug_and_sign("drug_alendronate", "new_dysphagia_or_retrosternal_pain"),
    "E.swallow.2": drug_and_sign("on_oral_bisphosphonate", "new_dysphagia_or_retrosternal_pain"),
    "E.jaw": of_patient({"jaw_pain_or_exposed_bone": True}, {"invasive_dental_work_planned_or_poor_dentition": True}),
    "E.anaphylaxis": of_patient({"anaphylaxis_signs": True}, {"prior_anaphylaxis_to_immunoglobulin": True}),
    "E.pregnancy.1": drug_and_sign("on_warfarin", "pregnant", 30),
    "E.pregnancy.2": drug_and_sign("drug_methotrexate", "pregnant", 30),
    "E.pregnancy.3": drug_and_sign("drug_mycophenolate", "pregnant", 30),
    "E.pregnancy.4": drug_and_sign("drug_minocycline", "pregnant", 30),
    "E.pregnancy.5": drug_and_sign("drug_pamidronate", "pregnant", 30),
    "E.critical_site": at_lesion({"near_eye_airway_or_spine": True}, {"site": "eyelid"}),
}
BLOCKS = {row["id"]: row for row in load().content["tables"]["emergencies"]["row"]}


def raised_rows(story: Story, *, near: bool = False) -> set[str]:
    patient, lesion_findings = (story.near_patient, story.near_lesion) if near else (story.patient, story.lesion)
    age = story.near_age if near and story.near_age is not None else story.age
    return {row for flag in judge(patient, lesion_findings, age=age).emergencies for row in flag.because}


# --- every row ------------------------------------------------------------------------------------
def test_the_release_has_every_emergency_of_the_contract_and_no_other() -> None:
    assert {row["key"] for row in BLOCKS.values()} == KEYS == set(EMERGENCY_LABELS)


def test_every_row_has_its_story_here() -> None:
    assert set(ROWS) == set(BLOCKS)


@pytest.mark.parametrize("row", ROWS)
def test_a_case_that_raises_it(row: str) -> None:
    assert row in raised_rows(ROWS[row])


@pytest.mark.parametrize("row", ROWS)
def test_a_near_case_that_does_not(row: str) -> None:
    assert row not in raised_rows(ROWS[row], near=True)


@pytest.mark.parametrize("row", ROWS)
def test_a_flag_belongs_to_the_lesion_or_to_the_patient_and_says_what_to_do(row: str) -> None:
    story = ROWS[row]
    [flag] = [one for one in judge(story.patient, story.lesion, {}, age=story.age).emergencies if row in one.because]

    assert flag.key == BLOCKS[row]["key"]
    assert flag.lesion == ("L1" if BLOCKS[row]["scope"] == "lesion" else None)
    assert BLOCKS[row]["do"]
    assert BLOCKS[row]["sources"]


def test_nothing_known_raises_nothing() -> None:
    assert judge().emergencies == ()
    assert judge(age=None, sex=None).emergencies == ()


def test_dangers_stand_in_the_order_of_the_table_most_urgent_first() -> None:
    found = judge({"on_dialysis": True, "anaphylaxis_signs": True}, {"near_eye_airway_or_spine": True, "retiform_purpura": True})

    assert [flag.key for flag in found.emergencies] == ["calciphylaxis", "anaphylaxis", "critical_site"]


# --- C0: the settings -----------------------------------------------------------------------------
SIGNS = ["retiform_purpura", "painful_livedo", "indurated_dusky_plaque", "violaceous_ulcer", "skin_necrosis"]
MAJOR: list[Findings] = [
    {"egfr": {"value": Decimal("29.9"), "unit": "mL/min/{1.73_m2}"}},
    {"on_dialysis": True},
    {"acute_kidney_injury": True},
    {"kidney_transplant_within_12_months": True},
    {"drug_warfarin": True},
    {"vitamin_k_antagonist_within_3_months": True},
    {"prim_hpt": True},
    {"sec_hpt": True},
    {"tert_hpt": True},
    {"ca_ionised": mmol(Decimal("1.40"))},
    {"phosphate": mmol(Decimal("1.80"))},
]
MINOR: list[Findings] = [
    {"obesity": True},
    {"diabetes": True},
    {"albumin": {"value": 29, "unit": "g/L"}},
    {"liver_disease": True},
    {"malignancy": True},
    {"sle": True},
    {"drug_prednisolone": True},
    {"protein_c_or_s_deficiency": True},
    {"rapid_weight_loss": True},
    {"iron_overload": True},
]


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("setting", MAJOR, ids=lambda one: next(iter(one)))
def test_a_definite_sign_in_a_major_setting_is_calciphylaxis(sign: str, setting: Findings) -> None:
    assessed = judge(setting, {sign: True, "site": "thigh"})

    assert "calciphylaxis" in flags(assessed)
    assert "calciphylaxis_suspected" not in flags(assessed), "confirmed stands above suspected"
    assert (lesion(assessed).status, lesion(assessed).type) == ("withheld", None)


@pytest.mark.parametrize("number", range(len(MINOR)))
def test_two_minor_settings_are_as_good_as_a_major_one_and_one_is_not(number: int) -> None:
    one, other = MINOR[number], MINOR[(number + 1) % len(MINOR)]

    assert "calciphylaxis" in flags(judge({**one, **other}, {"painful_livedo": True}))
    assert flags(judge(one, {"painful_livedo": True})) == {"calciphylaxis_suspected"}


def test_calciphylaxis_without_kidney_failure() -> None:
    """Warfarin and a painful livedo; warfarin and new dark patches are suspected only (a.4)."""
    assert "calciphylaxis" in flags(judge({"drug_warfarin": True}, {"painful_livedo": True}))
    assert flags(judge({"drug_warfarin": True}, EARLY)) == {"calciphylaxis_suspected"}


# --- C0b and its exclusions -----------------------------------------------------------------------
@pytest.mark.parametrize("sign", ["very_painful_or_fast_induration", "unexplained_dark_patches", "cellulitis_like_not_settling"])
def test_each_early_sign_in_a_major_setting_is_suspected(sign: str) -> None:
    assert flags(judge({"on_dialysis": True}, {sign: True, "skin_sign_within_12_weeks": True, "site": "buttock"})) == {
        "calciphylaxis_suspected"
    }


@pytest.mark.parametrize(
    "changed",
    [
        {"site": "forearm"},  # not a typical site
        {"skin_sign_within_12_weeks": False, "lesion_duration_weeks": {"value": 13, "unit": "wk"}},  # not recent
        {"calcification_on_imaging": True, "skin_colour_normal": True},  # a lump shown calcified under normal skin
        {"chalky_discharge": True, "skin_colour_normal": True},  # extruding chalk under normal skin
        {"confined_to_leak_site": True},
    ],
)
def test_an_early_sign_that_something_else_explains_is_not_suspected(changed: Findings) -> None:
    assert "calciphylaxis_suspected" in flags(judge({"on_dialysis": True}, EARLY))
    assert "calciphylaxis_suspected" not in flags(judge({"on_dialysis": True}, {**EARLY, **changed}))


def test_an_early_sign_without_a_major_setting_is_nothing_yet() -> None:
    assert flags(judge({"diabetes": True}, EARLY)) == set()


def test_how_long_it_has_been_there_tells_whether_it_is_recent() -> None:
    recent: Findings = {"unexplained_dark_patches": True, "site": "thigh", "lesion_duration_weeks": {"value": 12, "unit": "wk"}}

    assert flags(judge({"on_dialysis": True}, recent)) == {"calciphylaxis_suspected"}


def test_necrosis_of_a_finger_in_systemic_sclerosis_is_ischaemia_and_in_a_major_setting_calciphylaxis_as_well() -> None:
    finger: Findings = {"site": "finger", "skin_necrosis": True}
    denied: Findings = {
        "ssc": True,
        "on_dialysis": False,
        "ckd5": False,
        "acute_kidney_injury": False,
        "kidney_transplant": False,
        "vitamin_k_antagonist_within_3_months": False,
        "any_mineral_disease": False,
        "egfr": {"value": 80, "unit": "mL/min/{1.73_m2}"},
        "ca_ionised": mmol(Decimal("1.2")),
        "phosphate": mmol(1),
    }

    assert flags(judge(denied, finger)) == {"critical_ischaemia"}
    assert flags(judge({"ssc": True, "on_dialysis": True}, finger)) == {"critical_ischaemia", "calciphylaxis"}


def test_necrosis_only_where_calcium_leaked_raises_the_leak_as_well() -> None:
    necrosis: Findings = {"extravasation_ca": True, "confined_to_leak_site": True, "skin_necrosis": True}

    assert flags(judge({"on_dialysis": True}, necrosis)) == {"calciphylaxis", "extravasation_now"}
    assert flags(judge({}, necrosis)) == {"extravasation_now"}


def test_months_old_chalky_masses_on_dialysis_are_no_calciphylaxis() -> None:
    masses: Findings = {
        "site": "shoulder",
        "form": "mass",
        "lesion_duration_weeks": {"value": 30, "unit": "wk"},
        "calcification_on_imaging": True,
        "skin_colour_normal": True,
        "painful": True,
        "any_definite_skin_sign": False,
    }

    assert not {"calciphylaxis", "calciphylaxis_suspected"} & flags(judge({"on_dialysis": True, "phosphate": mmol(2)}, masses))


# --- while it is only possible (contract, rule 1) -------------------------------------------------
def test_unasked_skin_signs_in_a_major_setting_are_marked_asked_first_and_hold_procedures_back() -> None:
    assessed = judge({"on_dialysis": True}, {"site": "thigh"})

    assert assessed.emergencies == ()
    assert "calciphylaxis_not_excluded" in lesion(assessed).marks
    assert lesion(assessed).settle[:2] == ("any_definite_skin_sign", "any_early_skin_sign")
    procedures = [one for one in assessed.options if load().treatments[one.treatment].category in PROCEDURES]
    assert {one.status for one in procedures} <= {"unassessable", "blocked", "not_indicated"}


def test_the_mark_goes_when_the_skin_was_looked_at() -> None:
    looked = judge({"on_dialysis": True}, {"site": "thigh", "any_definite_skin_sign": False, "any_early_skin_sign": False})

    assert "calciphylaxis_not_excluded" not in lesion(looked).marks
    assert "any_definite_skin_sign" not in lesion(looked).settle


def test_only_c0_withholds_the_type() -> None:
    suspected = judge({"on_dialysis": True}, EARLY)
    infected = judge({}, {"infection_at_site": True})

    assert lesion(suspected).status == "open"
    assert "provisional" in lesion(suspected).marks
    assert lesion(infected).status == "open"


# --- what emergencies do to the pathway (contract, rule 2) ----------------------------------------
@pytest.mark.parametrize("signs", [{"retiform_purpura": True}, EARLY], ids=["C0", "C0b"])
def test_calciphylaxis_confirmed_or_suspected_blocks_all_that_is_elective(signs: Findings) -> None:
    assessed = judge({"on_dialysis": True}, {"site": "thigh", **signs}, {"site": "finger"})
    release = load()
    forwarded = {name for flag in assessed.emergencies for row in flag.because for name in BLOCKS[row].get("forward", ())}
    elective = [
        one
        for one in assessed.options
        if release.treatments[one.treatment].content["treatment"].get("elective") and one.treatment not in forwarded
    ]

    assert elective
    assert {one.status for one in elective} <= {"blocked", "not_indicated"}, "of every lesion, not only of this one"


def test_another_flag_blocks_elective_procedures_at_its_lesion_only_and_no_drug() -> None:
    base: Findings = {"site": "elbow", "painful": True, "lesion_count": "single", "lesion_margin_ill_defined": False}
    known: Findings = {
        "ssc": True,
        "ca_total": {"flag": "normal"},
        "phosphate": {"flag": "normal"},
        "any_mineral_disease": False,
        "any_mineral_treatment": False,
    }
    clear: Findings = {
        **base,
        "any_exposure_at_site": False,
        "any_transient_mineral_load": False,
        "lesion_over_neurovascular_bundle": False,
    }
    assessed = judge(known, {**clear, "near_eye_airway_or_spine": True}, clear)

    assert option(assessed, "surgical_excision", "L1").status == "blocked"
    assert option(assessed, "surgical_excision", "L1").because == ("E.critical_site",)
    assert option(assessed, "surgical_excision", "L2").status != "blocked"
    assert "E.critical_site" not in option(assessed, "diltiazem").because


def test_the_flags_own_row_puts_its_procedure_forward() -> None:
    compression = judge({}, {"limb_compartment_or_nerve_compression": True})

    assert option(compression, "surgical_excision").phase == "act_now"
    assert option(compression, "surgical_excision").status != "not_indicated"
    assert "E.compression" not in option(compression, "surgical_excision").held_back_by
    assert option(compression, "co2_laser").status in ("blocked", "not_indicated")


def test_every_treatment_that_a_row_puts_forward_is_one_of_the_release() -> None:
    named = {name for row in BLOCKS.values() for name in row.get("forward", ())}

    assert named <= set(load().treatments)


# --- unreliability removes "within", never danger --------------------------------------------------
ALBUMIN = {"value": 40, "unit": "g/L", "date": "2026-03-01"}


@pytest.mark.parametrize(
    ("patient", "flag"),
    [
        ({"ca_total": mmol(Decimal("3.2")), "albumin": ALBUMIN, "ca_adjusted": mmol(Decimal("3.6"))}, "hypercalcaemia_crisis"),
        ({"ca_total": mmol(Decimal("1.95")), "albumin": ALBUMIN, "ca_adjusted": mmol(Decimal("1.8"))}, "hypocalcaemia_crisis"),
        (
            {"ca_total": mmol(Decimal("3.3")), "albumin": [{**ALBUMIN, "value": 30}, {**ALBUMIN, "value": 45}]},
            "hypercalcaemia_crisis",
        ),
        (
            {"ca_total": [mmol(Decimal("2.4")), mmol(Decimal("3.4"))], "albumin": {**ALBUMIN, "value": 30}},
            "hypercalcaemia_crisis",
        ),
        ({"hypocalcaemia_symptoms": True, "ca_total": mmol(Decimal("2.3"))}, "hypocalcaemia_crisis"),
        ({"hypocalcaemia_symptoms": True, "ca_total": {"flag": "normal"}}, "hypocalcaemia_crisis"),
        ({"septic_signs": [True, False]}, "sepsis_or_infected_deposit"),
        (
            {"drug_diltiazem": True, "heart_rate": [{"value": 38, "unit": "/min"}, {"value": 70, "unit": "/min"}]},
            "bradycardia_or_block_on_diltiazem",
        ),
    ],
)
def test_the_most_alarming_end_counts(patient: Findings, flag: str) -> None:
    assert flag in flags(judge(patient))


def test_calciphylaxis_is_never_concluded_from_a_contradiction() -> None:
    assert not flags(judge({"on_dialysis": True}, {"retiform_purpura": [True, False]})) & {"calciphylaxis", "calciphylaxis_suspected"}


def test_without_an_albumin_no_end_of_a_guess_raises_an_alarm() -> None:
    assert not flags(judge({"ca_total": [mmol(Decimal("2.5")), mmol(Decimal("3.2"))]}))


def test_one_emergency_does_not_block_what_another_demands() -> None:
    """Compression of a nerve is operated on the same day, although the deposit is infected as well."""
    both = judge({}, {"limb_compartment_or_nerve_compression": True, "infection_at_site": True, "any_definite_skin_sign": False})

    assert option(both, "surgical_excision").status != "blocked" or "E.infection.site" not in option(both, "surgical_excision").because


def test_hours_since_a_leak_say_that_there_was_one() -> None:
    assert "extravasation_now" in flags(judge({}, {"hours_since_extravasation": {"value": 1, "unit": "h"}}))


def test_a_black_finger_is_critical_ischaemia_in_anybody() -> None:
    assert "critical_ischaemia" in flags(judge({}, {"site": "finger", "skin_necrosis": True}))
