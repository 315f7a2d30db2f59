"""The chart of one patient: plots, tables, choices, and what is said where nothing is known."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from calcinosis_app.accounts.models import User
from calcinosis_app.audit.models import Event
from calcinosis_app.patients.actions import record, save_entry
from calcinosis_app.patients.models import Finding, Patient
from tests.apps.patients.ladder import assert_guarded
from tests.cast import SignIn
from tests.factories.case import make_case, only_lesion, record_finding
from tests.factories.patient import make_patient
from tests.factories.results import record_result

VIEW = "desk:chart"


@pytest.fixture(autouse=True)
def in_march() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 3, 20, 9, tzinfo=UTC)):
        yield


@pytest.fixture
def vera(nadia: User) -> Patient:
    return make_patient(nadia)


@pytest.fixture
def browser(sign_in: SignIn, clara: User) -> Client:
    return sign_in(clara)


def page_of(browser: Client, patient: Patient, **choice: Any) -> str:
    found = browser.get(reverse(VIEW, args=[patient.pk]), choice)
    assert found.status_code == 200
    return found.text


def part(page: str, key: str) -> str:
    """The plot of one measurement with its heading."""
    return page.partition(f'id="c-{key}"')[2].partition("</section>")[0]


def table(page: str, key: str) -> list[list[str]]:
    """The rows of one measurement's table, as texts."""
    body = page.partition(f'id="t-{key}"')[2].partition("<tbody>")[2].partition("</tbody>")[0]
    rows = ElementTree.fromstring(f"<t>{body}</t>")  # noqa: S314  # our own page
    return [[" ".join("".join(cell.itertext()).split()) for cell in row] for row in rows]


def test_guards(sign_in: SignIn, clara: User, karl: User, sven: User) -> None:
    assert_guarded(VIEW, make_patient(clara).pk, sign_in, stranger=sven, wrong_role=karl, right=clara)


def test_opening_it_is_an_event_and_its_title_names_nobody(browser: Client, vera: Patient) -> None:
    page = page_of(browser, vera)
    assert Event.objects.get(action="patient.opened").subject_id == str(vera.pk)
    assert "<title>Chart · Calcinosis</title>" in page
    assert "Confirmed by no clinician yet" in page


def test_it_is_reached_from_patient_case_and_record(browser: Client, clara: User) -> None:
    case = make_case(clara)
    record_finding(clara, case, "phosphate", value="1.1", unit="mmol/L")
    link = f'href="{reverse(VIEW, args=[case.patient_id])}"'
    for view, pk in (("patients:patient", case.patient_id), ("desk:case", case.pk), ("patients:case", case.pk), ("desk:entry", case.pk)):
        assert link in browser.get(reverse(view, args=[pk])).text, view


def test_with_nothing_recorded_it_says_what_to_enter_first(browser: Client, vera: Patient, clara: User) -> None:
    page = page_of(browser, vera)
    assert "Nothing is recorded yet" in page
    assert "Calcium with albumin, phosphate" in page
    assert "Nothing has happened yet" in page

    case = make_case(clara, vera)
    assert f'href="{reverse("desk:entry", args=[case.pk])}"' in page_of(browser, vera)


def test_a_result_stands_as_typed_as_converted_and_with_the_range_of_its_age(browser: Client, vera: Patient, nadia: User) -> None:
    record_result(nadia, vera, "phosphate", value="4.60", unit="mg/dL", date="2026-03-01")
    page = page_of(browser, vera, show="both")
    assert table(page, "phosphate") == [
        ["1 Mar 2026", "4.6 mg/dL", "1.49", "↑ above range", "0.84–1.45 mmol/L", "counts now"],
    ]
    drawn = part(page, "phosphate")
    assert 'href="#m-above"' in drawn
    assert "4.6 mg/dL = 1.49 mmol/L, 1 Mar 2026; above range; counts now" in drawn
    assert drawn.count('class="band"') == 1


def test_a_childs_band_changes_with_the_birthday(browser: Client, nadia: User) -> None:
    child = make_patient(nadia, birth_date=datetime(2012, 6, 1, tzinfo=UTC).date())
    # 4747 days old on 31 May 2025: until then up to 1.85, from the next day on up to 1.65.
    for day in ("2025-05-31", "2025-06-01"):
        record_result(nadia, child, "phosphate", value="1.70", unit="mmol/L", date=day)
    page = page_of(browser, child, show="both")
    assert [(row[0], row[3], row[4]) for row in table(page, "phosphate")] == [
        ("1 Jun 2025", "↑ above range", "0.95–1.65 mmol/L"),
        ("31 May 2025", "✓ in range", "1.05–1.85 mmol/L"),
    ]
    assert part(page, "phosphate").count('class="band"') == 2


