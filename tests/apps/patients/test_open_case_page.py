"""Opening a case, and its lesions."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse

from calcinosis_app.accounts.models import User
from calcinosis_app.audit.models import Event
from calcinosis_app.core.errors import Conflict
from calcinosis_app.patients.actions import add_lesion, open_case, remove_lesion, save_entry
from calcinosis_app.patients.models import Case
from calcinosis_app.patients.selectors import lesions_of
from tests.apps.patients.ladder import assert_guarded
from tests.cast import SignIn
from tests.factories.case import make_case, only_lesion
from tests.factories.patient import make_patient

pytestmark = pytest.mark.usefixtures("release")

VIEW = "patients:open_case"


def test_it_opens_with_a_first_lesion_and_goes_there(sign_in: SignIn, nadia: User) -> None:
    vera = make_patient(nadia)

    response = sign_in(nadia).post(reverse(VIEW, args=[vera.pk]), {"title": " Fingertips "})

    case = Case.objects.get()
    assert response["Location"] == case.get_absolute_url()
    assert (case.patient, case.title, case.opened_by) == (vera, "Fingertips", nadia)
    assert only_lesion(case).label == "L1"
    assert Event.objects.filter(action__in=["case.opened", "lesion.added"]).count() == 2


def test_a_title_too_long_comes_back_with_the_reason(sign_in: SignIn, clara: User) -> None:
    page = sign_in(clara).post(reverse(VIEW, args=[make_patient(clara).pk]), {"title": "x" * 121})

    assert page.status_code == 422
    assert "at most 120 characters" in page.text
    assert not Case.objects.exists()


def test_looking_opens_nothing(sign_in: SignIn, clara: User) -> None:
    assert sign_in(clara).get(reverse(VIEW, args=[make_patient(clara).pk])).status_code == 405


def test_guards(sign_in: SignIn, clara: User, ada: User, sven: User) -> None:
    assert_guarded(VIEW, make_patient(clara).pk, sign_in, stranger=sven, wrong_role=ada, right=clara, method="post")
    assert not Case.objects.exists()


def test_a_label_is_never_given_twice(clara: User) -> None:
    case = make_case(clara)
    second = add_lesion(by=clara, case=case)
    remove_lesion(by=clara, lesion=second)

    assert add_lesion(by=clara, case=case).label == "L3"
    assert [lesion.label for lesion in lesions_of(case)] == ["L1", "L3"]


def test_removing_takes_the_draft_along_and_happens_once(clara: User) -> None:
    case = make_case(clara)
    second = add_lesion(by=clara, case=case)
    save_entry(by=clara, case=case, key="painful", lesion=second, raw={"answer": "yes"})
    for _ in range(2):
        remove_lesion(by=clara, lesion=second)

    assert not case.draft_entries.exists()
    assert Event.objects.filter(action="lesion.removed").count() == 1


def test_the_last_lesion_stays(clara: User) -> None:
    with pytest.raises(Conflict, match="L1 is the only lesion"):
        remove_lesion(by=clara, lesion=only_lesion(make_case(clara)))


def test_every_action_asks_the_policy(clara: User, karl: User, sven: User) -> None:
    case = make_case(clara)
    lesion = only_lesion(case)
    for by, refusal in ((karl, PermissionDenied), (sven, Http404)):
        for attempt in (
            lambda by=by: open_case(by=by, patient=case.patient),
            lambda by=by: add_lesion(by=by, case=case),
            lambda by=by: remove_lesion(by=by, lesion=lesion),
        ):
            with pytest.raises(refusal):
                attempt()


def test_a_case_has_as_many_lesions_as_a_page_can_show(clara: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("calcinosis_app.patients.actions.cases.MOST_LESIONS", 2)
    case = make_case(clara)
    add_lesion(by=clara, case=case)

    with pytest.raises(Conflict, match="Describe deposits that are alike as one lesion"):
        add_lesion(by=clara, case=case)
