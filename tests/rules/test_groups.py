"""Questions that cover others: what a no says of the members, what one member says of the group, and what follows from what."""

import pytest

from clinical_rules.facts import Fact
from clinical_rules.release import load
from tests.rules.bedside import Findings, judge, lesion, may_be, pictures, spans

RELEASE = load()
GROUPS = [RELEASE.facts[group.fact] for scope in ("patient", "lesion") for group in RELEASE.groups[scope] if group.members]


def named(fact: Fact) -> str:
    return fact.key


def truth(key: str, patient: Findings | None = None, at_lesion: Findings | None = None, **about: object) -> bool | None:
    found = pictures(patient, at_lesion, **about)
    return found.lesions["L1"].truth(key) if RELEASE.facts[key].scope == "lesion" else found.patient.truth(key)


def where(fact: Fact, findings: Findings) -> tuple[Findings, Findings]:
    """The findings in the scope of a fact."""
    return (findings, {}) if fact.scope == "patient" else ({}, findings)


def asked(fact: Fact) -> dict[str, object]:
    """A patient of whom the group is asked: a woman of 30, an infant or a child where it belongs to them."""
    return {"age": {"childbearing": 30, "under_1_year": {"age_days": 30}, "onset_before_18": 9}.get(fact.applies or "", 48)}


# --- groups ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("group", GROUPS, ids=named)
def test_a_no_to_a_group_covers_its_members(group: Fact) -> None:
    about = asked(group)
    extra: Findings = {"site": "finger"} if group.key == "critical_digital_ischaemia" else {}
    patient, at_lesion = where(group, {group.key: False, **extra})

    members = [one for one in group.members if RELEASE.facts[one].scope == group.scope]
    assert [truth(one, patient, at_lesion, **about) for one in members] == [False] * len(members)


@pytest.mark.parametrize("group", GROUPS, ids=named)
def test_a_yes_to_a_member_is_a_yes_to_the_group_and_takes_its_no_back(group: Fact) -> None:
    about = asked(group)
    extra: Findings = {"site": "finger"} if group.key == "critical_digital_ischaemia" else {}
    for member in group.members:
        if RELEASE.facts[member].derived:
            continue
        given = {member: True, **extra}
        patient, at_lesion = where(RELEASE.facts[member], given)
        assert truth(group.key, patient, at_lesion, **about) is True, member
        patient, at_lesion = where(
            RELEASE.facts[member], {**given, group.key: False} if RELEASE.facts[member].scope == group.scope else given
        )
        assert truth(group.key, patient, at_lesion, **about) is True, f"{member} revokes the no"
        assert truth(member, patient, at_lesion, **about) is True


@pytest.mark.parametrize("group", GROUPS, ids=named)
def test_all_members_denied_deny_an_exhaustive_group_only(group: Fact) -> None:
    about = asked(group)
    extra: Findings = {"site": "finger"} if group.key == "critical_digital_ischaemia" else {}
    by_scope = {
        scope: {one: False for one in group.members if RELEASE.facts[one].scope == scope and not RELEASE.facts[one].derived}
        for scope in ("patient", "lesion")
    }
    denied = truth(group.key, by_scope["patient"], {**by_scope["lesion"], **extra}, **about)

    assert denied is (False if group.exhaustive else None)


def test_one_denied_member_says_nothing_of_the_group() -> None:
    assert truth("any_connective_tissue_disease", {"ssc": False}) is None


def test_a_yes_to_the_group_does_not_say_which() -> None:
    patient = pictures({"any_connective_tissue_disease": True}).patient

    assert patient.truth("any_connective_tissue_disease") is True
    assert patient.truth("ssc") is None


def test_groups_of_groups_pass_a_no_on() -> None:
    """No anticoagulant at all: no heparin, and so no dalteparin either."""
    patient = pictures({"anticoagulated": False}).patient

    assert [patient.truth(key) for key in ("on_warfarin", "on_heparin", "drug_warfarin", "drug_heparin")] == [False] * 4


def test_groups_of_groups_pass_a_yes_on() -> None:
    patient = pictures({"drug_apixaban": True}).patient

    assert [patient.truth(key) for key in ("on_direct_oral_anticoagulant", "on_other_anticoagulant", "anticoagulated")] == [True] * 3


