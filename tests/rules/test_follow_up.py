"""When what is due: windows, states of the disease, and the checks of what could be accepted."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from clinical_rules.assessment import Assessment
from clinical_rules.follow_up import Due, next_window, window
from clinical_rules.pathway import ACCEPTABLE
from clinical_rules.release import load
from tests.rules.bedside import Findings, healthy, judge, mmol

RELEASE = load()
CHECKS = [dict(row) for row, _ in RELEASE.conditional["follow_up"]]
START = date(2026, 3, 2)


def due(assessed: Assessment, row: str) -> list[Due]:
    return [one for one in assessed.schedule if one.row == row]


def conditions(assessed: Assessment) -> set[tuple[str | None, str | None]]:
    return {(one.condition, one.lesion) for one in assessed.schedule if one.condition}


def days(windowed: tuple[date, date, date] | None) -> tuple[int, ...]:
    return tuple((day - START).days for day in windowed or ())


# --- windows --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("first", "repeat", "first_window", "later_window"),
    [
        ("0", None, (0, 0, 1), ()),
        ("7", ["90", "90"], (7, 7, 9), (90, 90, 108)),
        ("90", ["90", "180"], (90, 90, 180), (90, 90, 180)),
        ("365", ["365", "365"], (365, 365, 438), (365, 365, 438)),
        ("0.25", ["0.25", "1"], (0, 0, 1), (0, 0, 1)),
        ("1", ["1", "1"], (1, 1, 2), (1, 1, 2)),
    ],
)
def test_a_window_opens_on_the_day_due_and_closes_after_the_slack_of_its_interval(
    first: str, repeat: list[str] | None, first_window: tuple[int, ...], later_window: tuple[int, ...]
) -> None:
    """A fifth of the interval, or what the interval itself leaves open; a day at least."""
    row = {"first_due_days": first, **({"repeat_days": repeat} if repeat else {})}

    assert days(window(row, START)) == first_window
    assert days(next_window(row, START)) == later_window


@pytest.mark.parametrize("row", CHECKS, ids=lambda one: str(one["row"]))
def test_every_check_has_a_window_in_order_and_the_shorter_interval_counts(row: dict[str, object]) -> None:
    opens, on, until = window(row, START)

    assert START <= opens <= on < until
    again = next_window(row, START)
    if "repeat_days" in row:
        shorter, longer = (Decimal(str(one)) for one in row["repeat_days"])
        assert again is not None
        assert again[1] == START + timedelta(days=int(shorter))
        assert shorter <= longer
    else:
        assert again is None


# --- what belongs to the state of the disease -----------------------------------------------------
def test_everybody_has_a_baseline() -> None:
    for assessed in (judge(), judge({"ssc": True}), judge({}, {"urate_crystals": True})):
        assert [(one.condition, one.lesion, one.due) for one in due(assessed, "all.baseline.1")] == [("all", None, START)]


@pytest.mark.parametrize(
    ("patient", "local", "condition", "place"),
    [
        ({}, {}, "open_type", "L1"),
        ({"ssc": True}, {}, "systemic_sclerosis", None),
        ({"jdm": True}, {}, "juvenile_dermatomyositis", None),
        ({}, {"mx_osteoma": True}, "not_calcinosis", "L1"),
        ({}, {"heel_stick": True}, "heel_stick", "L1"),
        ({}, {"extravasation_ca": True}, "iatrogenic_calcium_risk", "L1"),
        ({}, {"fat_necrosis_newborn": True}, "fat_necrosis_newborn", "L1"),
        ({"on_dialysis": True}, {"painful_livedo": True}, "calciphylaxis", "L1"),
        ({}, {"painful_livedo": True}, "calciphylaxis_suspected", "L1"),
    ],
)
def test_a_state_of_the_disease_brings_its_checks(patient: Findings, local: Findings, condition: str, place: str | None) -> None:
    assert (condition, place) in conditions(judge(patient, local))
    assert (condition, place) not in conditions(judge({"sle": True}, {"lupus_pann": True, "injection_noncalcium": True}))


def test_metastatic_in_kidney_failure_and_without() -> None:
    cleared: Findings = {
        "any_exposure_at_site": False,
        "any_injury_at_site": False,
        "any_definite_skin_sign": False,
        "any_early_skin_sign": False,
    }
    denied: Findings = {
        "any_connective_tissue_disease": False,
        "any_predisposing_skin_disease": False,
        "albright_signs": False,
        "mx_php_bone": False,
    }
    high: Findings = {**denied, "phosphate": mmol(2), "pxe": False}

    assert ("metastatic_ckd", "L1") in conditions(judge({**high, "on_dialysis": True}, cleared))
    assert ("metastatic_other", "L1") in conditions(
        judge({**high, "ckd5": False, "ckd34": False, "creatinine": {"value": 70, "unit": "umol/L"}}, cleared)
    )


def test_every_state_of_a_check_is_one_that_the_release_can_find() -> None:
    states = {row["condition"] for row in RELEASE.content["tables"]["states"]["row"]}

    assert {row["condition"] for row in CHECKS if row.get("condition")} <= states | {"all", "calciphylaxis", "calciphylaxis_suspected"}
    assert states <= {row.get("condition") for row in CHECKS}, "a state without a check follows nothing up"


# --- what belongs to an option --------------------------------------------------------------------
def widespread() -> Assessment:
    sclerosis: Findings = {**healthy(), "ssc": True, "any_connective_tissue_disease": True, "diagnosis_systemic_sclerosis": True}
    return judge(sclerosis, {**healthy(lesion=True), "site": "forearm", "form": "nodule", "lesion_count": "many", "painful": True})


def test_only_what_could_be_accepted_is_scheduled() -> None:
    assessed = widespread()
    acceptable = {one.treatment for one in assessed.options if one.status in ACCEPTABLE}

    assert {one.treatment for one in assessed.schedule if one.treatment} == acceptable
    assert "diltiazem" in acceptable
    assert not due(assessed, "warfarin_low_dose.safety.1")
    assert not {one.treatment for one in judge().schedule if one.treatment}


def test_diltiazems_checks_with_their_days() -> None:
    assert [(one.row, (one.due - START).days) for one in widespread().schedule if one.treatment == "diltiazem"][:3] == [
        ("diltiazem.baseline.1", 0),
        ("diltiazem.safety.2", 7),
        ("diltiazem.response.3", 180),
    ]


def test_a_local_options_checks_belong_to_its_lesion() -> None:
    assessed = judge(
        {**healthy(), "ssc": True, "any_connective_tissue_disease": True}, {**healthy(lesion=True), "site": "elbow", "ulcerated": True}
    )

    assert {one.lesion for one in assessed.schedule if one.treatment == "wound_care_offload"} == {"L1"}


def test_the_schedule_is_in_the_order_of_its_days() -> None:
    for assessed in (judge(), widespread()):
        assert [one.due for one in assessed.schedule] == sorted(one.due for one in assessed.schedule)


def test_each_due_check_belongs_to_a_treatment_or_to_a_condition() -> None:
    for one in (*widespread().as_json()["schedule"], *judge().as_json()["schedule"]):
        assert ("treatment" in one) is not ("condition" in one)
        assert f"follow_up:{one['row']}" in RELEASE.rows
