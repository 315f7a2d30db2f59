"""From an assessment to sentences: why, why not, how near it was, what is missing, and the pathway in words."""

from decimal import Decimal
from typing import Any

import pytest

from clinical_rules.assessment import Assessment
from clinical_rules.explanation import Presentation, present
from clinical_rules.explanation.views import LesionView, OptionView, TestView
from clinical_rules.explanation.words import EMERGENCY_LABELS, MARKS, PHASE_LABELS, STATUS_LABELS, STATUS_TEXTS, plain_unit, say_test
from clinical_rules.pathway import PHASES, STATUSES
from clinical_rules.release import Release, load
from tests.rules.bedside import NO_BONE, NORMAL_MINERALS, Findings, healthy, judge, mmol

RELEASE = load()
SCLEROSIS: Findings = {**healthy(), "ssc": True, "any_connective_tissue_disease": True, "diagnosis_systemic_sclerosis": True}
WIDESPREAD: Findings = {**healthy(lesion=True), "site": "forearm", "form": "nodule", "lesion_count": "many", "painful": True}


def shown(assessed: Assessment) -> Presentation:
    return present(assessed, RELEASE)


def first(assessed: Assessment) -> LesionView:
    return shown(assessed).lesions[0]


def option(page: Presentation, treatment: str) -> OptionView:
    return next(one for phase in page.phases for one in phase.options if one.treatment == treatment)


# --- headlines ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("assessed", "headline"),
    [
        (judge(SCLEROSIS, WIDESPREAD), "Dystrophic"),
        (
            judge({**SCLEROSIS, "phosphate": mmol(2)}, {**WIDESPREAD, "calcification_on_imaging": False}),
            "Mixed (metastatic and dystrophic) \u2013 presumed",
        ),
        (judge(), "Cannot say yet"),
        (judge({"on_dialysis": True}, {"painful_livedo": True}), "Type withheld: an emergency stands above typing."),
        (judge({}, {"urate_crystals": True}), "Not calcinosis"),
    ],
    ids=["decided", "marked", "open", "withheld", "neighbour"],
)
def test_one_line_says_it(assessed: Assessment, headline: str) -> None:
    assert shown(assessed).headline.startswith(headline)


def test_an_open_lesion_says_what_leads_and_on_which_assumptions() -> None:
    page = shown(judge({"ssc": True}))

    assert page.headline == (
        "Cannot say yet: Dystrophic leads, if nothing was injected, infused or leaked at this site, calcium and phosphate are not raised "
        "and no mineral disease, treatment or load stands behind the values"
    )
    assert page.lesions[0].assumptions[0].text == "nothing was injected, infused or leaked at this site"
    assert [one.fact for one in page.lesions[0].assumptions[0].asks] == ["any_exposure_at_site"], "each assumption can be confirmed"


def test_several_lesions_are_named_each() -> None:
    assert shown(judge(SCLEROSIS, WIDESPREAD, {"any_exposure_at_site": True, "electrode_paste": True})).headline.startswith(
        "Several types. L1 \u00b7 forearm, nodules: Dystrophic; L2: Iatrogenic"
    )


@pytest.mark.parametrize(
    ("findings", "title"),
    [
        ({}, "L1"),
        ({"site": "hip", "side": "left", "ulcerated": True}, "L1 \u00b7 left hip, ulcer"),
        ({"site": "thigh", "side": "both", "form": "plaque"}, "L1 \u00b7 thigh, both sides, plaque"),
        ({"form": "nodule"}, "L1 \u00b7 nodules"),
    ],
)
def test_a_lesion_is_called_by_what_is_known_of_its_place(findings: Findings, title: str) -> None:
    assert first(judge({}, findings)).title == title


def test_what_cannot_wait_stands_apart_from_what_qualifies_the_type() -> None:
    lesion = first(judge({"on_dialysis": True}))

    assert [mark.key for mark in lesion.urgent] == ["calciphylaxis_not_excluded"]
    assert "presumed" in [mark.key for mark in lesion.qualifying]


