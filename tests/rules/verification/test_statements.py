"""The language of safety statements: what may be written, and what is refused with its remedy."""

import copy
from typing import Any

import pytest

from clinical_rules.assessment import assess
from clinical_rules.errors import ReleaseError
from clinical_rules.release import Release, load
from clinical_rules.verification import check_statements
from clinical_rules.verification.knowledge_states import Ranges
from clinical_rules.verification.promise import broken_by

PLAIN = {
    "id": "x",
    "rule": "l.5",
    "say": "never while calcium is low",
    "never": {"treatments": ["alendronate"], "status": "acceptable"},
    "while": [{"ca_adjusted_below_range": "true"}],
    "sources": ["LBL_ALEN"],
    "seen": True,
}


def release(**changed: Any) -> Release:
    content = copy.deepcopy(load().content)
    block = {**PLAIN, **changed}
    content["statements"] = [{name: value for name, value in block.items() if value is not None}]
    return Release(content)


def verdict(**changed: Any) -> str:
    (one,) = check_statements(release(**changed))
    return one.verdict


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"never": {"treatments": ["alendronat"], "status": "acceptable"}}, "treatment alendronat is none of this release"),
        ({"never": {"treatments": ["alendronate"], "status": "allowed"}}, "status is acceptable, cleared, or a list"),
        ({"never": {"treatments": ["alendronate"], "status": ["allowed"]}}, "status allowed is none"),
        ({"never": {"treatments": "elektive", "status": "acceptable"}}, "group of treatments elektive is none"),
        ({"never": {"types": ["mixd"]}}, "types mixd is none"),
        ({"never": {"flags": ["sepsis"]}}, "flags sepsis is none"),
        ({"never": {"steps": ["referral.nobody"]}}, "steps referral.nobody is none"),
        ({"never": {"facts": {"crcl": "> lots"}}}, "crcl"),
        ({"never": {"something": []}}, "say what"),
        ({"while": [{"calcium": "true"}]}, "calcium is no fact"),
        ({"while": [{"flag": "sepsis"}]}, "flag sepsis is none"),
        ({"while": [{"jurisdiction": "fr"}]}, "jurisdiction fr is none"),
        ({"unless": [{"crcl": "35 or more"}]}, "crcl"),
        ({"always": {"flags": ["calciphylaxis"]}}, "exactly one of never, always, data"),
        ({"whil": []}, "whil means nothing here"),
        ({"sources": None}, "lacks sources"),
        ({"never": None, "data": {"rows": ["C0.known"]}, "while": None}, "which words stand in which field"),
        ({"never": None, "data": {"unread": ["ca_x_p"]}}, "holds for everybody"),
    ],
)
def test_what_a_statement_cannot_mean_is_refused_with_the_remedy(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(ReleaseError, match="statement x") as refused:
        release(**changed)

    assert said in str(refused.value)


def test_two_statements_of_one_id_are_refused() -> None:
    content = copy.deepcopy(load().content)
    content["statements"] = [PLAIN, PLAIN]

    with pytest.raises(ReleaseError, match="stands twice"):
        Release(content)


def test_missing_is_part_of_a_promise() -> None:
    """While it is surely low, and unless it is surely not low, are two promises: the second speaks of those not yet asked too."""
    assert verdict() == "proved"
    assert verdict(**{"while": None, "unless": [{"ca_adjusted_below_range": "false"}]}) == "proved"
    # Vitamin D only warns: known to be low it needs a reason, not known it may be accepted.
    assert (
        verdict(**{"while": [{"vitd25": "< 50"}], "never": {"treatments": ["alendronate"], "status": ["offered", "caution"]}}) == "proved"
    )
    assert verdict(**{"while": None, "unless": [{"vitd25": ">= 50"}]}) == "refuted"


def test_what_holds_at_one_lesion_need_not_hold_at_another() -> None:
    laser = {"treatments": ["co2_laser"], "status": "acceptable"}
    infected = [{"infection_at_site": "true"}]

    assert verdict(**{"while": infected, "never": laser}) == "proved"
    assert verdict(**{"while": infected, "never": laser, "anywhere": True}) == "refuted"


def test_of_several_lesions_the_witness_shows_two() -> None:
    (one,) = check_statements(
        release(
            **{"while": [{"infection_at_site": "true"}], "never": {"treatments": ["co2_laser"], "status": "acceptable"}, "anywhere": True}
        )
    )

    assert one.witness is not None
    assert [lesion["id"] for lesion in one.witness["lesions"]] == ["L1", "L2"]


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        ({"rows": ["C0b.early"], "say": {"urgency": "within 24 hours"}}, "proved"),
        ({"rows": ["C0b.early"], "say": {"urgency": "same day"}}, "refuted"),
        ({"unread": ["ca_x_p"]}, "proved"),
        ({"unread": ["phosphate_status"], "in": ["classification"]}, "refuted"),
        ({"bands": ["phosphate"]}, "proved"),
        ({"category": "avoid", "treatments": ["warfarin_low_dose"]}, "proved"),
        ({"category": "avoid", "treatments": ["diltiazem"]}, "refuted"),
        ({"not_offered": ["warfarin_low_dose"]}, "proved"),
        ({"not_offered": ["diltiazem"]}, "refuted"),
    ],
)
def test_the_data_of_the_release_itself(data: dict[str, Any], wanted: str) -> None:
    assert verdict(**{"never": None, "while": None, "data": data}) == wanted


