"""Whatever changes something is safe to press twice: by a once-only key, or because the second press changes nothing.

A new page that changes something fails here until it carries a key, is pressed twice below, or is said to make nothing.
"""

import inspect
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from calcinosis_app.accounts.models import User
from calcinosis_app.audit.models import Event
from calcinosis_app.patients.actions import begin_practice, hold_back, merge_patients
from tests.api.test_counterparts import BY_BEGINNING, CHANGING
from tests.cast import SignIn
from tests.factories.assessment import make_assessment, make_sclerosis_case
from tests.factories.emergency import REASON, in_emergency, make_offer
from tests.factories.patient import make_patient
from tests.url_map import addresses

VIEWS = {one.name: one.view for one in addresses()}
KEYED = {name for name in CHANGING if "key_of(" in inspect.getsource(inspect.unwrap(VIEWS[name]))}
# They change, end or find one thing that is there, and make none; a stale one is told (test_stale_forms.py).
MAKES_NOTHING = {
    *("access:find", "core:favicon", "desk:choose_other", "patients:search", "patients:correct"),
    *("desk:save", "desk:answer", "desk:record", "desk:remove_lesion"),
    *("desk:decide", "desk:note", "desk:override_type", "desk:sign"),
    *("followups:close",),  # its next reminder is made once: test_pressed_twice.py
    *("laboratory:again", "laboratory:commit", "laboratory:discard", "laboratory:codes", "laboratory:units", "laboratory:set_aside"),
    *(f"people:{one}" for one in ("deactivate", "reactivate", "details", "roles", "grant", "take")),
    *(f"people:{one}" for one in ("end_session", "end_sessions", "revoke_token", "remove_second_factors")),
    *(f"accounts:{one}" for one in ("end_others", "end_session", "revoke_token", "lock", "stay", "password")),
    # Coming in and going out; a forgotten password's link ends the one before.
    *(f"accounts:{one}" for one in ("sign_in", "sign_out", "use_link", "forgotten")),
    *("account_login", "account_reauthenticate"),
    *("watching:alarm", "watching:interval"),
    "desk:export",  # it makes a file and no row; each that was handed over is written down
}


def address(name: str, *args: Any) -> str:
    return reverse(name, args=args)


def offer(clara: User, sven: User) -> tuple[User, str, dict[str, Any]]:
    return clara, address("access:offer", make_patient(clara).pk), {"clinic": sven.clinic_id, "reason": "Moves house."}


def accept(clara: User, sven: User) -> tuple[User, str, dict[str, Any]]:
    assert sven.clinic
    return sven, address("access:accept", make_offer(clara, make_patient(clara), sven.clinic).pk), {"number": "H-1"}


def decline(clara: User, sven: User) -> tuple[User, str, dict[str, Any]]:
    assert sven.clinic
    return sven, address("access:decline", make_offer(clara, make_patient(clara), sven.clinic).pk), {"answer": "Not ours."}


def withdraw(clara: User, sven: User) -> tuple[User, str, dict[str, Any]]:
    assert sven.clinic
    return clara, address("access:withdraw", make_offer(clara, make_patient(clara), sven.clinic).pk), {}


def emergency(clara: User, sven: User) -> tuple[User, str, dict[str, Any]]:
    vera = make_patient(clara)
    known = {"number": vera.number, "family_name": vera.family_name, "birth_date": "1961-05-04"}
    return sven, address("access:emergency"), {"clinic": vera.clinic_id, "reason": REASON, **known}


def end(clara: User, sven: User) -> tuple[User, str, dict[str, Any]]:
    return sven, address("access:end", in_emergency(sven, make_patient(clara)).pk), {}


def mark_seen(clara: User, sven: User) -> tuple[User, str, dict[str, Any]]:
    return clara, address("access:mark_seen", in_emergency(sven, make_patient(clara)).pk), {}


