"""The story, the lanes and the lesions: everything that happened, newest first, with the page where it stands."""

import re
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse

from calcinosis_app.accounts.models import User
from calcinosis_app.assessments.actions import assess_case, decide_step, sign, start_review
from calcinosis_app.desk.chart.lanes import Lane, lanes_of
from calcinosis_app.desk.chart.record import Record
from calcinosis_app.followups.actions import close_reminder, sweep
from calcinosis_app.patients.actions import add_lesion, record, remove_lesion, save_entry
from calcinosis_app.patients.models import Patient
from tests.cast import SignIn
from tests.factories.assessment import OFFERED, make_assessment, make_plan
from tests.factories.case import make_case, only_lesion, record_finding
from tests.factories.laboratory import csv_of as file_of
from tests.factories.laboratory import imported, result_of
from tests.factories.patient import make_patient
from tests.factories.reminder import ONCE, make_reminders
from tests.factories.results import record_result

pytestmark = pytest.mark.usefixtures("release")
TODAY = date(2026, 3, 20)


def story(sign_in: SignIn, user: User, patient: Patient) -> str:
    page = sign_in(user).get(reverse("desk:chart", args=[patient.pk]))
    assert page.status_code == 200
    return str(page.text.partition('id="story"')[2].partition("</section>")[0])


def titles(told: str) -> list[str]:
    return re.findall(r'chart-entry__what"><p><b>(.*?)</b>', told)


def test_everything_is_told_newest_first_and_leads_on(sign_in: SignIn, clara: User) -> None:
    with time_machine.travel(datetime(2024, 5, 2, 9, tzinfo=UTC)) as now:
        case = make_case(clara, title="Fingertips")
        now.move_to(datetime(2024, 5, 3, 9, tzinfo=UTC))
        record_finding(clara, case, "phosphate", value="1.1", unit="mmol/L")
        now.move_to(datetime(2025, 6, 1, 9, tzinfo=UTC))
        first = assess_case(by=clara, case=case)
        now.move_to(datetime(2026, 1, 9, 9, tzinfo=UTC))
        record_finding(clara, case, "ssc", answer="yes")
        record_finding(clara, case, "on_dialysis", answer="no")
        now.move_to(datetime(2026, 1, 10, 9, tzinfo=UTC))
        plan = make_plan(clara, assess_case(by=clara, case=case))
        now.move_to(datetime(2026, 3, 1, 9, tzinfo=UTC))
        reminder = make_reminders(clara, plan)[ONCE]
        close_reminder(by=clara, reminder=reminder, outcome="done", text="seen & measured")
        told = story(sign_in, clara, case.patient)
    assert [title.split(" by ")[0] for title in titles(told)][1:] == [
        "Plan signed",
        "Assessed as of 10 Jan 2026",
        "2 findings recorded for Fingertips",
        "Assessed as of 1 Jun 2025",
        "1 finding recorded for Fingertips",
        "Lesion L1 of Fingertips added",
        "Fingertips opened",
    ]
    assert "seen &amp; measured" in told
    assert re.findall(r'chart-year__number">(\d+)', told) == ["2026", "2025", "2024"]
    assert told.count('<details class="fold chart-year" open>') == 2
    assert "1 case, 1 lesion, 1 entry of findings" in told
    for url in (
        reverse("desk:assessment", args=[first.pk]),
        reverse("desk:case", args=[case.pk]),
        reverse("patients:case", args=[case.pk]),
        reverse("followups:reminder", args=[reminder.pk]),
    ):
        assert f'href="{url}"' in told


def test_an_assessment_says_types_release_and_standing(sign_in: SignIn, clara: User) -> None:
    assessment = make_assessment(clara)
    told = story(sign_in, clara, assessment.case.patient)
    assert "L1: open, dystrophic leads" in told
    assert "Under release 1, by Dr Clara Winter" in told
    assert "open</span>" in told


def test_a_review_says_what_was_decided_and_an_open_one_that_it_is_not_signed(sign_in: SignIn, clara: User) -> None:
    assessment = make_assessment(clara)
    review = start_review(by=clara, assessment=assessment)
    decide_step(by=clara, review=review, decision="decline", reason_group="patient_preference", **OFFERED)
    told = story(sign_in, clara, assessment.case.patient)
    assert "Review begun by Dr Clara Winter" in told
    assert "not signed" in told
    assert re.search(r"Declined: Wound care.*\(L1\), because the patient prefers otherwise", told)


def test_open_reminders_stand_above_the_story(sign_in: SignIn, clara: User) -> None:
    plan = make_plan(clara)
    sweep()
    page = sign_in(clara).get(reverse("desk:chart", args=[plan.assessment.case.patient_id])).text
    waiting = page.partition('id="waiting"')[2].partition("</section>")[0]
    assert waiting.count("<li>") == plan.reminders.count() > 3


def test_imported_results_name_their_laboratory_and_lead_to_the_import(sign_in: SignIn, clara: User, nadia: User) -> None:
    vera = make_patient(nadia)
    source = imported(nadia, file_of(result_of(vera)), "Central")
    told = story(sign_in, nadia, vera)
    assert "1 result imported from Central" in titles(told)
    assert f'href="{reverse("laboratory:import", args=[source.pk])}"' in told


