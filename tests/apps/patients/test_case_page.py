"""The record of one case."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.urls import reverse

from calcinosis_app.accounts.models import User
from calcinosis_app.patients.actions import record, save_entry
from tests.apps.patients.ladder import assert_guarded
from tests.cast import SignIn
from tests.factories.case import make_case, only_lesion, record_finding

pytestmark = pytest.mark.usefixtures("release")

VIEW = "patients:case"


def test_each_finding_stands_with_value_range_day_and_who_recorded_it(sign_in: SignIn, clara: User) -> None:
    with time_machine.travel(datetime(2026, 3, 1, 23, 30, tzinfo=UTC), tick=False):
        case = make_case(clara)
        lesion = only_lesion(case)
        record_finding(clara, case, "phosphate", value="<9.70", unit="mg/dL", date="2026-03-01", low="2.5", high="4.5", flag="high")
        record_finding(clara, case, "ca_total", flag="normal")
        record_finding(clara, case, "painful", lesion, answer="yes")
        record_finding(clara, case, "side", lesion, code="left")
        record_finding(clara, case, "albumin", state="not_done")
        record_finding(clara, case, "ck", value="100", unit="U/L", high="170")
        record_finding(clara, case, "pth", value="5", unit="pmol/L", low="1.6")

        page = sign_in(clara).get(reverse(VIEW, args=[case.pk]))

    lines = {line.label: line for line in page.context["findings"]}
    assert {line.value for line in lines.values()} >= {"<9.7 mg/dL, high", "normal, no number", "yes", "left", "not done"}
    assert {line.own_range for line in lines.values()} >= {"2.5 to 4.5 mg/dL", "", "up to 170 U/L", "from 1.6 pmol/L"}
    assert {line.of for line in lines.values()} == {"patient", "L1"}
    assert "2 Mar 2026, 00:30 by Dr Clara Winter" in page.text  # Berlin's clock


def test_what_was_recorded_at_once_stands_by_its_day(sign_in: SignIn, clara: User) -> None:
    case = make_case(clara)
    for place, day in enumerate(("2025-03-02", "2025-05-02", "2025-04-02", "2025-06-02")):
        save_entry(by=clara, case=case, key="phosphate", raw={"value": f"1.{place}", "unit": "mmol/L", "date": day}, slot=place)
    record(by=clara, case=case)

    page = sign_in(clara).get(reverse(VIEW, args=[case.pk])).content.decode()

    assert sorted(("2 Jun 2025", "2 May 2025", "2 Apr 2025", "2 Mar 2025"), key=page.index) == [
        "2 Jun 2025",
        "2 May 2025",
        "2 Apr 2025",
        "2 Mar 2025",
    ]


def test_a_result_keeps_its_canonical_value_position_and_range(sign_in: SignIn, clara: User) -> None:
    case = make_case(clara)
    record_finding(clara, case, "phosphate", value="7.7", unit="mg/dL", date="2026-03-01")
    record_finding(clara, case, "egfr", value="12", unit="mL/min/{1.73_m2}", date="2026-03-01")
    record_finding(clara, case, "painful", only_lesion(case), answer="yes")

    page = sign_in(clara).get(reverse(VIEW, args=[case.pk]))

    lines = {line.finding.key: line for line in page.context["findings"]}
    phosphate = lines["phosphate"]
    assert (phosphate.canonical, phosphate.position_mark, phosphate.position_label) == ("2.49 mmol/L", "↑", "above range")
    assert phosphate.judged_by == "0.84–1.45 mmol/L"
    assert (lines["painful"].canonical, lines["painful"].position, lines["painful"].judged_by) == ("", "", "")
    assert "12 mL/min/1.73 m²" in page.text
    assert "1.73_m2" not in page.text
    assert "none given" not in page.text


def test_a_doubtful_value_says_so_and_leads_to_where_it_is_confirmed(sign_in: SignIn, clara: User) -> None:
    case = make_case(clara)
    found = record_finding(clara, case, "pth", value="984", unit="pg/mL", date="2026-03-01")
    browser = sign_in(clara)

    page = browser.get(reverse(VIEW, args=[case.pk])).text
    assert "984 pg/mL is unusual: check value and unit." in page
    assert f"{reverse('desk:entry', args=[case.pk])}?show=pth&amp;corrects={found.pk}" in page

    record_finding(clara, case, "pth", value="984", unit="pg/mL", date="2026-03-01", confirmed=True, corrects=str(found.pk))
    assert "is unusual" not in browser.get(reverse(VIEW, args=[case.pk])).text


def test_what_is_typed_and_not_recorded_is_announced(sign_in: SignIn, clara: User) -> None:
    case = make_case(clara)
    save_entry(by=clara, case=case, key="phosphate", raw={"value": "9.7"})

    assert "1 entry is typed and not yet recorded" in sign_in(clara).get(reverse(VIEW, args=[case.pk])).text


def test_an_empty_record_says_so(sign_in: SignIn, clara: User) -> None:
    assert "Nothing is recorded yet" in sign_in(clara).get(reverse(VIEW, args=[make_case(clara).pk])).text


def test_guards(sign_in: SignIn, clara: User, aya: User, sven: User) -> None:
    assert_guarded(VIEW, make_case(clara).pk, sign_in, stranger=sven, wrong_role=aya, right=clara)