# --- because, and why not -------------------------------------------------------------------------
def test_the_row_that_decided_is_shown_with_each_of_its_tests_in_this_patient() -> None:
    [row] = first(judge(SCLEROSIS, WIDESPREAD)).because

    assert (row.id, row.truth) == ("C5", True)
    assert row.sources == ("VISUALDX", "UTD_TX")
    assert {test.fact: (test.truth, test.known) for test in row.tests}["minerals_raised"] == (True, "no")


def test_why_not_names_the_nearest_row_and_how_near_it_was() -> None:
    """Phosphate 1.40 against a limit of 1.45."""
    near = first(judge({**SCLEROSIS, "phosphate": mmol(Decimal("1.40"))}, WIDESPREAD))
    texts = {one.type: one.text for one in near.why_not}

    assert "phosphate" in texts["mixed"]
    assert "1.40, limit 1.45 (0.05 short)" in texts["mixed"]
    assert texts["iatrogenic"].startswith("Not iatrogenic: ")
    assert "dystrophic" not in texts


def test_every_other_type_is_explained() -> None:
    assert {one.type for one in first(judge(SCLEROSIS, WIDESPREAD)).why_not} == {"iatrogenic", "mixed", "metastatic", "idiopathic"}


def test_what_settles_it_is_asked_as_a_question_at_its_place() -> None:
    settle = first(judge({"ssc": True})).settle

    assert all(one.question.endswith("?") or one.kind == "number" for one in settle)
    assert {one.scope: one.lesion for one in settle} == {"patient": None, "lesion": "L1"}


def test_a_result_that_is_too_old_is_shown_and_asked_again() -> None:
    page = shown(judge({"ssc": True, "phosphate": mmol(1, "2025-01-05")}))
    [asked] = [one for one in page.lesions[0].settle if one.fact == "phosphate"]

    assert asked.why == "the last result is too old (2025-01-05)"
    assert [(one.fact, one.state, one.position) for one in page.values] == [("phosphate", "too_old", "")]


# --- values ---------------------------------------------------------------------------------------
def test_a_value_is_shown_as_typed_and_as_judged() -> None:
    page = shown(judge({"phosphate": {"value": Decimal("9.7"), "unit": "mg/dL", "date": "2026-03-01"}}))
    [value] = page.values

    assert (value.typed, value.canonical, value.unit, value.position, str(value.taken)) == (
        "9.7 mg/dL",
        "3.13",
        "mmol/L",
        "above",
        "2026-03-01",
    )
    assert "0.84\u20131.45" in value.reference


def test_what_was_computed_says_from_what() -> None:
    values = {one.fact: one for one in shown(judge(NORMAL_MINERALS)).values if one.state == "computed"}

    assert values["ca_adjusted"].canonical == "2.35"
    assert values["ca_adjusted"].note.startswith("computed from calcium, total")
    assert values["egfr"].note == "computed from creatinine"
    assert values["ca_adjusted"].reference == "2.20\u20132.60 mmol/L"
    assert (values["ca_adjusted"].position, values["ca_adjusted"].position_text) == ("within", "in range")
    assert "mg\u00b2/dL\u00b2" in values["ca_x_p"].note


def test_contradictions_and_warnings_are_said_in_words() -> None:
    page = shown(judge({"phosphate": mmol(Decimal("1.1"), flag="high"), "ca_total": mmol(Decimal("4.6"))}))

    assert len(page.contradictions) == 1
    assert "the flag contradicts the number and its range (1.1 mmol/L, flagged high). Repeat or correct it." in page.contradictions[0]
    assert [(one.fact, one.value) for one in page.warnings] == [("ca_total", "4.6 mmol/L")]


# --- emergencies ----------------------------------------------------------------------------------
def test_an_emergency_says_why_what_to_do_and_how_soon() -> None:
    [flag] = shown(judge({"on_dialysis": True}, {"painful_livedo": True})).emergencies

    assert (flag.label, flag.urgency, flag.lesion) == ("Calciphylaxis", "same day", "L1")
    assert flag.say == "a definite skin sign in a major setting"
    assert flag.do.startswith("Same-day nephrology and dermatology.")


