"""The pages about watching: what each reader sees, and nothing of a patient."""

from datetime import timedelta

import pytest
from django.utils import timezone

from calcinosis_app.accounts.models import User
from calcinosis_app.core import heartbeats
from calcinosis_app.rulebooks.bridge import current
from calcinosis_app.watching.actions import change_interval, check_hashes, check_source, count_rows, run_cases, take_as_right
from calcinosis_app.watching.health import watching_group
from calcinosis_app.watching.models import RowCount, Share, SourceCheck
from calcinosis_app.watching.models.alarm import Kind
from calcinosis_app.watching.nominated import ENOUGH
from calcinosis_app.watching.presentation.sources import due_sources, months_later
from tests.cast import SignIn
from tests.factories.assessment import OTHER_STEP, make_plan
from tests.factories.watching import make_alarm

pytestmark = pytest.mark.django_db
ASKING, PEER = "work_up.radiograph", "work_up.bloods"
NEVER_SEEN = "ALOH_CC"


def shown(sign_in: SignIn, person: User, address: str) -> str:
    response = sign_in(person).get(address)
    assert response.status_code == 200
    return response.content.decode()


def count(clinic_of: User, assessed: int, **of: dict[str, int]) -> None:
    """Counts as if so many cases had been assessed this month."""
    release = current().number
    share = Share.objects.create(
        release_id=_release_id(release),
        clinic=clinic_of.clinic,
        month=timezone.localdate().replace(day=1),
        assessed=assessed,
        signed=assessed,
        basis="by hand",
        counted_at=timezone.now(),
    )
    for row, numbers in of.items():
        for what, cases in numbers.items():
            RowCount.objects.create(share=share, row=row.replace("__", "."), what=what, cases=cases)


def _release_id(number: int) -> int:
    from calcinosis_app.rulebooks.selectors import numbered_release  # noqa: PLC0415

    found = numbered_release(number)
    assert found is not None
    return found.pk


def test_a_clinician_reads_exact_numbers_and_a_curator_rounded_ones(sign_in: SignIn, clara: User, karl: User) -> None:
    make_plan(clara)
    count_rows()
    assert "<dt>Fired</dt><dd>1</dd>" in shown(sign_in, clara, f"/rules/watching/rows/{OTHER_STEP['row']}/")
    for address in (f"/rules/watching/rows/{OTHER_STEP['row']}/", f"/rules/watching/rows/{OTHER_STEP['row']}/?of=all"):
        assert "<dt>Fired</dt><dd>&lt; 5</dd>" in shown(sign_in, karl, address)
    assert "<dt>Fired</dt><dd>&lt; 5</dd>" in shown(sign_in, clara, f"/rules/watching/rows/{OTHER_STEP['row']}/?of=all")


def test_no_page_names_a_patient(sign_in: SignIn, clara: User, karl: User) -> None:
    plan = make_plan(clara)
    count_rows()
    patient = plan.assessment.case.patient
    for address in (
        "/rules/watching/",
        "/rules/watching/rows/?every",
        f"/rules/watching/rows/{OTHER_STEP['row']}/",
        "/rules/1/lists/work_up/",
    ):
        text = shown(sign_in, karl, address)
        for trace in (patient.family_name, patient.number, str(patient.pk), str(plan.pk), str(plan.assessment_id)):
            assert trace not in text, address


def test_beside_each_row_of_the_rules_stands_how_often_it_counted(sign_in: SignIn, clara: User, karl: User) -> None:
    address = "/rules/1/lists/work_up/"
    assert "Fired in" not in shown(sign_in, clara, address)
    make_plan(clara)
    count_rows()
    assert "Fired in 1 case" in shown(sign_in, clara, address)
    assert "Fired in fewer than 5 cases" in shown(sign_in, karl, address)


def test_another_clinics_cases_are_not_counted_into_ones_own(sign_in: SignIn, clara: User, sven: User) -> None:
    make_plan(clara)
    count_rows()
    assert "No row has counted here." in shown(sign_in, sven, "/rules/watching/rows/")


def test_a_row_that_asks_for_a_review_and_a_silent_one_stand_on_the_page_and_with_the_curator(sign_in: SignIn, karl: User) -> None:
    names = [row["row"] for row in current().content["lists"]["work_up"]]
    asking, peer, silent = names[0], names[1], names[2]
    count(karl, ENOUGH, **{
        asking.replace(".", "__"): {"fired": 180, "decided": 40, "declined": 30, "against": 30},
        peer.replace(".", "__"): {"fired": 150, "decided": 100, "declined": 5, "against": 5},
    })  # fmt: skip
    text = shown(sign_in, karl, "/rules/watching/")
    assert "Declined or overridden in about 30 of about 40 cases (75 %); its peers, work-up, in 5 %" in text
    assert f">{silent}</a>" in text
    assert asking in shown(sign_in, karl, "/")
    assert "asks for a review" in shown(sign_in, karl, "/rules/watching/rows/")


def test_an_address_that_makes_no_sense_shows_the_usual(sign_in: SignIn, karl: User) -> None:
    text = shown(sign_in, karl, "/rules/watching/rows/?release=99999999999&period=forever&of=hill")
    assert "this month and 11 before, Riverside clinic" in text
    assert sign_in(karl).get("/rules/watching/rows/no.such.row/").status_code == 404