def merge(clara: User, sven: User) -> tuple[User, str, dict[str, Any]]:
    one, other = make_patient(clara), make_patient(clara)
    return clara, address("desk:merge", one.pk, other.pk), {"stays": one.pk, "reason": "Identity card seen"}


def unmerge(clara: User, sven: User) -> tuple[User, str, dict[str, Any]]:
    one, other = make_patient(clara), make_patient(clara)
    merge_patients(by=clara, survivor=one, duplicate=other, reason="A guess")
    return clara, address("desk:unmerge", one.pk, other.pk), {"reason": "Two birth dates confirmed"}


def not_same(clara: User, sven: User) -> tuple[User, str, dict[str, Any]]:
    return clara, address("desk:not_same", make_patient(clara).pk, make_patient(clara).pk), {}


def assess(clara: User, sven: User) -> tuple[User, str, dict[str, Any]]:
    return clara, address("desk:assess", make_sclerosis_case(clara).pk), {}


def start_review(clara: User, sven: User) -> tuple[User, str, dict[str, Any]]:
    return clara, address("desk:start_review", make_assessment(clara).pk), {}


def practise(clara: User, sven: User) -> tuple[User, str, dict[str, Any]]:
    return clara, address("gallery:practise", "G01"), {}


def put_away(clara: User, sven: User) -> tuple[User, str, dict[str, Any]]:
    return clara, address("gallery:put_away", begin_practice(by=clara, worked_case="G01", birth_date=None, sex="")[0].pk), {}


def hold(clara: User, ada: User) -> tuple[User, str, dict[str, Any]]:
    return ada, address("retention:hold"), {"number": make_patient(clara).number, "reason": "A complaint is pending"}


def lift(clara: User, ada: User) -> tuple[User, str, dict[str, Any]]:
    return ada, address("retention:lift", hold_back(by=ada, patient=make_patient(clara), reason="A complaint").pk), {}


def years(clara: User, ada: User) -> tuple[User, str, dict[str, Any]]:
    return ada, address("retention:years"), {"years": 12, "until_age": 30}


Pressed = Callable[[User, User], tuple[User, str, dict[str, Any]]]
PRESSED: dict[str, Pressed] = {
    "access:offer": offer,
    "access:accept": accept,
    "access:decline": decline,
    "access:withdraw": withdraw,
    "access:emergency": emergency,
    "access:end": end,
    "access:mark_seen": mark_seen,
    "desk:merge": merge,
    "desk:unmerge": unmerge,
    "desk:not_same": not_same,
    "desk:assess": assess,
    "desk:start_review": start_review,
    "gallery:practise": practise,
    "gallery:put_away": put_away,
    "retention:hold": hold,
    "retention:lift": lift,
    "retention:years": years,
}


def test_every_page_that_changes_something_is_safe_to_press_twice_or_says_why() -> None:
    asked = {name for name in CHANGING if not name.startswith(tuple(BY_BEGINNING))}
    said = KEYED | PRESSED.keys() | MAKES_NOTHING
    assert asked - said == set(), "Give these a once-only key, press them twice in this file, or name them as making nothing"
    assert said - asked == set()
    assert len(KEYED) > 6


def everything() -> dict[str, int]:
    """How many rows there are of each kind, and how many events but for openings."""
    models = [one for one in apps.get_models() if one.__module__.startswith("calcinosis_app") and one is not Event]
    counts = {one._meta.label: one._base_manager.count() for one in models}
    return {**counts, "events": Event.objects.exclude(action="patient.opened").count()}


@pytest.mark.parametrize("name", PRESSED)
def test_a_second_press_changes_nothing(name: str, sign_in: SignIn, clara: User, sven: User, ada: User) -> None:
    person, url, sent = PRESSED[name](clara, ada if name.startswith("retention:") else sven)
    browser: Client = sign_in(person)
    before = everything()
    assert browser.post(url, sent).status_code == 302
    once = everything()
    assert once != before, "the first press does something"

    assert browser.post(url, sent).status_code in (302, 404, 409, 422)
    assert everything() == once
