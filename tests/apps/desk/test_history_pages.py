"""Who changed what and when, and an assessment as it was judged: what the pages say, and to whom."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from calcinosis_app.accounts.actions import grant_permission, set_roles
from calcinosis_app.accounts.models import User
from calcinosis_app.accounts.permissions import OVERRIDE_ABSOLUTE
from calcinosis_app.assessments.actions import assess_case, decide_step, start_review, withdraw_step
from calcinosis_app.assessments.models import Assessment, Review
from calcinosis_app.audit.models import Event
from calcinosis_app.core.acting import acting
from calcinosis_app.followups.actions import close_reminder, sweep
from calcinosis_app.followups.models import Reminder
from calcinosis_app.patients.actions import change_retention, hold_back, merge_patients, record, save_entry, unmerge_patients
from calcinosis_app.patients.models import Case
from tests.cast import SignIn
from tests.factories.assessment import OFFERED, OTHER_STEP, make_assessment, make_plan, make_sclerosis_case
from tests.factories.case import make_case, only_lesion, record_finding
from tests.factories.emergency import transferred
from tests.factories.patient import make_patient


def words(client: Client, name: str, *args: object, status: int = 200) -> str:
    """The page as a reader meets it, in one line."""
    response = client.get(reverse(name, args=args))
    assert response.status_code == status, name
    said = " ".join(strip_tags(response.content.decode().replace("<", " <")).split())
    return re.sub(r" ([.,:;])", r"\1", said)


def raw(sql: str, *parameters: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def test_a_change_past_the_application_is_shown_as_such(clara: User, sign_in: SignIn) -> None:
    patient = make_patient(clara, family_name="Alder")
    raw("UPDATE patients_patient SET family_name = 'Birch', birth_date = NULL WHERE id = %s", patient.pk)

    page = words(sign_in(clara), "desk:patient_history", patient.pk)

    assert "Outside the application as database role" in page
    assert "family name: Alder → became Birch" in page
    assert "→ became nothing" in page


def test_a_change_by_a_person_names_the_person_with_before_and_after(clara: User, nadia: User, sign_in: SignIn) -> None:
    case = make_case(clara)
    with acting(nadia):
        save_entry(by=nadia, case=case, key="phosphate", raw={"value": "9.8", "unit": "mg/dL"})
        save_entry(by=nadia, case=case, key="phosphate", raw={"value": "0.98", "unit": "mmol/L"})

    page = words(sign_in(nadia), "desk:case_history", case.pk)

    assert "Nadia Brook Typed: Phosphate, inorganic changed: 9.8 mg/dL → became 0.98 mmol/L" in page


def test_what_became_a_finding_is_not_told_as_removed(clara: User, sign_in: SignIn) -> None:
    case = make_case(clara)
    record_finding(clara, case, "phosphate", value="1.10", unit="mmol/L")

    page = words(sign_in(clara), "desk:case_history", case.pk)

    assert "Phosphate, inorganic recorded: 1.1 mmol/L" in page
    assert "Typed: Phosphate, inorganic" not in page


def test_a_corrected_finding_shows_its_chain(clara: User, nadia: User, sign_in: SignIn) -> None:
    case = make_case(clara)
    first = record_finding(clara, case, "phosphate", value="9.8", unit="mg/dL")
    second = record_finding(nadia, case, "phosphate", value="3.0", unit="mg/dL", corrects=str(first.pk))
    record_finding(clara, case, "phosphate", value="0.98", unit="mmol/L", corrects=str(second.pk))
    client = sign_in(clara)

    page = words(client, "desk:case_history", case.pk)

    assert page.index("9.8 mg/dL recorded") < page.index("3 mg/dL corrected") < page.index("0.98 mmol/L corrected")
    assert "Phosphate, inorganic corrected: 3 mg/dL → became 0.98 mmol/L" in page
    assert "corrected; was 9.8 mg/dL, then 3 mg/dL" in words(client, "patients:case", case.pk)


def test_the_history_of_an_assessment_tells_decisions_that_are_no_longer_there(clara: User, sign_in: SignIn) -> None:
    assessment = make_assessment(clara)
    review = start_review(by=clara, assessment=assessment)
    decide_step(by=clara, review=review, decision="accept", **OFFERED)
    decide_step(by=clara, review=review, decision="decline", reason_group="patient_preference", **OFFERED)
    withdraw_step(by=clara, review=review, **OFFERED)

    page = words(sign_in(clara), "desk:assessment_history", assessment.pk)

    assert "decision: accept → became decline" in page
    assert "reason: nothing → became the patient prefers otherwise" in page
    assert "removed" in page


def test_the_history_of_a_reminder_tells_how_it_was_closed(clara: User, sign_in: SignIn) -> None:
    make_plan(clara)
    sweep()
    reminder = Reminder.objects.order_by("due_on").first()
    assert reminder is not None
    close_reminder(by=clara, reminder=reminder, outcome="declined", text="Wants to wait", done_on=reminder.written_at.date())

    page = words(sign_in(clara), "desk:reminder_history", reminder.pk)

    assert "standing: open → became closed without being done" in page
    assert "text: nothing → became Wants to wait" in page


def test_an_administrator_sees_who_changed_rights(clara: User, ada: User, sign_in: SignIn) -> None:
    with acting(ada):
        set_roles(by=ada, user=clara, roles=["clinician", "nurse"])
        grant_permission(by=ada, user=clara, permission=OVERRIDE_ABSOLUTE)
    raw("INSERT INTO accounts_roleheld (user_id, role) VALUES (%s, 'administrator')", clara.pk)
    clara.set_password("another long one to keep")
    clara.save()
    client = sign_in(ada)

    for page in (words(client, "desk:person_history", clara.pk), words(client, "desk:clinic_history")):
        assert "Ada Moss" in page
        assert "Role nurse added" in page
        assert "Permission to accept an option past an absolute gate, with a reason added" in page
        assert "Role administrator added" in page
        assert "Outside the application" in page
        assert "What changed is a secret, which is not kept." in page
        assert "argon2" not in page


def test_the_history_of_either_record_tells_the_merge_the_other_one_and_the_hold(clara: User, ada: User, sign_in: SignIn) -> None:
    vera, double = make_patient(clara, number="A-17"), make_patient(clara, number="B-9", family_name="Lindt")
    with acting(ada):
        hold_back(by=ada, patient=double, reason="a dispute")
    with acting(clara):
        merge_patients(by=clara, survivor=vera, duplicate=double, reason="passport seen")
    merged = words(sign_in(clara), "desk:patient_history", vera.pk)
    for said in (
        "Merge of two records added merged: number B-9 into: number A-17 reason: passport seen",
        "Number B-9: Patient added",
        "family name: Lindt",
        "Number B-9: Hold against removal added reason: a dispute",
    ):
        assert said in merged, said
    with acting(clara):
        unmerge_patients(by=clara, duplicate=double, reason="two birth dates")
    for patient in (vera, double):
        page = words(sign_in(clara), "desk:patient_history", patient.pk)
        assert "Merge of two records changed reason to unmerge: nothing → became two birth dates unmerged: nothing → became" in page
    assert "Lindt" not in words(sign_in(clara), "desk:patient_history", vera.pk)


def test_the_history_of_the_clinic_tells_how_long_records_are_kept(ada: User, sign_in: SignIn) -> None:
    with acting(ada):
        change_retention(by=ada, years=30, until_age=25)
    page = words(sign_in(ada), "desk:clinic_history")
    assert "How long records are kept changed" in page
    assert "years after the last activity: 10 → became 30" in page
    assert "in any case until the age of: 28 → became 25" in page


def test_a_history_is_empty_of_what_changes_nothing(clara: User, sign_in: SignIn) -> None:
    case = make_case(clara)
    Case.objects.filter(pk=case.pk).update(title=case.title)
    assert "changed" not in words(sign_in(clara), "desk:case_history", case.pk).replace("Who changed what and when", "")


def test_a_long_history_has_pages(clara: User, sign_in: SignIn) -> None:
    patient = make_patient(clara)
    for number in range(101):
        with acting(clara):
            raw("UPDATE patients_patient SET given_name = %s WHERE id = %s", f"Given {number}", patient.pk)
    client = sign_in(clara)
    response = client.get(reverse("desk:patient_history", args=[patient.pk]), {"page": "2"})
    assert "Page 2 of 2" in response.content.decode()
    assert client.get(reverse("desk:patient_history", args=[patient.pk]), {"page": "x"}).status_code == 200


# --- to whom --------------------------------------------------------------------------------------
def things(clara: User) -> dict[str, object]:
    plan = make_plan(clara)
    sweep()
    reminder = Reminder.objects.first()
    assert reminder is not None
    case = plan.assessment.case
    return {
        "desk:patient_history": case.patient_id,
        "desk:case_history": case.pk,
        "desk:assessment_history": plan.assessment_id,
        "desk:reminder_history": reminder.pk,
    }


def test_another_clinics_history_is_not_there_and_the_wrong_role_hears_so(clara: User, sven: User, karl: User, sign_in: SignIn) -> None:
    stranger, curator, own = sign_in(sven), sign_in(karl), sign_in(clara)
    for name, key in things(clara).items():
        assert stranger.get(reverse(name, args=[key])).status_code == 404, name
        assert curator.get(reverse(name, args=[key])).status_code == 403, name
        assert own.get(reverse(name, args=[key])).status_code == 200, name


def test_the_history_of_people_is_the_administrators(clara: User, ada: User, sven: User, sign_in: SignIn) -> None:
    assert sign_in(clara).get(reverse("desk:person_history", args=[clara.pk])).status_code == 403
    assert sign_in(clara).get(reverse("desk:clinic_history")).status_code == 403
    assert sign_in(ada).get(reverse("desk:person_history", args=[sven.pk])).status_code == 404
    assert "Sven" not in words(sign_in(ada), "desk:clinic_history")


def test_reading_a_history_is_opening_the_patient(clara: User, nadia: User, sign_in: SignIn) -> None:
    patient = make_patient(clara)
    sign_in(nadia).get(reverse("desk:patient_history", args=[patient.pk]))
    assert Event.objects.filter(action="patient.opened", subject_id=str(patient.pk), actor_id=nadia.audit_id).exists()


def test_the_laboratorys_history_opens_for_those_who_import(clara: User, karl: User, sign_in: SignIn) -> None:
    assert "Nothing was changed" in words(sign_in(clara), "desk:laboratory_history")
    assert sign_in(karl).get(reverse("desk:laboratory_history")).status_code == 403


@pytest.mark.parametrize("hostile", ["<script>x</script>", "\u202egnp.exe", "=1+1", "'; DROP TABLE x; --"])
def test_hostile_text_in_the_past_is_only_text(clara: User, sign_in: SignIn, hostile: str) -> None:
    patient = make_patient(clara)
    for name in (hostile, "Birch"):  # past the application, which refuses what nobody sees
        raw("UPDATE patients_patient SET family_name = %s WHERE id = %s", name, patient.pk)
    response = sign_in(clara).get(reverse("desk:patient_history", args=[patient.pk]))
    assert response.status_code == 200
    assert "<script>x" not in response.content.decode()


# --- an assessment as it was judged -----------------------------------------------------------------
def judged_again(clara: User) -> tuple[Assessment, Review, Assessment]:
    """An assessment whose review was begun, and a newer one in which the phosphate is raised."""
    case = make_sclerosis_case(clara)
    first = assess_case(by=clara, case=case)
    review = start_review(by=clara, assessment=first)
    decide_step(by=clara, review=review, decision="accept", **OFFERED)
    decide_step(by=clara, review=review, decision="will_review", **OTHER_STEP)
    save_entry(by=clara, case=case, key="phosphate", raw={"value": "2.40", "unit": "mmol/L"})
    record(by=clara, case=case)
    return first, review, assess_case(by=clara, case=case)


def test_a_past_assessment_says_that_it_is_past_and_takes_no_decision(clara: User, sign_in: SignIn) -> None:
    first, _, newest = judged_again(clara)
    client = sign_in(clara)
    response = client.get(reverse("desk:assessment", args=[first.pk]))
    page = response.content.decode()

    assert "Past: as it was judged on" in page
    assert reverse("desk:assessment", args=[newest.pk]) in page
    assert "Phosphate, inorganic 1.1 mmol/L" in page and "→ 2.4 mmol/L" in page, "what the newest says that this one did not"
    for address in ("desk:decide", "desk:sign", "desk:override_type"):
        review = Review.objects.get(assessment=first)
        assert reverse(address, args=[review.pk]) not in page
    assert reverse("desk:answers", args=[first.pk]) not in page
    assert "Past: as it was judged" not in client.get(reverse("desk:assessment", args=[newest.pk])).content.decode()


def test_a_review_that_went_on_is_shown_as_it_stood(clara: User, nadia: User, sign_in: SignIn) -> None:
    first, review, newest = judged_again(clara)
    start_review(by=clara, assessment=newest)
    review.refresh_from_db()
    assert review.superseded_by is not None
    left = review.steps.count()

    page = words(sign_in(nadia), "desk:assessment", first.pk)

    assert left < 2, "some of it moved on"
    assert "Dr Clara Winter: begun, not signed" in page
    part = page[page.index("begun, not signed") :]
    assert "Accept: " in part and "Will review: " in part


def test_a_signed_past_assessment_keeps_its_review(clara: User, nadia: User, sign_in: SignIn) -> None:
    plan = make_plan(clara)
    case = plan.assessment.case
    save_entry(by=clara, case=case, key="phosphate", raw={"value": "2.40", "unit": "mmol/L"})
    record(by=clara, case=case)
    assess_case(by=clara, case=case)

    page = words(sign_in(nadia), "desk:assessment", plan.assessment_id)

    assert "Past: as it was judged on" in page
    assert "Signed by Dr Clara Winter" in page


def test_the_list_of_assessments_says_what_differs(clara: User, sign_in: SignIn) -> None:
    first, _, _newest = judged_again(clara)
    page = words(sign_in(clara), "desk:case", first.case_id)
    assert page.count("What differs from the one before") == 1
    assert "Changed: Phosphate, inorganic 1.1 mmol/L" in page
    assert "release 1, by Dr Clara Winter;" in page


def test_a_removed_lesion_stays_in_the_history(clara: User, sign_in: SignIn) -> None:
    case = make_case(clara)
    client = sign_in(clara)
    client.post(reverse("desk:add_lesion", args=[case.pk]))
    client.post(reverse("desk:remove_lesion", args=[case.pk, only_lesion_named(case, "L2")]))
    page = words(client, "desk:case_history", case.pk)
    assert "Dr Clara Winter Lesion L2 changed removed: nothing → became" in page
    assert only_lesion(case).label == "L1"


def only_lesion_named(case: Case, label: str) -> object:
    return case.lesions.get(label=label).pk


def test_a_record_that_left_is_not_told_by_its_number_elsewhere(clara: User, sven: User, sign_in: SignIn) -> None:
    stays, goes = make_patient(clara, number="A-1"), make_patient(clara, number="B-2")
    merge_patients(by=clara, survivor=stays, duplicate=goes, reason="A guess")
    unmerge_patients(by=clara, duplicate=goes, reason="A wrong one")
    transferred(clara, goes, sven, number="HILL-77")

    page = words(sign_in(clara), "desk:patient_history", stays.pk)

    assert "Merge of two records" in page
    assert "HILL-77" not in page
