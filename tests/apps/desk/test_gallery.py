"""The gallery of worked cases: everybody may read it, it is honest, and it names nobody."""

import re
from dataclasses import replace

import pytest
from django.urls import reverse

from calcinosis_app.accounts.models import User
from calcinosis_app.audit.models import Event
from calcinosis_app.desk.worked import cases
from calcinosis_app.desk.worked.cases import VERDICTS, WorkedCase, worked_case, worked_cases
from calcinosis_app.patients.models import Patient
from calcinosis_app.rulebooks.bridge import current
from tests.cast import SignIn

LIST = "/worked-cases/"


def named(name: str) -> WorkedCase:
    found = worked_case(current(), name)
    assert found is not None
    return found


@pytest.mark.parametrize("role", ["clara", "nadia", "karl", "aya", "sven"])
def test_whoever_may_read_the_rules_reads_it_and_nobody_is_opened(role: str, request: pytest.FixtureRequest, sign_in: SignIn) -> None:
    client = sign_in(request.getfixturevalue(role))

    for address in (LIST, reverse("gallery:case", args=["O11"]), reverse("gallery:print", args=["O11"])):
        assert client.get(address).status_code == 200, address
    assert not Event.objects.filter(action="patient.opened").exists()


@pytest.mark.parametrize("name", ["O99", "o11", "x"])
def test_a_case_that_the_release_does_not_hold_is_not_there(name: str, clara: User, sign_in: SignIn) -> None:
    for address in ("gallery:case", "gallery:print"):
        assert sign_in(clara).get(reverse(address, args=[name])).status_code == 404
    assert sign_in(clara).post(reverse("gallery:practise", args=[name])).status_code == 404


def test_only_who_may_create_patients_practises(clara: User, nadia: User, karl: User, sign_in: SignIn) -> None:
    address, page = reverse("gallery:practise", args=["O11"]), reverse("gallery:case", args=["O11"])

    assert [sign_in(user).post(address).status_code for user in (clara, nadia, karl)] == [302, 302, 403]
    assert sign_in(clara).get(address).status_code == 405
    assert "Go on in the entry form" in sign_in(clara).get(page).text
    assert address not in sign_in(karl).get(page).text
    assert Patient.objects.count() == 2


def test_the_list_shows_each_case_beside_its_authors_and_counts_honestly(clara: User, sign_in: SignIn) -> None:
    listed = sign_in(clara).get(LIST).text
    every = worked_cases(current())

    assert "94 of 94 cases." in listed
    assert all(f'href="{reverse("gallery:case", args=[one.id])}"' in listed for one in every)
    counted = {verdict: sum(one.verdict == verdict for one in every) for verdict in VERDICTS}
    assert sum(counted.values()) == sum(one.is_published for one in every) == 49
    for verdict, number in counted.items():
        assert re.search(rf"verdict={verdict}\"><b>{number}</b>", listed), verdict


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("O25", "agrees"),  # iatrogenic, and so say the rules
        ("O34", "agrees"),  # calciphylaxis is named as an emergency
        ("O11", "leads"),
        ("O01", "possible"),  # calciphylaxis is said to be not excluded
        ("O20", "other"),  # the authors said dystrophic, the rules iatrogenic
        ("G01", ""),
    ],
)
@pytest.mark.usefixtures("release")
def test_how_near_the_rules_come_to_the_authors(name: str, verdict: str) -> None:
    assert named(name).verdict == verdict


@pytest.mark.parametrize(
    ("query", "held", "left"),
    [
        ("type=mixed", "G01", "O25"),
        ("origin=made_up", "G28", "O11"),
        ("teaches=child", "G20", "G18"),
        ("teaches=kidney&origin=published", "O34", "O25"),
        ("teaches=withheld", "G08", "G01"),
        ("verdict=other", "O20", "O25"),
        ("q=knee+sclerosis", "O11", "O20"),
    ],
)
def test_filters_narrow_the_list(query: str, held: str, left: str, clara: User, sign_in: SignIn) -> None:
    listed = sign_in(clara).get(f"{LIST}?{query}").text

    assert f"/worked-cases/{held}/" in listed
    assert f"/worked-cases/{left}/" not in listed


@pytest.mark.parametrize("query", ["type=nothing&teaches=%3Cscript%3E", "q=%00", "q=%3Cscript%3Ealert(1)%3C/script%3E", "verdict=' OR 1=1"])
def test_hostile_filters_are_no_filters_and_stay_text(query: str, clara: User, sign_in: SignIn) -> None:
    answered = sign_in(clara).get(f"{LIST}?{query}")

    assert answered.status_code in (200, 400)
    assert "<script>alert" not in answered.text


def test_hostile_text_in_a_case_stays_text(clara: User, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """A curator's case may hold anything."""
    case = named("O11")
    bad = replace(case, document={**case.document, "title": "<script>alert(1)</script>", "source": {"ref": "<b>x"}})
    monkeypatch.setattr("calcinosis_app.desk.worked.filters.worked_cases", lambda _: (bad,))
    monkeypatch.setattr(cases, "worked_cases", lambda _: (bad,))
    for address in (LIST, reverse("gallery:case", args=["O11"]), reverse("gallery:print", args=["O11"])):
        answered = sign_in(clara).get(address)
        assert answered.status_code == 200
        assert "<script>alert" not in answered.text
        assert "&lt;script&gt;alert(1)" in answered.text


def test_a_case_is_read_with_what_it_says_and_nothing_to_press_but_practice(clara: User, sign_in: SignIn) -> None:
    page = sign_in(clara).get(reverse("gallery:case", args=["O11"])).text

    for text in (
        "Nodules of the knee in systemic sclerosis",
        "Navarra Medica vol 11 no 1",
        "Systemic sclerosis",
        "It leads under",
        "Act now",
    ):
        assert text in page
    assert page.count("<form") == 3  # signing out, practising, staying signed in


def test_a_difference_from_what_was_expected_is_shown(clara: User, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = replace(named("G01"), differences=("type: expected mixed, obtained dystrophic",))
    monkeypatch.setattr("calcinosis_app.desk.worked.filters.worked_cases", lambda _: (bad,))

    assert "differs from what was expected: type: expected mixed, obtained dystrophic" in sign_in(clara).get(LIST).text