def test_unknown_age_draws_every_range_and_says_so(browser: Client, nadia: User) -> None:
    somebody = make_patient(nadia, birth_date=None, sex="")
    record_result(nadia, somebody, "phosphate", value="1.50", unit="mmol/L", date="2026-03-01")
    page = page_of(browser, somebody, show="both")
    assert "The birth date and sex of this patient" in page
    assert part(page, "phosphate").count('class="band"') == 9
    assert "Several ranges are drawn over each other" in part(page, "phosphate")
    assert 'href="#m-open"' in part(page, "phosphate")
    [row] = table(page, "phosphate")
    assert row[3] == "? in range or above range"
    assert row[4].endswith("birth date and sex not known")


def test_limits_are_arrows_and_flags_stand_on_a_strip(browser: Client, vera: Patient, nadia: User) -> None:
    record_result(nadia, vera, "crp", value="<5", unit="mg/L", date="2026-03-01")
    record_result(nadia, vera, "crp", value="12", unit="mg/L", date="2026-02-01")
    record_result(nadia, vera, "crp", flag="high", date="2026-01-01")
    drawn = part(page_of(browser, vera), "crp")
    assert drawn.count('href="#m-down"') == 1
    assert drawn.count('href="#m-above"') == 1
    assert ">H<title>high, no number, 1 Jan 2026; above range; a newer result counts</title>" in drawn
    assert "polyline" not in drawn, "a limit is no value to draw a line to"


def test_only_flags_need_no_scale(browser: Client, vera: Patient, nadia: User) -> None:
    record_result(nadia, vera, "crp", flag="normal", date="2026-03-01")
    drawn = part(page_of(browser, vera), "crp")
    assert ">N<title>" in drawn
    assert "band" not in drawn


def test_the_laboratorys_own_range_is_drawn_at_its_result(browser: Client, vera: Patient, nadia: User) -> None:
    record_result(nadia, vera, "phosphate", value="1.40", unit="mmol/L", low="0.8", high="1.3", date="2026-03-01")
    record_result(nadia, vera, "phosphate", value="1.40", unit="mmol/L", date="2026-01-01")
    page = page_of(browser, vera, show="both")
    assert part(page, "phosphate").count('<line class="own"') == 1
    assert [(row[3], row[4]) for row in table(page, "phosphate")] == [
        ("↑ above range", "0.80–1.30 mmol/L (laboratory's own)"),
        ("✓ in range", "0.84–1.45 mmol/L"),
    ]


def test_each_kind_of_calcium_has_a_plot_of_its_own(browser: Client, vera: Patient, nadia: User) -> None:
    for key, value in (("ca_total", "2.3"), ("ca_adjusted", "2.4"), ("ca_ionised", "1.2")):
        record_result(nadia, vera, key, value=value, unit="mmol/L", date="2026-03-01")
    page = page_of(browser, vera)
    assert [part(page, key).count('href="#m-within"') for key in ("ca_total", "ca_adjusted", "ca_ionised")] == [1, 1, 1]


def test_what_does_not_count_says_why(browser: Client, clara: User) -> None:
    case = make_case(clara)
    for slot, (value, day) in enumerate([("1.2", "2025-06-01"), ("1.3", "2026-02-01"), ("7.1", "2026-03-01")]):
        save_entry(by=clara, case=case, key="phosphate", slot=slot, raw={"value": value, "unit": "mmol/L", "date": day, "confirmed": True})
    record(by=clara, case=case)
    wrong = Finding.objects.get(taken_on="2026-03-01")
    record_finding(clara, case, "phosphate", value="1.71", unit="mmol/L", date="2026-03-01", corrects=str(wrong.pk))
    page = page_of(browser, case.patient, show="both")
    assert {(row[1], row[5]) for row in table(page, "phosphate")} == {
        ("1.71 mmol/L", "counts now"),
        ("7.1 mmol/L", "corrected on 20 Mar 2026 by Dr Clara Winter: 1.71 mmol/L"),
        ("1.3 mmol/L", "a newer result counts"),
        ("1.2 mmol/L", "too old: over 90 days"),
    }
    drawn = part(page, "phosphate")
    assert drawn.count('href="#m-corrected"') == 1
    assert "off the scale, drawn at its edge" in drawn
    assert drawn.count('href="#m-ring"') == 1


def test_results_that_disagree_are_called_contradictory(browser: Client, vera: Patient, nadia: User) -> None:
    for value in ("1.1", "2.6"):
        record_result(nadia, vera, "phosphate", value=value, unit="mmol/L", date="2026-03-01", confirmed=True)
    assert "contradictory now: results within 24 hours disagree" in part(page_of(browser, vera), "phosphate")