def test_a_treatment_outside_the_days_shown_is_told(sign_in: SignIn, clara: User, vera: Patient) -> None:
    with time_machine.travel(datetime(2026, 3, 20, 9, tzinfo=UTC)):
        answered(clara, vera, "drug_warfarin", ("2019-01-01", "yes"), ("2019-03-01", "no"))
        record_result(clara, vera, "phosphate", value="1.1", unit="mmol/L", date="2026-03-01")
        page = sign_in(clara).get(reverse("desk:chart", args=[vera.pk])).text
    assert "Outside the days shown: Warfarin, yes on 1 Jan 2019; answered no on 1 Mar 2019." in page


def test_a_removed_lesion_stays_in_the_story_and_says_that_it_does_not_count(sign_in: SignIn, clara: User) -> None:
    case = make_case(clara)
    second = add_lesion(by=clara, case=case)
    record_finding(clara, case, "lesion_size", lesion=second, value="9", unit="mm")
    remove_lesion(by=clara, lesion=second)
    page = sign_in(clara).get(reverse("desk:chart", args=[case.patient_id]), {"show": "both"}).text
    assert "Lesion L2 of Fingertips removed" in page
    assert "does not count: the lesion was removed" in page


# --- lanes -----------------------------------------------------------------------------------------
def lane(patient: Patient, name: str, on: date = TODAY) -> Lane:
    return next(one for one in lanes_of(Record(patient), on) if one.name == name)


def answered(user: User, patient: Patient, key: str, *answers: tuple[str, str]) -> None:
    case = make_case(user, patient)
    lesion = only_lesion(case)
    of_lesion = key.startswith("calcium_or_phosphate_infusion")
    for slot, (day, answer) in enumerate(answers):
        save_entry(by=user, case=case, key=key, slot=slot, raw={"answer": answer, "date": day}, lesion=lesion if of_lesion else None)
    record(by=user, case=case)


@pytest.fixture
def vera(clara: User) -> Patient:
    return make_patient(clara)


def test_a_treatment_is_sure_between_two_yes_and_unsure_until_somebody_says_no(clara: User, vera: Patient) -> None:
    with time_machine.travel(datetime(2026, 3, 20, 9, tzinfo=UTC)):
        answered(clara, vera, "drug_warfarin", ("2025-01-01", "yes"), ("2025-03-01", "yes"), ("2025-06-01", "no"))
    found = lane(vera, "Warfarin")
    assert [(bar.kind, bar.start, bar.end) for bar in found.bars] == [
        ("sure", date(2025, 1, 1), date(2025, 3, 1)),
        ("unsure", date(2025, 3, 1), date(2025, 6, 1)),
    ]
    assert found.says == ("yes from 1 Jan 2025 to 1 Mar 2025; answered no on 1 Jun 2025",)


def test_a_drug_that_nobody_asked_of_again_ends_with_its_shelf_life(clara: User, vera: Patient) -> None:
    with time_machine.travel(datetime(2026, 3, 20, 9, tzinfo=UTC)):
        answered(clara, vera, "drug_warfarin", ("2025-01-01", "yes"))
        answered(clara, vera, "on_dialysis", ("2025-01-01", "yes"))
    assert lane(vera, "Warfarin").bars[-1].end == date(2025, 4, 1)
    assert "it counted until 1 Apr 2025" in lane(vera, "Warfarin").says[0]
    assert lane(vera, "On dialysis").bars[-1].end == TODAY
    assert "it counts until somebody answers no" in lane(vera, "On dialysis").says[0]


def test_an_exposure_stands_on_the_day_it_was_answered(clara: User, vera: Patient) -> None:
    with time_machine.travel(datetime(2026, 3, 20, 9, tzinfo=UTC)):
        answered(clara, vera, "calcium_or_phosphate_infusion_at_site", ("2026-02-01", "yes"))
    assert lane(vera, "Calcium or phosphate infusion at this site, L1").days[0][0] == date(2026, 2, 1)


def test_a_no_alone_draws_nothing(clara: User, vera: Patient) -> None:
    with time_machine.travel(datetime(2026, 3, 20, 9, tzinfo=UTC)):
        answered(clara, vera, "drug_warfarin", ("2025-01-01", "no"))
    assert [one.name for one in lanes_of(Record(vera), TODAY)] == []


def test_a_signed_plan_is_a_lane_until_a_later_one_ends_it(clara: User) -> None:
    with time_machine.travel(datetime(2026, 1, 10, 9, tzinfo=UTC)) as now:
        plan = make_plan(clara)
        patient = plan.assessment.case.patient
        name = next(one.name for one in lanes_of(Record(patient), TODAY) if one.kind == "plan")
        assert name.endswith(", L1")
        assert lane(patient, name).bars[0].end == TODAY
        now.move_to(datetime(2026, 2, 1, 9, tzinfo=UTC))
        review = start_review(by=clara, assessment=assess_case(by=clara, case=plan.assessment.case))
        decide_step(by=clara, review=review, decision="decline", reason_group="patient_preference", **OFFERED)
        sign(by=clara, review=review)
    [bar] = lane(patient, name).bars
    assert (bar.start, bar.end) == (date(2026, 1, 10), date(2026, 2, 1))
    assert "declined on 1 Feb 2026" in bar.says
    assert [day for day, _, _ in lane(patient, "Reviews signed").days] == [date(2026, 1, 10), date(2026, 2, 1)]