# --- the pathway ----------------------------------------------------------------------------------
def test_the_phases_stand_in_their_order_with_every_option_once() -> None:
    page = shown(judge(SCLEROSIS, WIDESPREAD))

    assert tuple(one.key for one in page.phases) == PHASES
    assert sum(len(one.options) for one in page.phases) == len(RELEASE.treatments)


def test_an_option_shows_indication_gates_dose_response_monitoring_and_stop_rules() -> None:
    found = option(shown(judge(SCLEROSIS, WIDESPREAD)), "diltiazem")

    assert (found.status_label, found.grade) == ("Offered", "IV")
    assert [row.id for row in found.indications if row.truth is True] == ["c1.18"]
    assert len(found.gates) == len(RELEASE.treatments["diltiazem"].gate_rows)
    assert {gate.truth for gate in found.gates} == {False}
    assert found.dose
    assert found.doses
    assert found.time_to_effect
    assert found.responses
    assert found.monitoring
    assert found.stops
    assert found.sources


def test_a_gate_shows_this_patients_value() -> None:
    found = option(shown(judge({**SCLEROSIS, "sbp": {"value": 85, "unit": "mm[Hg]", "date": "2026-03-01"}}, WIDESPREAD)), "diltiazem")
    [gate] = [one for one in found.gates if one.row == "diltiazem.contraindication.3"]

    assert (gate.truth, gate.asks, gate.known, gate.severity) == (True, "below 90 mmHg", "85 mmHg (2026-03-01)", "absolute")
    assert found.status_label == "Blocked"


def test_a_number_that_nobody_measured_says_what_it_follows_from() -> None:
    page = shown(judge({"on_dialysis": True}))
    assert {test.known for test in _gate_tests(page) if test.fact == "egfr"} == {
        "1.0 to 14.9 mL/min/1.73 m\u00b2 (follows from: on dialysis)"
    }


def _gate_tests(page: Presentation) -> list[TestView]:
    return [test for phase in page.phases for one in phase.options for gate in one.gates for test in gate.tests]


def test_what_the_evidence_speaks_against_says_so_and_shows_no_dose() -> None:
    for name in ("warfarin_low_dose", "phosphate_binder_calcium", "denosumab"):
        found = option(shown(judge(SCLEROSIS, WIDESPREAD)), name)
        assert (found.status, found.status_label) == ("blocked", "Never offered")
        assert found.status_text == "Never offered in this release: the evidence is against it."
        assert (found.dose, found.doses) == ("", ())


def test_reasons_that_hold_stand_apart_from_those_that_are_open() -> None:
    found = option(shown(judge({"ssc": True})), "wound_care_offload")

    assert {row.truth for row in found.reasons} <= {True}
    assert {row.truth for row in found.open_reasons} <= {None}
    assert len(found.reasons) + len(found.open_reasons) == len(found.indications)


def test_what_an_option_needs_is_asked_as_a_question() -> None:
    missing = {key: value for key, value in SCLEROSIS.items() if key != "sbp"}
    found = option(shown(judge(missing, WIDESPREAD)), "diltiazem")

    assert [(one.fact, one.scope) for one in found.needs] == [("sbp", "patient")]


def test_a_dose_that_must_not_be_shown_is_not_shown() -> None:
    assert "sts_iv.dose.5" not in {row["row"] for row in option(shown(judge(SCLEROSIS, WIDESPREAD)), "sts_iv").doses}


def test_a_held_back_option_says_by_what() -> None:
    page = shown(judge({"on_dialysis": True, "ssc": True}, {"painful_livedo": True, "site": "thigh"}))
    held = [one for phase in page.phases for one in phase.options if one.held_back]

    assert held
    assert {text for one in held for text in one.held_back} == {"a definite skin sign in a major setting"}


def test_every_step_has_a_text() -> None:
    for assessed in (judge(), judge({"on_dialysis": True}, {"painful_livedo": True}), judge(SCLEROSIS, WIDESPREAD)):
        for phase in shown(assessed).phases:
            assert all(step.text for step in phase.steps)


