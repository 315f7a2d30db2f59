"""Who has seen this patient."""

from datetime import UTC, datetime, timedelta

import time_machine
from django.urls import reverse

from calcinosis_app.accounts.models import User
from calcinosis_app.audit.actions import opened
from calcinosis_app.patients.actions import merge_patients, say_not_same, unmerge_patients
from calcinosis_app.patients.models import Patient
from tests.apps.patients.ladder import assert_guarded
from tests.cast import SignIn
from tests.factories.case import make_case, record_finding
from tests.factories.emergency import REASON, in_emergency, transferred
from tests.factories.patient import make_patient

VIEW = "access:seen"
MARCH = datetime(2026, 3, 2, 9, tzinfo=UTC)


def rows(page: str) -> list[str]:
    """The people's rows, as text."""
    body = page.partition('id="people"')[2].partition("<tbody>")[2].partition("</tbody>")[0]
    return body.split("<tr>")[1:]


def look(by: User, patient: Patient, at: datetime) -> None:
    with time_machine.travel(at, tick=False):
        opened(by=by, patient=patient)


def test_everybody_with_role_clinic_first_last_and_how_often(sign_in: SignIn, clara: User, nadia: User, sven: User) -> None:
    vera = make_patient(clara)
    for day in range(3):
        look(nadia, vera, MARCH + timedelta(days=day))
    in_emergency(sven, vera)
    sign_in(sven).get(reverse("patients:patient", args=[vera.pk]))

    page = sign_in(clara).get(reverse(VIEW, args=[vera.pk])).text

    nurse = next(row for row in rows(page) if "Nadia Brook" in row)
    for said in ("nurse", "Riverside clinic", "2 Mar 2026</span> 10:00", "4 Mar 2026</span> 10:00", ">3<", ">0<"):
        assert said in nurse
    stranger = next(row for row in rows(page) if "Sven Holt" in row)
    for said in ("clinician", "Hill clinic", "emergency", REASON):
        assert said in stranger


def test_doubles_are_told_in_words(sign_in: SignIn, clara: User) -> None:
    vera, other = make_patient(clara), make_patient(clara, number="B-9")
    say_not_same(by=clara, patient=vera, other=other)
    merge_patients(by=clara, survivor=vera, duplicate=other, reason="passport seen")
    merged = sign_in(clara).get(reverse(VIEW, args=[vera.pk])).text
    assert "said that another record is of somebody else" in merged
    assert "merged it with another record" in merged

    unmerge_patients(by=clara, duplicate=other, reason="two birth dates")
    assert "unmerged it from another record" in sign_in(clara).get(reverse(VIEW, args=[other.pk])).text


def test_changes_stand_beside_openings_and_fields_typed_one_after_the_other_are_one_line(sign_in: SignIn, clara: User) -> None:
    case = make_case(clara)
    for value in ("40", "41", "42"):
        record_finding(clara, case, "albumin", value=value, unit="g/L", date="2026-01-02", confirmed=True)

    page = sign_in(clara).get(reverse(VIEW, args=[case.patient_id])).text

    assert page.count("recorded findings") == 3
    assert "created the patient" in page
    assert "opened a case" in page


def test_filtered_by_person_and_time(sign_in: SignIn, clara: User, nadia: User) -> None:
    vera = make_patient(clara)
    for day in range(3):
        look(nadia, vera, MARCH + timedelta(days=day))
    url = reverse(VIEW, args=[vera.pk])
    browser = sign_in(clara)

    by_person = rows(browser.get(url, {"person": str(nadia.pk)}).text)
    assert len(by_person) == 1
    one_day = rows(browser.get(url, {"since": "2026-03-03", "until": "2026-03-03"}).text)
    assert len(one_day) == 1
    assert ">1<" in one_day[0]
    assert not rows(browser.get(url, {"until": "2020-01-01"}).text)


def test_days_that_are_none_are_refused_in_words(sign_in: SignIn, clara: User) -> None:
    url, browser = reverse(VIEW, args=[make_patient(clara).pk]), sign_in(clara)

    for query, said in (
        ({"since": "yesterday"}, "This is not a day"),
        ({"since": "2026-03-02", "until": "2026-03-01"}, "is before 2026-03-02"),
        ({"person": "nobody"}, "Select a valid choice"),
    ):
        answer = browser.get(url, query)
        assert answer.status_code == 422
        assert said in answer.text
        assert rows(answer.text)


def test_who_saw_the_patient_in_the_old_clinic_is_still_known_in_the_new_one(sign_in: SignIn, clara: User, sven: User) -> None:
    vera = make_patient(clara)
    transferred(clara, vera, sven)

    page = sign_in(sven).get(reverse(VIEW, args=[vera.pk])).text
    assert "Dr Clara Winter" in page
    assert "took the patient over" in page


def test_an_administrator_reads_the_number_and_finds_by_it(sign_in: SignIn, clara: User, ada: User) -> None:
    vera, browser = make_patient(clara, number="A-17"), sign_in(ada)

    answer = browser.post(reverse("access:find"), {"number": " A-17 "})
    assert answer["Location"] == reverse(VIEW, args=[vera.pk])
    page = browser.get(answer["Location"]).text
    assert "Patient number A-17" in page
    assert "Lind" not in page
    missed = browser.post(reverse("access:find"), {"number": "nobody"})
    assert missed.status_code == 422
    assert "No patient of your clinic has this number" in missed.text


def test_emergency_access_to_a_duplicate_is_still_told_after_the_merge(sign_in: SignIn, clara: User, sven: User) -> None:
    stays, goes = make_patient(clara), make_patient(clara)
    in_emergency(sven, goes)
    merge_patients(by=clara, survivor=stays, duplicate=goes, reason="Identity card seen")

    page = sign_in(clara).get(reverse(VIEW, args=[stays.pk])).text

    assert REASON in page
    assert "began emergency access" in page


def test_guards(sign_in: SignIn, clara: User, nadia: User, sven: User) -> None:
    vera = make_patient(clara)
    assert_guarded(VIEW, vera.pk, sign_in, stranger=sven, wrong_role=nadia, right=clara)
    in_emergency(sven, vera)
    assert sign_in(sven).get(reverse(VIEW, args=[vera.pk])).status_code == 404
