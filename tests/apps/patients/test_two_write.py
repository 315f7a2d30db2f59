"""Two who type into one case: the second of a field is told, other fields are not disturbed, a late request says nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from calcinosis_app.accounts.models import User
from calcinosis_app.core.errors import Conflict
from calcinosis_app.core.stale import NOTHING
from calcinosis_app.patients.actions import Turn, add_lesion, record, remove_lesion, save_entry
from calcinosis_app.patients.models import Case, DraftEntry, FieldTurn, Finding
from calcinosis_app.patients.versions import version_of_entry
from tests.at_once import together
from tests.cast import SignIn
from tests.factories.case import make_case, only_lesion

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(clara: User) -> Case:
    return make_case(clara)


def phosphate(value: str) -> dict[str, str]:
    return {"value": value, "unit": "mmol/L"} if value else {}


def write(by: User, case: Case, value: str, *, seen: str | None = NOTHING, page: str = "a", turn: int = 1, key: str = "phosphate") -> Any:
    return save_entry(by=by, case=case, key=key, raw=phosphate(value), turn=Turn(seen, page, turn))


def kept() -> list[str]:
    return [entry.raw["value"] for entry in DraftEntry.objects.all()]


def test_the_second_of_a_field_is_told_and_sees_both(clara: User, nadia: User, case: Case) -> None:
    write(nadia, case, "1.4", page="n")

    with pytest.raises(Conflict, match="Nadia Brook changed this field while you were typing") as told:
        write(clara, case, "1.6", page="c")

    versions = told.value.versions
    assert versions is not None
    assert {one.label: (one.mine, one.theirs) for one in versions.fields} == {"Value": ("1.6", "1.4"), "Unit": ("mmol/L", "mmol/L")}
    assert versions.by == "Nadia Brook"
    assert kept() == ["1.4"]

    write(clara, case, "1.6", page="c", turn=2, seen=versions.version)
    assert kept() == ["1.6"]


def test_the_same_value_twice_bothers_nobody(clara: User, nadia: User, case: Case) -> None:
    write(nadia, case, "1.4", page="n")
    write(clara, case, "1.4", page="c")
    assert kept() == ["1.4"]


def test_another_field_is_another_matter(clara: User, nadia: User, case: Case) -> None:
    write(nadia, case, "1.4", page="n")
    write(clara, case, "2.3", page="c", key="ca_total")
    assert DraftEntry.objects.count() == 2


def test_a_field_cleared_meanwhile_is_told_too(clara: User, nadia: User, case: Case) -> None:
    seen = version_of_entry(write(clara, case, "1.4", page="c"))
    write(nadia, case, "", page="n", seen=seen)
    with pytest.raises(Conflict, match="Nadia Brook changed"):
        write(clara, case, "1.5", page="d", seen=seen)
    assert kept() == []


def test_a_field_recorded_meanwhile_is_told_with_what_was_recorded(clara: User, nadia: User, case: Case) -> None:
    seen = version_of_entry(write(clara, case, "1.4", page="c"))
    record(by=nadia, case=case)
    with pytest.raises(Conflict, match="Nadia Brook recorded this field"):
        write(clara, case, "1.5", page="d", seen=seen)
    assert kept() == []
    assert Finding.objects.count() == 1


def test_the_same_page_may_go_on_before_it_has_heard_back(clara: User, case: Case) -> None:
    write(clara, case, "1.4", turn=1)
    write(clara, case, "1.45", turn=2)  # still says that it saw nothing
    assert kept() == ["1.45"]


@pytest.mark.parametrize("late", ["1.4", ""])
def test_what_was_held_up_on_its_way_never_undoes_what_came_later(clara: User, case: Case, late: str) -> None:
    write(clara, case, "1.45", turn=2)
    answer = write(clara, case, late, turn=1)
    assert answer is not None and answer.raw["value"] == "1.45"
    assert kept() == ["1.45"]


def test_nor_does_it_bring_back_what_was_emptied_or_recorded(clara: User, case: Case) -> None:
    write(clara, case, "", turn=2)
    write(clara, case, "1.4", turn=1)
    assert kept() == []
    write(clara, case, "1.5", turn=4)
    record(by=clara, case=case)
    write(clara, case, "1.4", turn=3)
    assert kept() == []


def test_ones_own_other_tab_is_called_so(clara: User, case: Case) -> None:
    write(clara, case, "1.4", page="a")
    with pytest.raises(Conflict, match="You changed this field in another tab or window"):
        write(clara, case, "1.6", page="b")


def test_without_a_version_the_later_counts_as_ever(clara: User, nadia: User, case: Case) -> None:
    """The safeguard is the version: a program that names none overwrites, as it always did."""
    write(nadia, case, "1.4", page="n")
    write(clara, case, "1.6", page="c", seen=None)
    assert kept() == ["1.6"]


@pytest.mark.django_db(transaction=True)
def test_of_many_who_write_one_field_at_once_one_is_first_and_all_others_are_told(clara: User, case: Case) -> None:
    def go(number: int) -> str:
        try:
            write(clara, case, f"1.{number + 1}", page=str(number))
        except Conflict:
            return "told"
        return f"1.{number + 1}"

    heard = together(8, go)

    assert heard.count("told") == 7
    assert kept() == [one for one in heard if one != "told"]
    assert FieldTurn.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_recording_while_another_types_loses_nothing(clara: User, nadia: User, case: Case) -> None:
    """What comes before the recording is recorded, what comes after stays typed."""
    acts: list[Callable[[], Any]] = [lambda: record(by=nadia, case=case)]
    acts += [lambda: write(clara, case, "1.4", key="phosphate"), lambda: write(clara, case, "2.3", key="ca_total", turn=2)]

    together(3, lambda number: acts[number]())

    found = set(Finding.objects.values_list("key", flat=True)) | set(DraftEntry.objects.values_list("key", flat=True))
    assert found == {"phosphate", "ca_total"}
    assert Finding.objects.count() + DraftEntry.objects.count() == 2


def test_a_removed_lesion_says_who_removed_it(clara: User, nadia: User, case: Case, sign_in: SignIn) -> None:
    second = add_lesion(by=clara, case=case)
    remove_lesion(by=nadia, lesion=second)

    with pytest.raises(Conflict, match="L2 was removed from this case by Nadia Brook"):
        save_entry(by=clara, case=case, key="infection_at_site", raw={"answer": "yes"}, lesion=second)
    sent = {"key": "infection_at_site", "answer": "yes", "lesion": second.pk, "at": second.pk}
    told = sign_in(clara).post(reverse("desk:save", args=[case.pk]), sent, headers={"HX-Request": "true", "HX-Target": "x"})
    assert told.status_code == 409
    assert told["HX-Reswap"] == "none"
    assert "L2 was removed from this case by Nadia Brook" in told.text


def test_the_page_sends_what_it_saw_and_is_answered_with_both(clara: User, nadia: User, case: Case, sign_in: SignIn) -> None:
    page = sign_in(clara).get(reverse("desk:entry", args=[case.pk])).text
    assert f'id="f-p-phosphate-seen" value="{NOTHING}"' in page
    write(nadia, case, "1.4", page="n")
    sent = {"key": "phosphate", "value": "1.6", "unit": "mmol/L", "lesion": "", "slot": "0", "at": only_lesion(case).pk}

    told = sign_in(clara).post(reverse("desk:save", args=[case.pk]), {**sent, "seen": NOTHING, "page": "c", "turn": "1"})

    assert told.status_code == 409
    assert "1.6 mmol/L" in told.text
    assert "1.4 mmol/L" in told.text
    assert "Nadia Brook" in told.text
    version = version_of_entry(DraftEntry.objects.get())
    assert f'data-keep-mine="{version}"' in told.text
    saved = sign_in(clara).post(reverse("desk:save", args=[case.pk]), {**sent, "seen": version, "page": "c", "turn": "2"})
    assert saved.status_code == 200
    assert f'id="f-p-phosphate-seen" value="{version_of_entry(DraftEntry.objects.get())}" hx-swap-oob="true"' in saved.text


def test_an_answer_from_the_panel_sees_as_well(clara: User, nadia: User, case: Case, sign_in: SignIn) -> None:
    save_entry(by=nadia, case=case, key="ssc", raw={"answer": "yes"}, turn=Turn(NOTHING, "n", 1))
    sent = {
        "key": ["jdm", "ssc"],
        "of": ["", ""],
        "seen": [NOTHING, NOTHING],
        "answer": "no",
        "at": only_lesion(case).pk,
        "page": "c",
        "turn": "1",
    }

    told = sign_in(clara).post(reverse("desk:answer", args=[case.pk]), sent, headers={"HX-Request": "true", "HX-Target": "live"})

    assert told.status_code == 409
    assert {entry.key: entry.raw["answer"] for entry in DraftEntry.objects.all()} == {"ssc": "yes"}, "all together or none"


@pytest.mark.parametrize("fields", [{"turn": "x"}, {"turn": "-1"}, {"turn": "9" * 30}, {"page": "x" * 40}])
def test_what_no_page_sends_is_a_bad_request(clara: User, case: Case, sign_in: SignIn, fields: dict[str, str]) -> None:
    sent = {"key": "phosphate", "value": "1.6", "unit": "mmol/L", "at": only_lesion(case).pk, **fields}
    assert sign_in(clara).post(reverse("desk:save", args=[case.pk]), sent).status_code == 400


def test_whoever_records_hears_whose_words_it_was(clara: User, nadia: User, case: Case, sign_in: SignIn) -> None:
    write(nadia, case, "1.4")
    page = sign_in(clara).post(reverse("desk:record", args=[case.pk]), follow=True).text
    assert "One finding recorded. Some of it was typed by Nadia Brook." in page


# --- two tabs with two patients
def test_a_form_of_one_patient_never_reaches_another(clara: User, case: Case, sign_in: SignIn) -> None:
    """A form names its own case; what it says of a lesion or a finding has to belong there."""
    other = make_case(clara)
    found = record(by=clara, case=other, only=[save_entry(by=clara, case=other, key="phosphate", raw=phosphate("1.4"))])[0]
    client, address = sign_in(clara), reverse("desk:save", args=[case.pk])

    of_lesion = {"key": "infection_at_site", "answer": "yes", "lesion": only_lesion(other).pk, "at": only_lesion(case).pk}
    assert client.post(address, of_lesion).status_code == 404
    corrects = {"key": "phosphate", **phosphate("1.5"), "corrects": found.pk, "at": only_lesion(case).pk}
    assert "is not there" in client.post(address, corrects).text
    client.post(reverse("desk:record", args=[case.pk]))

    assert Finding.objects.get() == found
    assert not DraftEntry.objects.filter(case=other).exists()
