"""A nurse sends a file, watches it, imports it, and maps a code in the queue; in a real browser with a real worker."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from calcinosis_app.accounts.models import User
from calcinosis_app.laboratory.actions import map_code, map_unit
from calcinosis_app.patients.models import Finding
from tests.browsing import assert_whole, let_in
from tests.factories.laboratory import csv_of, result_of
from tests.factories.patient import make_patient
from tests.journeys.keyboard import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PATIENCE = 30_000


def test_from_a_file_to_findings(page: Page, worker: None, nadia: User, assert_accessible: Callable[[Page], None]) -> None:
    vera = make_patient(nadia)
    lines = [result_of(vera, sample_id=f"s{number}") for number in range(1500)]
    content = csv_of(*lines, result_of(vera, code="PO4", code_system="", value="1.4"), result_of(vera, value="11"))
    sign_in(page, nadia)

    page.goto(reverse("laboratory:imports"))
    assert_accessible(page)
    page.get_by_label("File", exact=True).set_input_files({"name": "november.csv", "mimeType": "text/csv", "buffer": content})
    page.get_by_role("textbox", name="Laboratory").fill("Central")
    page.get_by_role("button", name="Try the file").press("Enter")
    expect(page.get_by_role("heading", name="november.csv")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Dry run: finished")).to_be_visible(timeout=PATIENCE)
    assert_accessible(page)
    assert Finding.objects.count() == 0

    page.get_by_role("button", name="Import 1500 results").press("Enter")
    expect(page.get_by_role("heading", name="Import: finished")).to_be_visible(timeout=PATIENCE)
    assert Finding.objects.count() == 1500

    page.get_by_role("link", name="Map codes and units in the queue").press("Enter")
    assert_accessible(page)
    page.get_by_label("Meaning of PO4").select_option("phosphate")
    page.get_by_role("button", name="Map, and run these lines again").press("Enter")
    expect(page.get_by_text("1 mapped. 1 lines run again.")).to_be_visible()

    page.get_by_role("link", name="Imports").press("Enter")
    for _ in range(60):
        page.reload()
        if page.get_by_text("1501 imported, 0 ignored, 1 refused").count():
            break
        page.wait_for_timeout(500)
    expect(page.get_by_text("1501 imported, 0 ignored, 1 refused")).to_be_visible()


def test_no_page_is_wider_than_a_narrow_screen(page: Page, nadia: User, assert_accessible: Callable[[Page], None]) -> None:
    code = {"laboratory": "central", "system": "own list", "code": "PO4"}
    map_code(by=nadia, key="phosphate", **code)
    map_unit(by=nadia, key="phosphate", spelling="mmol pro L", unit="mmol/L", **code)
    let_in(page, nadia)
    page.set_viewport_size({"width": 390, "height": 844})
    for address in (reverse("laboratory:imports"), reverse("laboratory:queue")):
        page.goto(address)
        if address == reverse("laboratory:queue"):
            page.get_by_text("What has been mapped").press("Enter")
            expect(page.get_by_role("button", name="Change code PO4")).to_be_visible()
            assert_accessible(page)
        assert_whole(page)
