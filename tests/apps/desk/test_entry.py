"""Case entry: one field saved as it is left, what it means, and what follows from it."""

import pytest
from django.urls import reverse

from calcinosis_app.accounts.models import User
from calcinosis_app.patients.actions import add_lesion, save_entry
from calcinosis_app.patients.models import Case, DraftEntry, Finding
from tests.cast import SignIn
from tests.factories.case import make_case, only_lesion, record_finding


@pytest.fixture
def case(clara: User) -> Case:
    return make_case(clara)


def send(case: Case, user: User, sign_in: SignIn, name: str = "save", **fields: object) -> tuple[int, str]:
    at = only_lesion(case).pk
    response = sign_in(user).post(reverse(f"desk:{name}", args=[case.pk]), {"slot": "0", "lesion": "", "at": at, **fields})
    return response.status_code, response.content.decode()


def test_a_field_is_kept_and_its_meaning_said(case: Case, clara: User, sign_in: SignIn) -> None:
    status, text = send(case, clara, sign_in, key="phosphate", value="9.7", unit="mg/dL")

    assert status == 200
    assert DraftEntry.objects.get().raw == {"value": "9.7", "unit": "mg/dL"}
    assert "3.13 mmol/L" in text
    assert "above range" in text
    assert 'id="live"' in text
    assert not Finding.objects.exists()


def test_an_unreadable_field_is_kept_named_and_left_out(case: Case, clara: User, sign_in: SignIn) -> None:
    _, text = send(case, clara, sign_in, key="phosphate", value="9,7", unit="mg/dL")

    assert DraftEntry.objects.get().raw["value"] == "9,7"
    assert "write 9.7" in text
    assert "Left out, because it cannot be counted" in text
    assert "Phosphate, inorganic" in text


def test_the_panel_knows_draft_and_record_of_every_lesion(case: Case, clara: User, sign_in: SignIn) -> None:
    second = add_lesion(by=clara, case=case)
    record_finding(clara, case, "infusion_site", lesion=second, code="same")

    record_finding(clara, case, "site", lesion=second, code="hip")
    record_finding(clara, case, "side", lesion=second, code="left")

    page = sign_in(clara).get(reverse("desk:entry", args=[case.pk])).content.decode()
    assert "Iatrogenic" in page
    assert page.count("L2 \u00b7 left hip") >= 2, "on its tab and in the panel"
    assert f"lesion={only_lesion_label(case, 'L1')}" in page


def only_lesion_label(case: Case, label: str) -> str:
    return str(case.lesions.get(label=label).pk)


def test_confirming_an_assumption_answers_each_of_its_questions(case: Case, clara: User, sign_in: SignIn) -> None:
    lesion = only_lesion(case)
    keys = ["any_connective_tissue_disease", "any_injury_at_site"]

    status, text = send(case, clara, sign_in, name="answer", key=keys, of=["", str(lesion.pk)], answer="no")

    assert status == 200
    answers = {(entry.key, entry.lesion_id): entry.raw for entry in DraftEntry.objects.all()}
    assert answers == {(keys[0], None): {"answer": "no"}, (keys[1], lesion.pk): {"answer": "no"}}
    assert 'id="f-p-any_connective_tissue_disease"' in text
    assert 'id="f-L1-any_injury_at_site"' in text


@pytest.mark.parametrize(
    ("text", "box", "found"),
    [
        ("CREST", "history", "ssc_limited"),
        ("phosph", "laboratory", "phosphate"),
        ("L94", "lesion", "st_"),
        ("prednis", "drugs", "drug_prednisolone"),
    ],
)
def test_a_fact_is_found_by_name_synonym_or_code(case: Case, clara: User, sign_in: SignIn, text: str, box: str, found: str) -> None:
    address = reverse("desk:find", args=[case.pk])
    page = sign_in(clara).get(address, {"q": text, "box": box, "lesion": only_lesion(case).pk})

    assert found in page.content.decode()


def test_each_fact_stands_once_on_the_page(case: Case, clara: User, sign_in: SignIn) -> None:
    page = sign_in(clara).get(reverse("desk:entry", args=[case.pk])).content.decode()

    ids = [part.split('"')[0] for part in page.split(' id="f-')[1:] if "-status" not in part.split('"')[0]]
    assert len(ids) == len(set(ids))


def test_recording_is_all_or_nothing(case: Case, clara: User, sign_in: SignIn) -> None:
    save_entry(by=clara, case=case, key="ca_total", raw={"value": "9.8", "unit": "mmol/L"})
    save_entry(by=clara, case=case, key="albumin", raw={"value": "40", "unit": "g/L"})
    browser = sign_in(clara)

    refused = browser.post(reverse("desk:record", args=[case.pk]), follow=True).content.decode()
    assert "Nothing was recorded yet" in refused
    assert not Finding.objects.exists()

    save_entry(by=clara, case=case, key="ca_total", raw={"value": "9.8", "unit": "mg/dL"})
    assert "2 findings recorded." in browser.post(reverse("desk:record", args=[case.pk]), follow=True).content.decode()


@pytest.mark.parametrize(
    "fields", [{"key": "no_such_fact", "value": "1"}, {"key": "painful", "answer": "yes"}, {"key": "phosphate", "slot": "-1"}]
)
def test_what_no_page_of_ours_sends_is_refused(case: Case, clara: User, sign_in: SignIn, fields: dict[str, str]) -> None:
    assert send(case, clara, sign_in, **fields)[0] == 400


@pytest.mark.parametrize("name", ["entry", "find"])
def test_who_may_not_write_sees_no_entry(case: Case, karl: User, sven: User, sign_in: SignIn, name: str) -> None:
    address = reverse(f"desk:{name}", args=[case.pk])

    assert sign_in(karl).get(address).status_code == 403
    assert sign_in(sven).get(address).status_code == 404
    assert send(case, sven, sign_in, key="phosphate", value="1")[0] == 404
