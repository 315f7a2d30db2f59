"""The chart on a narrow screen and by keyboard: from the case to the plots, to their tables, to the story."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from calcinosis_app.accounts.models import User
from tests.browsing import let_in
from tests.factories.assessment import make_plan
from tests.factories.results import record_many, record_result
from tests.journeys.keyboard import press, reach

TODAY = date.today()  # noqa: DTZ011


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_chart_at_390_pixels_by_keyboard(page: Page, clara: User, nadia: User, look: Callable[[], None]) -> None:
    plan = make_plan(clara)
    vera = plan.assessment.case.patient
    record_many(nadia, vera, last=TODAY - timedelta(days=1), days=range(0, 900, 60))
    record_result(nadia, vera, "crp", value="<5", unit="mg/L", date=TODAY.isoformat())
    record_result(nadia, vera, "crp", flag="high", date=(TODAY - timedelta(days=200)).isoformat())
    page.set_viewport_size({"width": 390, "height": 844})

    let_in(page, clara)
    page.goto(reverse("desk:case", args=[plan.assessment.case_id]))
    chart = reverse("desk:chart", args=[vera.pk])
    press(page, f'a[href="{chart}"]')
    plot = page.get_by_role("img", name="Plot of Phosphate, inorganic")
    expect(plot).to_be_visible()
    box = plot.bounding_box()
    assert box
    assert box["width"] > 250
    expect(page.locator("#c-phosphate .mark")).to_have_count(16)
    expect(page.locator("#c-crp .flag")).to_have_count(1)
    assert page.locator("#c-crp .mark--limit").bounding_box(), "the arrow is drawn"
    look()

    press(page, '#c-phosphate a[href$="#t-phosphate"]')
    expect(page.get_by_role("table").filter(has_text="Phosphate, inorganic")).to_be_visible()
    assert page.url.endswith("?show=both&of=phosphate#t-phosphate")
    look()

    reach(page, "input[name=show][value=both]")
    page.keyboard.press("ArrowLeft")
    press(page, "form.chart-filter .button--primary")
    expect(page.get_by_role("img", name="Plot of")).to_have_count(0)
    expect(page.get_by_role("table").filter(has_text="Phosphate, inorganic")).to_be_visible()
    press(page, '#story a[href*="/assessments/"]')
    expect(page.get_by_role("heading", name="Assessment of")).to_be_visible()