# --- sources --------------------------------------------------------------------------------------
def test_a_source_is_due_when_nobody_ever_saw_it_or_its_months_are_over(karl: User) -> None:
    rules = current()
    unseen = {one["key"] for one in rules.content["references"] if not one["seen"]}
    assert {one.key for one in due_sources(rules, karl.clinic) if one.due_on is None} == unseen
    check_source(by=karl, key=NEVER_SEEN, still_holds=True)
    assert NEVER_SEEN not in {one.key for one in due_sources(rules, karl.clinic)}
    SourceCheck.objects.create(key="ABA2020", release=1, still_holds=False, note="withdrawn", checked_by=karl)
    first = due_sources(rules, karl.clinic)[0]
    assert (first.key, first.why) == ("ABA2020", "no longer holds")


def test_each_clinic_sets_its_months(karl: User, sven: User) -> None:
    rules = current()
    usual = len(due_sources(rules, sven.clinic))
    SourceCheck.objects.create(
        key=NEVER_SEEN, release=1, still_holds=True, checked_by=karl, checked_at=timezone.now() - timedelta(days=100)
    )
    change_interval(by=karl, months=3)
    due = {clinic: {one.key for one in due_sources(rules, clinic)} for clinic in (karl.clinic, sven.clinic)}
    assert NEVER_SEEN in due[karl.clinic]
    assert NEVER_SEEN not in due[sven.clinic]
    assert len(due[sven.clinic]) == usual - 1


@pytest.mark.parametrize(
    ("day", "months", "then"), [("2027-01-31", 1, "2027-02-28"), ("2027-11-30", 3, "2028-02-29"), ("2027-12-01", 12, "2028-12-01")]
)
def test_months_are_months(day: str, months: int, then: str) -> None:
    assert str(months_later(timezone.datetime.fromisoformat(day).date(), months)) == then  # type: ignore[attr-defined]


def test_a_curator_notes_what_a_source_says_now(sign_in: SignIn, karl: User, clara: User) -> None:
    address = f"/rules/watching/sources/{NEVER_SEEN}/"
    assert "You have looked at it" not in shown(sign_in, clara, address)
    assert sign_in(clara).post(address, {"found": "holds"}).status_code == 403
    browser = sign_in(karl)
    refused = browser.post(address, {"found": "no_longer", "note": " "})
    assert refused.status_code == 422
    assert "Say what no longer holds" in refused.content.decode()
    assert browser.post(address, {}).status_code == 422
    assert browser.post(address, {"found": "no_longer", "note": "The label was withdrawn"}).status_code == 302
    text = shown(sign_in, karl, address)
    assert "no longer holds. The label was withdrawn" in text


def test_the_months_are_changed_on_the_page(sign_in: SignIn, karl: User) -> None:
    browser = sign_in(karl)
    for months in ("0", "121", "six", ""):
        assert browser.post("/rules/watching/sources/months/", {"months": months}).status_code == 422
    assert browser.post("/rules/watching/sources/months/", {"months": "6"}).status_code == 302
    assert "due 6 months after" in shown(sign_in, karl, "/rules/watching/sources/")


# --- alarms ---------------------------------------------------------------------------------------
def test_an_alarm_reaches_the_curators_home_and_the_page_of_the_installation(
    sign_in: SignIn, karl: User, aya: User, ada: User, clara: User
) -> None:
    alarm = make_alarm()
    for person in (karl, aya):
        assert f"/rules/watching/alarms/{alarm.pk}/" in shown(sign_in, person, "/")
    assert f"/rules/watching/alarms/{alarm.pk}/" not in shown(sign_in, clara, "/")
    assert "G06 is not what it was" in shown(sign_in, ada, "/health/")
    make_alarm(Kind.TOUCHED, "the audit log")
    assert "the audit log is not what it was" in shown(sign_in, ada, "/")
    assert "the audit log is not what it was" in shown(sign_in, ada, "/health/")


def test_closing_one_needs_a_reason_and_the_right_person(sign_in: SignIn, karl: User, ada: User) -> None:
    answer, touched = make_alarm(), make_alarm(Kind.TOUCHED, "the audit log")
    of_curator, of_administrator = (f"/rules/watching/alarms/{one.pk}/" for one in (answer, touched))
    assert sign_in(karl).post(of_administrator, {"note": "fine"}).status_code == 403
    assert sign_in(ada).post(of_curator, {"note": "fine"}).status_code == 403
    assert sign_in(karl).post(of_curator, {"note": ""}).status_code == 422
    assert sign_in(karl).post(of_curator, {"note": "The engine was mended"}).status_code == 302
    assert "It has ended" in shown(sign_in, karl, of_curator)
    assert sign_in(karl).post(of_curator, {"note": "again"}).status_code == 409
    assert sign_in(ada).post(of_administrator, {"note": "Known since Monday"}).status_code == 302


def test_the_page_of_the_installation_says_when_nobody_watches(karl: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def tones() -> list[str]:
        return [line.tone for line in watching_group().lines]

    monkeypatch.setattr(heartbeats, "STARTED", timezone.now())
    assert tones() == ["quiet", "good", "quiet"]
    monkeypatch.setattr(heartbeats, "STARTED", timezone.now() - timedelta(days=7))
    assert tones() == ["danger", "good", "warning"]
    run_cases(now=True)
    assert tones()[0] == "good"
    alarm = make_alarm()
    assert tones()[1] == "danger"
    take_as_right(by=karl, alarm=alarm, note="It is right")
    assert tones()[1] == "good"
    make_alarm(Kind.TOUCHED, "release 1")
    check_hashes(now=True)  # inside a transaction no event is linked yet: the log is found touched
    assert tones()[2] == "danger"