def test_the_tumour_question_is_answered_by_the_person_first() -> None:
    """A growing single mass raises suspicion until imaging and histology say no."""
    growing: Findings = {"growing": True, "lesion_count": "single", "form": "mass"}

    assert truth("malignancy_suspected_at_site", {}, growing) is True
    assert truth("malignancy_suspected_at_site", {}, {**growing, "malignancy_suspected_at_site": False}) is False


def test_an_echocardiogram_answers_for_heart_failure() -> None:
    lvef = {"unit": "%"}

    assert truth("reduced_lvef_known_or_suspected", {"heart_failure_history_or_symptoms": True}) is True
    assert truth("reduced_lvef_known_or_suspected", {"heart_failure_history_or_symptoms": True, "lvef": {"value": 55, **lvef}}) is False
    assert truth("reduced_lvef_known_or_suspected", {"lvef": {"value": 39, **lvef}}) is True
    assert truth("reduced_lvef_known_or_suspected", {"heart_failure_history_or_symptoms": False}) is False
    assert truth("reduced_lvef_known_or_suspected") is None


def test_low_platelets_are_a_bleeding_risk() -> None:
    assert truth("bleeding_risk_high", {"platelets": {"value": 49, "unit": "10*9/L"}}) is True
    assert truth("bleeding_risk_high", {"platelets": {"value": 50, "unit": "10*9/L"}}) is None


# --- the drug list --------------------------------------------------------------------------------
def test_a_complete_drug_list_denies_every_drug_not_on_it() -> None:
    patient = pictures({"drugs": ["drug_diltiazem"], "drug_list_complete": True}).patient
    drugs = [fact.key for fact in RELEASE.facts.values() if fact.section == "drug_list"]

    assert [key for key in drugs if patient.truth(key) is True] == ["drug_diltiazem"]
    assert {patient.truth(key) for key in drugs if key != "drug_diltiazem"} == {False}
    assert patient.truth("on_pgp_or_strong_cyp3a4_inhibitor") is True
    assert patient.truth("on_strong_cyp3a4_inhibitor") is False


def test_an_incomplete_list_denies_nothing() -> None:
    assert truth("on_strong_cyp3a4_inhibitor", {"drugs": ["drug_diltiazem"]}) is None


def test_a_drug_list_counts_for_90_days() -> None:
    def listed(day: str) -> bool | None:
        return truth("drug_warfarin", {"drugs": {"yes": ["drug_warfarin"], "date": day}})

    assert listed("2025-12-02") is True
    assert listed("2025-12-01") is None


def test_an_old_complete_list_is_no_complete_list() -> None:
    old = {"value": True, "date": "2025-11-01"}

    assert truth("on_strong_cyp3a4_inhibitor", {"drug_list_complete": old}) is None


@pytest.mark.parametrize("drug", [one for one in RELEASE.content["drugs"] if one.get("groups")], ids=lambda one: str(one["code"]))
def test_each_drug_answers_the_questions_it_is_listed_under(drug: dict[str, object]) -> None:
    patient = pictures({str(drug["code"]): True}).patient

    assert {key: patient.truth(key) for key in list(drug["groups"])} == dict.fromkeys(list(drug["groups"]), True)


# --- facts made of two ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("planned", "pregnant", "both"),
    [
        (True, True, True),
        (True, False, False),
        (False, True, False),
        (False, None, False),
        (None, False, False),
        (True, None, None),
        (None, True, None),
    ],
)
def test_a_compound_holds_when_both_parts_do(planned: bool | None, pregnant: bool | None, both: bool | None) -> None:
    findings = {"methotrexate_planned_or_taken": planned, "pregnant": pregnant}

    assert truth("methotrexate_and_pregnant", findings, age=30) is both


def test_a_compound_number_does_not_apply_when_its_first_part_is_false() -> None:
    rate = {"value": 25, "unit": "mL/min/{1.73_m2}"}

    assert spans(pictures({"methotrexate_planned_or_taken": True, "egfr": rate}).patient, "methotrexate_and_egfr") == [("25.0", "25.0")]
    assert pictures({"methotrexate_planned_or_taken": False, "egfr": rate}).patient.truth("methotrexate_and_egfr") is False
    assert pictures({"egfr": rate}).patient.get("methotrexate_and_egfr") is None