def test_a_doubtful_value_is_marked_and_explained(browser: Client, vera: Patient, nadia: User) -> None:
    record_result(nadia, vera, "pth", value="310", unit="pmol/L", date="2026-03-01")
    drawn = part(page_of(browser, vera), "pth")
    assert 'class="mark__sign"' in drawn
    assert "310 pmol/L is unusual: check value and unit." in drawn


def test_a_result_from_before_the_birth_date_is_shown_and_questioned(browser: Client, nadia: User) -> None:
    child = make_patient(nadia, birth_date=datetime(2020, 6, 1, tzinfo=UTC).date())
    record_result(nadia, child, "phosphate", value="1.7", unit="mmol/L", date="2019-01-01")
    assert "before the birth date on file" in part(page_of(browser, child), "phosphate")


def test_the_size_of_a_lesion_has_a_course(browser: Client, clara: User) -> None:
    case = make_case(clara)
    lesion = only_lesion(case)
    for slot, (value, day) in enumerate([("12", "2025-06-01"), ("2.1", "2026-03-01")]):
        unit = "mm" if slot == 0 else "cm"
        save_entry(by=clara, case=case, key="lesion_size", lesion=lesion, slot=slot, raw={"value": value, "unit": unit, "date": day})
    record(by=clara, case=case)
    page = page_of(browser, case.patient, show="both")
    key = f"lesion_size-{lesion.pk}"
    assert [row[1:3] for row in table(page, key)] == [["2.1 cm", "21"], ["12 mm", "12"]]
    assert part(page, key).count('href="#m-plain"') == 2
    assert "Size (long axis): <b>2.1 cm</b>" in page
    assert "Size (long axis): 12 mm (1 Jun 2025)" in page


def test_days_and_measurements_can_be_chosen_and_the_rest_is_counted(browser: Client, vera: Patient, nadia: User) -> None:
    for day in ("2024-01-01", "2026-01-01", "2026-03-01"):
        record_result(nadia, vera, "phosphate", value="1.1", unit="mmol/L", date=day)
    record_result(nadia, vera, "albumin", value="40", unit="g/L", date="2026-03-01")
    page = page_of(browser, vera, show="both", of="phosphate", since="2026-01-15", until="2026-03-10", period="365")
    assert len(table(page, "phosphate")) == 1
    assert "2 results lie outside the days shown" in page
    assert 'id="c-albumin"' not in page
    assert "15 Jan 2026 to 10 Mar 2026" in page
    assert '<option value="days" selected>' in page
    assert len(table(page_of(browser, vera, show="tables", period="90"), "phosphate")) == 2


CHOICES: tuple[tuple[dict[str, str], str], ...] = (
    ({"since": "03/04/2026"}, "This is not a day"),
    ({"since": "2026-03-01", "until": "2026-02-01"}, "swap the two days"),
    ({"of": "nothing"}, "A measurement that was asked for is not among those"),
    ({"show": "\x00"}, "Select a valid choice"),
    ({"period": "never"}, "Select a valid choice"),
    ({"since": "0001-01-01", "until": "9999-12-31"}, ""),
    ({"until": "0001-01-01"}, ""),
    ({"since": "9999-12-31"}, ""),
    ({"rows": "all' OR 1=1"}, ""),
)


def test_no_choice_breaks_the_page(browser: Client, vera: Patient, nadia: User) -> None:
    record_result(nadia, vera, "phosphate", value="1.1", unit="mmol/L", date="2026-03-01")
    for choice, says in CHOICES:
        found = browser.get(reverse(VIEW, args=[vera.pk]), choice)
        assert found.status_code == (422 if says else 200), choice
        assert says in found.text, choice
        assert "Phosphate, inorganic" in found.text, choice


def test_hostile_text_stays_text(browser: Client, nadia: User) -> None:
    evil = '<script>alert("x")</script>=1+1'
    patient = make_patient(nadia, family_name=evil, given_name="'\"><svg onload=x>")
    case = make_case(nadia, patient, title=evil)
    lesion = only_lesion(case)
    record_finding(nadia, case, "lesion_size", lesion=lesion, value="12", unit="mm", date="2026-03-01")
    make_case(nadia, patient, title="<b>two</b>")
    page = page_of(browser, patient, show="both")
    assert "<script>alert" not in page
    assert "<svg onload" not in page
    assert "<b>two</b>" not in page
    assert "&lt;script&gt;alert" in page


def test_no_style_and_no_script_stands_in_the_page(browser: Client, vera: Patient, nadia: User) -> None:
    record_result(nadia, vera, "phosphate", value="1.1", unit="mmol/L", date="2026-03-01")
    main = page_of(browser, vera, show="both").partition("<main")[2].partition("</main>")[0]
    assert " style=" not in main
    assert "<script" not in main
    assert "<style" not in main
