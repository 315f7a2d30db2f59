"""Case entry: one field saved as it is left, what it means, and what follows from it."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.urls import reverse

from calcinosis_app.accounts.models import User
from calcinosis_app.desk.entry.live import live
from calcinosis_app.desk.entry.page import Entry
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


# --- what is recorded, checked, cleared -----------------------------------------------------------
def result(clara: User, case: Case, key: str, value: str, unit: str, **more: object) -> None:
    save_entry(by=clara, case=case, key=key, raw={"value": value, "unit": unit, **more})


def entry_page(case: Case, user: User, sign_in: SignIn, **query: str) -> str:
    return sign_in(user).get(reverse("desk:entry", args=[case.pk]), query).content.decode()


def test_a_recorded_result_keeps_its_canonical_value_position_and_range(case: Case, clara: User, sign_in: SignIn) -> None:
    record_finding(clara, case, "phosphate", value="7.7", unit="mg/dL")

    page = entry_page(case, clara, sign_in)

    assert "Recorded: 7.7 mg/dL = 2.49 mmol/L" in page
    assert "↑ above range</span>, range 0.84–1.45 mmol/L" in page


def test_a_recorded_doubt_is_confirmed_on_a_line_that_holds_what_was_recorded(case: Case, clara: User, sign_in: SignIn) -> None:
    found = record_finding(clara, case, "pth", value="984", unit="pg/mL")

    page = entry_page(case, clara, sign_in, show="pth", corrects=str(found.pk))
    assert f'name="corrects" value="{found.pk}"' in page
    assert 'name="value" value="984"' in page
    assert "984 pg/mL is unusual: check value and unit." in page
    assert 'name="confirmed" value="true">' in page
    assert not DraftEntry.objects.exists()

    _, text = send(case, clara, sign_in, key="pth", value="984", unit="pg/mL", corrects=str(found.pk), confirmed="true")
    assert "is unusual" not in text
    assert "checked> I checked this value" in text


def test_another_value_is_not_checked_yet(case: Case, clara: User, sign_in: SignIn) -> None:
    send(case, clara, sign_in, key="pth", value="984", unit="pg/mL", confirmed="true")
    _, text = send(case, clara, sign_in, key="pth", value="989", unit="pg/mL", confirmed="true")

    assert "989 pg/mL is unusual" in text
    assert "checked>" not in text


def test_a_cleared_result_says_so_and_does_not_block_recording(case: Case, clara: User, sign_in: SignIn) -> None:
    send(case, clara, sign_in, key="phosphate", value="1.2", unit="mmol/L", date="2026-03-01")
    _, text = send(case, clara, sign_in, key="phosphate", value="", unit="mmol/L", date="2026-03-01")

    assert "cleared" in text
    assert "✓ saved" not in text
    recorded = sign_in(clara).post(reverse("desk:record", args=[case.pk]), follow=True).content.decode()
    assert "Nothing waited to be recorded." in recorded


def test_an_error_is_the_same_beside_the_field_in_the_summary_and_where_it_is_left_out(case: Case, clara: User, sign_in: SignIn) -> None:
    missing = "the value is missing: write it, choose normal, high or low, or clear the line"
    _, text = send(case, clara, sign_in, key="phosphate", value="", low="0.8", date="2026-03-01")
    assert text.count(missing) == 2  # beside the field, and under "Left out"

    refused = sign_in(clara).post(reverse("desk:record", args=[case.pk]), follow=True).content.decode()
    assert refused.count(missing) == 3


@pytest.mark.parametrize("spelling", ["2026-03-01", "1.3.2026", "01.03.2026"])
def test_a_laboratory_day_is_read_like_a_birth_date(case: Case, clara: User, sign_in: SignIn, spelling: str) -> None:
    _, text = send(case, clara, sign_in, key="phosphate", value="1.2", unit="mmol/L", date=spelling)

    assert "is not a day" not in text
    assert "YYYY-MM-DD" in entry_page(case, clara, sign_in)


def test_units_are_offered_as_people_write_them(case: Case, clara: User, sign_in: SignIn) -> None:
    page = entry_page(case, clara, sign_in, show="egfr")

    assert "µmol/L" in page
    assert "mL/min/1.73 m²" in page
    assert "{1.73_m2}" not in page
    assert "umol/L" not in page


# --- calcium that albumin changes -----------------------------------------------------------------
@pytest.mark.parametrize(
    ("albumin", "said"),
    [
        ({"value": "2.9", "unit": "g/dL", "date": "2026-03-01"}, "adjusted for albumin 29 g/L (1 Mar): 2.67 mmol/L, "),
        ({"value": "2.9", "unit": "g/dL", "date": "2026-02-01"}, "not adjusted: albumin is from another day (1 Feb)"),
        ({"flag": "low", "date": "2026-03-01"}, "not adjusted: albumin has no number"),
        (None, "not adjusted: albumin is not entered"),
    ],
)
def test_total_calcium_says_what_albumin_makes_of_it(
    case: Case, clara: User, sign_in: SignIn, albumin: dict[str, str] | None, said: str
) -> None:
    with time_machine.travel(datetime(2026, 3, 20, 9, tzinfo=UTC)):
        if albumin:
            save_entry(by=clara, case=case, key="albumin", raw=albumin)
        _, text = send(case, clara, sign_in, key="ca_total", value="9.8", unit="mg/dL", date="2026-03-01")

    assert said in text
    assert ("↑ above range" in text.split(said)[1].split("</p>")[0]) is said.startswith("adjusted")


def test_without_a_total_calcium_nothing_is_said_of_albumin(case: Case, clara: User, sign_in: SignIn) -> None:
    assert "not adjusted" not in entry_page(case, clara, sign_in)


# --- the panel and its line on a narrow screen ----------------------------------------------------
def kidney_failure(clara: User, case: Case) -> None:
    save_entry(by=clara, case=case, key="on_dialysis", raw={"answer": "yes"})
    save_entry(by=clara, case=case, key="painful", lesion=only_lesion(case), raw={"answer": "yes"})
    result(clara, case, "phosphate", "7.7", "mg/dL")


def test_the_narrow_line_keeps_that_nothing_is_decided(case: Case, clara: User) -> None:
    assert live(Entry(case)).summary == "L1: cannot say yet"

    kidney_failure(clara, case)
    said = live(Entry(case))
    held = len(said.lesions[0].assumptions)
    condition = f", if {held} thing{'' if held == 1 else 's'} hold{'s' if held == 1 else ''}" if held else ""
    assert said.summary == f"L1: cannot say yet; metastatic leads{condition} · calciphylaxis not excluded"
    assert said.emergency == ""


def test_the_narrow_line_says_once_what_holds_for_several_lesions(case: Case, clara: User) -> None:
    add_lesion(by=clara, case=case)

    assert live(Entry(case)).summary == "L1, L2: cannot say yet"


def test_calciphylaxis_that_is_not_excluded_is_said_before_the_type(case: Case, clara: User, sign_in: SignIn) -> None:
    kidney_failure(clara, case)

    page = entry_page(case, clara, sign_in)
    panel = page.split('class="live-lesion"')[1].split("</article>")[0]

    assert panel.count("Calciphylaxis is not excluded") == 1
    assert panel.index("Calciphylaxis is not excluded") < panel.index("live-lesion__headline")
    assert "tone--warning" in panel.split("Calciphylaxis is not excluded")[0]
    assert ".." not in panel


def test_an_emergency_keeps_its_urgency_and_turns_the_line_red(case: Case, clara: User, sign_in: SignIn) -> None:
    kidney_failure(clara, case)
    save_entry(by=clara, case=case, key="any_definite_skin_sign", lesion=only_lesion(case), raw={"answer": "yes"})

    said = live(Entry(case))
    page = entry_page(case, clara, sign_in)

    assert said.emergency.startswith("Calciphylaxis · same day")
    assert "live-bar--danger" in page


def test_an_assumption_has_two_buttons_in_plain_words(case: Case, clara: User, sign_in: SignIn) -> None:
    save_entry(by=clara, case=case, key="any_connective_tissue_disease", raw={"answer": "yes"})

    page = entry_page(case, clara, sign_in)

    assert "No, there was none" in page
    assert "Yes, there was" in page
    assert "Not so" not in page


# --- what follows from an answer elsewhere on the page --------------------------------------------
def test_a_found_answer_is_shown_where_it_was_found_and_at_its_group(case: Case, clara: User, sign_in: SignIn) -> None:
    _, text = send(case, clara, sign_in, name="answer", key="ssc", of="", answer="yes", box="history")

    assert 'id="hit-history-f-p-ssc"' in text
    assert "Yes, saved" in text
    assert 'id="hit-history-f-p-ssc-yes" name="answer" value="yes" aria-pressed="true"' in text
    assert '<p id="f-p-any_connective_tissue_disease-said" hx-swap-oob="innerHTML">Yes (Systemic sclerosis)</p>' in text
    assert '<span id="count-history" hx-swap-oob="innerHTML">1 answered</span>' in text

    _, text = send(case, clara, sign_in, key="any_connective_tissue_disease", answer="no")
    assert "Systemic sclerosis stays yes" in text
    assert '<span id="count-history" hx-swap-oob="innerHTML">2 answered</span>' in text

    found = sign_in(clara).get(reverse("desk:find", args=[case.pk]), {"q": "systemic scl", "box": "history"}).content.decode()
    assert "Yes, saved" in found


def test_removing_a_lesion_is_asked_first_and_said_afterwards(case: Case, clara: User, sign_in: SignIn) -> None:
    second = add_lesion(by=clara, case=case)
    save_entry(by=clara, case=case, key="painful", lesion=second, raw={"answer": "yes"})
    record_finding(clara, case, "side", lesion=second, code="left")
    save_entry(by=clara, case=case, key="growing", lesion=second, raw={"answer": "yes"})

    assert "Remove L2 and its 3 entries?" in entry_page(case, clara, sign_in, lesion=str(second.pk))
    answered = sign_in(clara).post(reverse("desk:remove_lesion", args=[case.pk, second.pk]), follow=True)
    assert "L2 was removed." in answered.content.decode()