# --- where a question makes no sense --------------------------------------------------------------
@pytest.mark.parametrize(
    ("key", "patient", "at_lesion", "about"),
    [
        ("pregnant", {}, {}, {"sex": "male"}),
        ("breastfeeding", {}, {}, {"age": 70}),
        ("postmenstrual_age_weeks", {}, {}, {"age": 5}),
        ("critical_digital_ischaemia", {}, {"site": "thigh"}, {}),
        ("simvastatin_daily_dose", {"drug_simvastatin": False}, {}, {}),
        ("nyha_class", {"heart_failure_history_or_symptoms": False}, {}, {}),
        ("hours_since_extravasation", {}, {"any_exposure_at_site": False, "calcium_leak_now": False}, {}),
        ("malformed_great_toes", {"first_lesion_before_18": False}, {}, {}),
    ],
)
def test_a_question_that_makes_no_sense_counts_as_no(key: str, patient: Findings, at_lesion: Findings, about: dict[str, object]) -> None:
    found = pictures(patient, at_lesion, **about)
    picture = found.lesions["L1"] if RELEASE.facts[key].scope == "lesion" else found.patient

    assert may_be(picture, key) == set()
    assert picture.truth(key) is False


# --- implications ---------------------------------------------------------------------------------
def satisfying(implication_id: str) -> tuple[Findings, Findings, Findings]:
    """Findings of patient and lesion that fulfil an implication, and what they imply."""
    blocks = [*RELEASE.content["implications"]]
    blocks += [
        {"id": f"{one['key']}.implies", "if": {one["key"]: "true"}, "then": dict.fromkeys(one["implies"], "true")}
        for one in RELEASE.content["conditions"]
        if one.get("implies")
    ]
    block = next(one for one in blocks if one["id"] == implication_id)
    patient: dict[str, object] = {}
    at_lesion: dict[str, object] = {}
    for key, test in block["if"].items():
        fact = RELEASE.facts[key]
        value: object = {"true": True, "false": False}.get(test, test.split(",")[0].strip())
        if fact.kind == "number":
            number = float(test.lstrip("<>= "))
            value = {"value": number - 1 if test.startswith("< ") else number, "unit": fact.unit}
        if key == "is_child":
            continue
        (patient if fact.scope == "patient" else at_lesion)[key] = value
    return patient, at_lesion, block["then"]


IMPLICATIONS = [one.id for scope in ("patient", "lesion") for one in RELEASE.implications[scope]]


@pytest.mark.parametrize("name", IMPLICATIONS)
def test_what_is_implied_becomes_known_unless_it_was_stated(name: str) -> None:
    patient, at_lesion, then = satisfying(name)
    found = pictures(patient, at_lesion, age=12)

    for key, test in then.items():
        if key in patient or key in at_lesion or (at_lesion and RELEASE.facts[key].scope == "patient"):
            continue  # stated already, or of one lesion: that says nothing of the patient
        picture = found.lesions["L1"] if RELEASE.facts[key].scope == "lesion" else found.patient
        assert picture.get(key) == RELEASE.possible(key, test), key


def test_a_stated_answer_is_not_overwritten_by_an_implication() -> None:
    assert truth("ckd5", {"on_dialysis": True}) is True
    assert truth("ckd5", {"on_dialysis": True, "ckd5": False}) is False


def test_no_impossible_patient_is_considered() -> None:
    """On dialysis: filtration is surely below 15, so a gate at 60 is surely closed, not open."""
    assert truth("kidney_failure", {"on_dialysis": True}) is True
    assert truth("adjustment_unreliable", {"on_dialysis": True}) is True
    assert truth("renal_or_hepatic_impairment", {"on_dialysis": True}) is True


# --- any lesion -----------------------------------------------------------------------------------
def test_a_lesions_fact_asked_of_the_patient_is_an_or_over_lesions() -> None:
    found = pictures({}, {"ulcerated": True}, {"ulcerated": False})
    unknown = pictures({}, {"ulcerated": False}, {})
    none = pictures({}, {"ulcerated": False}, {"ulcerated": False})

    assert [getattr(one.any_lesion("ulcerated"), "values", None) for one in (found, unknown, none)] == [
        frozenset({True}),
        None,
        frozenset({False}),
    ]


def test_the_facts_of_one_lesion_say_nothing_of_another() -> None:
    assessed = judge({}, {"site": "thigh", "retiform_purpura": True}, {"site": "finger"})

    assert "any_definite_skin_sign" not in lesion(assessed, "L1").settle
    assert assessed.pictures.lesions["L2"].truth("any_definite_skin_sign") is None