def test_a_step_has_a_title_and_a_referral_says_first_what_to_do() -> None:
    steps = {step.id: step for phase in shown(judge({"on_dialysis": True}, {"painful_livedo": True})).phases for step in phase.steps}

    assert steps["advice.tell_us"].title == "Tell us the same day"
    assert steps["work_up.radiograph"].title == "plain radiograph"
    assert steps["referral.nephrology.urgent"].title == "Refer to nephrology the same day"
    assert steps["referral.nephrology"].title == "Refer to nephrology within 2 weeks"
    assert steps["referral.nephrology"].text.startswith("because: eGFR below 30")
    [act] = [step for step in steps.values() if step.list == "emergencies"]
    assert (act.title, act.do) == ("Calciphylaxis", ""), "it stands at the top of the page, and once"


def test_a_source_is_called_by_first_author_and_year() -> None:
    said = shown(judge()).citations

    assert said["BAIR2011"] == "Bair 2011"
    assert said["SHARE2017"] == "Bellutti Enders 2017"
    assert said["ALGHAMDI_PUNCH"] == "AlGhamdi 2011"
    assert said["LBL_DILT"] == "Diltiazem oral prescribing information"
    assert (said["EXPERT_RULE"], said["SEED"]) == ("project proposal", "project text")
    assert set(said) == {one["key"] for one in RELEASE.content["references"]}


def test_each_due_check_says_what_who_and_when() -> None:
    for one in shown(judge(SCLEROSIS, WIDESPREAD)).schedule:
        assert one.what
        assert one.owner_role in ("nurse", "clinician", "pharmacist", "patient")
        assert one.from_ <= one.due <= one.until


# --- words ----------------------------------------------------------------------------------------
def test_every_status_phase_mark_and_emergency_has_words() -> None:
    assert set(STATUS_LABELS) == set(STATUS_TEXTS) == set(STATUSES)
    assert set(PHASE_LABELS) == set(PHASES)
    assert all(MARKS.values())
    assert set(EMERGENCY_LABELS) == {row["key"] for row in RELEASE.content["tables"]["emergencies"]["row"]}


@pytest.mark.parametrize(
    ("fact", "test", "words"),
    [
        ("raynaud", "true", "yes"),
        ("raynaud", "false", "no"),
        ("sbp", "< 90", "below 90 mmHg"),
        ("sbp", ">= 90", "at least 90 mmHg"),
        ("ca_adjusted", ">= 3.50", "at least 3.50 mmol/L"),
        ("lesion_count", "single, few", "one or a few (2 to 5)"),
        ("site", "not(scrotum)", "not scrotum"),
    ],
)
def test_a_test_is_said_in_words(fact: str, test: str, words: str) -> None:
    assert say_test(RELEASE, fact, test) == words


@pytest.mark.parametrize(
    ("unit", "plain"),
    [("mm[Hg]", "mmHg"), ("umol/L", "\u00b5mol/L"), ("10*9/L", "10\u2079/L"), ("a", "years"), ("{score}", ""), (None, "")],
)
def test_a_unit_is_written_as_people_write_it(unit: str | None, plain: str) -> None:
    assert plain_unit(unit) == plain


def test_intended_use_and_limits_stand_on_every_result() -> None:
    page = shown(judge())

    assert page.intended_use
    assert "Not for emergencies" in page.not_for
    assert page.limits
    assert (page.release_number, page.release_hash) == (1, RELEASE.hash)


def test_another_release_does_not_explain_this_assessment() -> None:
    other = Release({**RELEASE.content, "title": "another"})

    with pytest.raises(ValueError, match="did not make this assessment"):
        present(judge(), other)


@pytest.mark.parametrize(
    "assessed",
    [
        judge(age=None, sex=None),
        judge({"ssc": True, **NO_BONE}),
        judge({"phosphate": [mmol(Decimal("1.4")), mmol(Decimal("1.6"))]}, {}, {"mx_osteoma": True}),
        judge({"ca_total": mmol(Decimal("2.4"), low=Decimal("1.15"), high=Decimal("1.33"))}, age={"age_days": 9}),
    ],
)
def test_whatever_is_known_can_be_put_into_words(assessed: Any) -> None:
    assert shown(assessed).headline
