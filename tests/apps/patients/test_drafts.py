"""Nothing typed is lost; right or wrong, it comes back as it was typed."""

from unittest.mock import patch

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from calcinosis_app.accounts.models import User
from calcinosis_app.audit.models import Event
from calcinosis_app.patients.actions import discard_entry, record, save_entry
from calcinosis_app.patients.bridge import CaseError
from calcinosis_app.patients.models import DraftEntry
from calcinosis_app.patients.selectors import draft_of
from tests.factories.case import make_case, only_lesion

pytestmark = pytest.mark.usefixtures("release")


@pytest.mark.parametrize("typed", ["9.80", "9,8", "9000", "abc"])
def test_a_field_is_kept_as_it_was_typed(clara: User, typed: str) -> None:
    case = make_case(clara)

    save_entry(by=clara, case=case, key="phosphate", raw={"value": typed, "unit": "mg/dL"})

    assert draft_of(case).get().raw == {"value": typed, "unit": "mg/dL"}


def test_a_field_typed_again_replaces_what_stood_there(clara: User, nadia: User) -> None:
    case = make_case(clara)
    save_entry(by=clara, case=case, key="phosphate", raw={"value": "9.7"})
    save_entry(by=nadia, case=case, key="phosphate", raw={"value": "9.8"})
    save_entry(by=nadia, case=case, key="phosphate", slot=1, raw={"value": "5.0"})

    assert [(entry.slot, entry.raw["value"], entry.saved_by) for entry in draft_of(case)] == [(0, "9.8", nadia), (1, "5.0", nadia)]


def test_an_emptied_field_leaves_nothing_behind(clara: User) -> None:
    case = make_case(clara)
    save_entry(by=clara, case=case, key="phosphate", raw={"value": "9.7", "unit": "mg/dL"})

    assert save_entry(by=clara, case=case, key="phosphate", raw={"value": " ", "unit": "mg/dL"}) is None
    assert not draft_of(case).exists()


@pytest.mark.parametrize("left", [{"date": "2026-03-01"}, {"unit": "mg/dL", "date": "2026-03-01", "confirmed": True}])
def test_a_cleared_result_leaves_nothing_that_blocks_recording(clara: User, left: dict[str, object]) -> None:
    case = make_case(clara)
    save_entry(by=clara, case=case, key="phosphate", raw={"value": "9.7", **left})

    assert save_entry(by=clara, case=case, key="phosphate", raw=left) is None
    assert record(by=clara, case=case) == []


@pytest.mark.parametrize(
    "change", [{"value": "98.4"}, {"unit": "pmol/L"}, {"comparator": "<"}, {"flag": "high"}, {"low": "1"}, {"high": "99"}]
)
def test_that_a_value_was_checked_holds_for_that_value(clara: User, change: dict[str, str]) -> None:
    case = make_case(clara)
    checked = {"value": "984", "unit": "pg/mL", "date": "2026-03-01", "confirmed": True}
    save_entry(by=clara, case=case, key="pth", raw=checked)

    same = save_entry(by=clara, case=case, key="pth", raw={**checked, "date": "2026-02-28"})
    assert same is not None
    assert same.raw["confirmed"] is True

    changed = save_entry(by=clara, case=case, key="pth", raw={**checked, **change})
    assert changed is not None
    assert "confirmed" not in changed.raw


def test_a_discarded_field_is_gone_and_a_second_time_does_no_harm(clara: User) -> None:
    case = make_case(clara)
    save_entry(by=clara, case=case, key="phosphate", raw={"value": "9.7"})

    for _ in range(2):
        discard_entry(by=clara, case=case, key="phosphate")

    assert not draft_of(case).exists()
    assert Event.objects.filter(action="draft.discarded").count() == 1


def test_each_field_is_an_event_that_does_not_tell_the_value(clara: User) -> None:
    case = make_case(clara)
    lesion = only_lesion(case)
    save_entry(by=clara, case=case, key="painful", lesion=lesion, raw={"answer": "yes"})

    assert Event.objects.get(action="draft.saved").detail == {"key": "painful", "lesion": str(lesion.pk), "slot": 0}


def test_a_failed_audit_keeps_nothing(clara: User) -> None:
    case = make_case(clara)

    with patch.object(Event.objects, "create", side_effect=RuntimeError), pytest.raises(RuntimeError):
        save_entry(by=clara, case=case, key="phosphate", raw={"value": "9.7"})
    assert not DraftEntry.objects.exists()


def test_a_fact_is_entered_where_it_belongs(clara: User) -> None:
    case, other = make_case(clara), make_case(clara)

    with pytest.raises(ValueError, match="is a fact of the lesion"):
        save_entry(by=clara, case=case, key="painful", raw={"answer": "yes"})
    with pytest.raises(ValueError, match="is a fact of the patient"):
        save_entry(by=clara, case=case, key="phosphate", lesion=only_lesion(case), raw={"value": "9.7"})
    with pytest.raises(ValueError, match="does not belong"):
        save_entry(by=clara, case=case, key="painful", lesion=only_lesion(other), raw={"answer": "yes"})
    with pytest.raises(CaseError, match="not a fact"):
        save_entry(by=clara, case=case, key="phosphat", raw={"value": "9.7"})
    assert not DraftEntry.objects.exists()


def test_wrong_role_and_other_clinic(clara: User, karl: User, sven: User) -> None:
    case = make_case(clara)

    with pytest.raises(PermissionDenied):
        save_entry(by=karl, case=case, key="phosphate", raw={"value": "9.7"})
    with pytest.raises(Http404):
        save_entry(by=sven, case=case, key="phosphate", raw={"value": "9.7"})