def test_a_range_that_is_missing_for_an_age_is_seen() -> None:
    content = copy.deepcopy(load().content)
    phosphate = next(one for one in content["laboratory"] if one["key"] == "phosphate")
    phosphate["bands"].remove(next(one for one in phosphate["bands"] if one["age_days"][0] > 0))
    content["statements"] = [
        {**{name: value for name, value in PLAIN.items() if name not in ("never", "while")}, "data": {"bands": ["phosphate"]}}
    ]
    (one,) = check_statements(Release(content))

    assert one.verdict == "refuted"
    assert "no range from day" in one.why


def test_a_table_that_reads_its_own_result_is_not_proved_but_said() -> None:
    content = copy.deepcopy(load().content)
    content["statements"] = [PLAIN]
    content["tables"]["emergencies"]["row"][0]["when"] = {"lesion_type": "mixed"}
    (one,) = check_statements(Release(content))

    assert one.verdict == "not_proved"
    assert "stands only after it" in one.why


DIALYSED = {"while": [{"on_dialysis": "true"}], "never": {"facts": {"egfr": ">= 60"}}}
"""True of everybody only because an implication says so; a rate that was stated is taken as stated."""


def test_a_proof_that_needs_the_implications_says_so() -> None:
    (one,) = check_statements(release(**DIALYSED))
    stated = {"on_dialysis": True, "egfr": {"value": 90, "unit": "mL/min/{1.73_m2}"}}
    case = {"on": "2026-03-02", "patient": {"findings": stated}, "lesions": [{"id": "L1", "findings": {}}]}
    found = assess(case, release(**DIALYSED))

    assert (one.verdict, one.allowed_only) == ("proved", True)
    assert "dialysis_clearance" in one.rests_on
    assert broken_by(load(), Ranges(load()), release(**DIALYSED).statements[0], found), "such a patient is assessed as recorded"


def test_release_1_keeps_its_promises_to_patients_who_contradict_an_implication_too() -> None:
    results = check_statements(load())

    assert {one.verdict for one in results} == {"proved"}
    assert not [one.id for one in results if one.allowed_only]


def test_a_lesions_question_that_covers_the_patient_is_not_proved_but_said() -> None:
    """Its no would answer for a fact of the patient at one lesion only."""
    content = copy.deepcopy(load().content)
    question = next(one for one in content["facts"] if one["key"] == "any_exposure_at_site")
    question["members"] = [*question["members"], "on_warfarin"]
    (one,) = check_statements(Release(content), only=["l.2.stop"])

    assert one.verdict == "not_proved"
    assert "any_exposure_at_site covers on_warfarin of the patient" in one.why


@pytest.mark.parametrize("where", ["list", "gate of a later stage"])
def test_no_row_means_the_lists_and_later_gates_too(where: str) -> None:
    content = copy.deepcopy(load().content)
    content["statements"] = [{**PLAIN, "data": {"unread": ["aluminium"]}}]
    for key in ("never", "while"):
        del content["statements"][0][key]
    assert check_statements(Release(content))[0].verdict == "proved"
    if where == "list":
        content["lists"]["referrals"][0]["any"] = [{"aluminium": "> 2"}]
    else:
        content["treatments"]["diltiazem"]["gate"].append(
            {"row": "later", "stage": "on_treatment", "severity": "caution", "when": {"aluminium": "> 2"}}
        )

    assert check_statements(Release(content))[0].verdict == "refuted"
