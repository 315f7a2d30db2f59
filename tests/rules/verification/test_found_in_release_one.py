"""What verification found in release 1, each as the patient it would have harmed."""

from typing import Any

from clinical_rules.assessment import Assessment, assess
from clinical_rules.release import load

RELEASE = load()


def judged(patient: dict[str, Any], lesion: dict[str, Any]) -> Assessment:
    findings = {"age_years": 9, "sex": "female", "findings": patient}
    return assess({"id": "s", "on": "2026-03-02", "patient": findings, "lesions": [{"id": "L", "findings": lesion}]}, RELEASE)


def steps(found: Assessment) -> set[str]:
    return {one.step for one in found.steps}


def test_a_child_recorded_with_dermatomyositis_and_a_new_deposit_is_referred_like_one_with_the_juvenile_form() -> None:
    for disease in ("dm", "jdm"):
        assert "referral.paediatric_rheumatology" in steps(judged({disease: True}, {"growing": True}))
    assert "referral.paediatric_rheumatology" not in steps(judged({"dm": True}, {"growing": False, "lesion_duration_weeks": None}))


def test_a_tender_deposit_has_a_symptom_although_pain_was_not_asked() -> None:
    tender = judged({}, {"tender": True}).pictures.lesions["L"]
    painless = judged({}, dict.fromkeys(("painful", "ulcerated", "infection_at_site", "growing", "limits_function"), False))

    assert tender.truth("symptomatic") is True
    assert painless.pictures.lesions["L"].truth("symptomatic") is False, "no pain at all is no tenderness either"


def test_two_antiplatelet_drugs_on_the_drug_list_answer_the_question_about_them() -> None:
    def two(*drugs: str) -> Any:
        return judged({"drugs": list(drugs)}, {}).pictures.patient

    for drugs in (("drug_aspirin_low_dose", "drug_clopidogrel"), ("drug_aspirin_low_dose", "drug_dipyridamole_or_cilostazol")):
        assert two(*drugs).truth("on_dual_antiplatelet") is True
        assert two(*drugs).truth("bleeding_risk_high") is True
    assert two("drug_aspirin_low_dose").truth("on_dual_antiplatelet") is None


def test_the_fifteen_rules_of_the_dossier_are_all_promised() -> None:
    promised = {one.rule for one in RELEASE.statements}

    assert promised == {f"l.{number}" for number in range(1, 16)} | {"l.11b"}
