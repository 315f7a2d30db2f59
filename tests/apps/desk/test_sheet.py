"""An assessment on one sheet of paper: what stands on it, who may print it, and what it does with hostile text."""

import re
from html import unescape

import pytest
from django.urls import reverse

from calcinosis_app.accounts.models import User
from calcinosis_app.assessments.actions import assess_case, decide_step, override_type, sign, write_note
from calcinosis_app.assessments.models import Assessment, Review
from calcinosis_app.assessments.reasons import ReasonGroup
from calcinosis_app.patients.actions import add_lesion, record, save_entry
from calcinosis_app.patients.models import Case
from tests.cast import SignIn
from tests.factories.assessment import BLOCKED, OFFERED, let_override, make_assessment, make_plan, make_review
from tests.factories.case import make_case, only_lesion, record_finding

HOSTILE = "<script>alert(1)</script>\u202e=1+1\"'<b>"


def printed(assessment: Assessment, user: User, sign_in: SignIn) -> str:
    """The text of the sheet, without markup."""
    answered = sign_in(user).get(reverse("desk:print", args=[assessment.pk]))
    assert answered.status_code == 200
    sheet = answered.text.split("<article", 1)[1].split("</article>", 1)[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", sheet)).split())


def test_the_sheet_says_whom_when_under_what_and_that_nobody_reviewed_it(clara: User, sign_in: SignIn) -> None:
    assessment = make_assessment(clara)
    patient = assessment.case.patient
    sheet = printed(assessment, clara, sign_in)

    for text in (
        f"Lind, Vera born 4 May 1961 ({patient.age}) · female · number {patient.number}",
        f"Assessment of {assessment.on:%-d %b %Y}",
        f"release 1 ({assessment.release.hash[:12]}), engine {assessment.engine}, labels of the European Union",
        "made by Dr Clara Winter",
        "Not reviewed: for discussion only.",
        "Release 1 is not adopted: no clinician has confirmed these rules.",
        "Not for emergencies: call the emergency service.",
        "It informs; the clinician decides.",
        "Still possible:",
        "Phosphate, inorganic 1.10 mmol/L in range",
        "A figure in this row has been confirmed by nobody.",
        "Would fall due",
        "Printed",
    ):
        assert text in sheet, text
    assert "Past" not in sheet


def test_every_source_in_brackets_is_listed_with_its_key(clara: User, sign_in: SignIn) -> None:
    sheet = printed(make_assessment(clara), clara, sign_in)
    cited = {int(number) for group in re.findall(r"\[([0-9,]+)\]", sheet) for number in group.split(",")}
    listed = sheet.split(" Sources ")[1]

    assert cited
    assert cited == set(range(1, max(cited) + 1))
    for number in cited:
        assert re.search(rf"{number}\s[A-Z][A-Z0-9_]+ ", listed), number


def test_a_signed_review_is_named_with_its_decisions_reasons_and_overrides(clara: User, ada: User, sign_in: SignIn) -> None:
    let_override(clara, ada)
    review = make_review(clara)
    decide_step(by=clara, review=review, decision="accept", **OFFERED)
    why = {"reason_group": ReasonGroup.values[0]}
    decide_step(
        by=clara, review=review, decision="accept", override=True, text="No other way is left, and she knows the risk.", **BLOCKED, **why
    )
    override_type(by=clara, review=review, lesion="L1", type="idiopathic", text="The biopsy says so.", **why)
    write_note(by=clara, review=review, note="Seen with the tumour board.")
    open_sheet = printed(review.assessment, clara, sign_in)
    sign(by=clara, review=review)
    sheet = printed(review.assessment, clara, sign_in)

    assert "In review by Dr Clara Winter, not signed: for discussion only." in open_sheet
    assert "Accept (not signed)." in open_sheet
    for text in (
        "Reviewed and signed by Dr Clara Winter",
        "Accept, past an absolute gate.",
        "No other way is left, and she knows the risk.",
        "Dr Clara Winter says idiopathic instead of open",
        "The biopsy says so.",
        "Seen with the tumour board.",
    ):
        assert text in sheet, text


def test_a_past_assessment_is_printed_as_it_was_judged(clara: User, sign_in: SignIn) -> None:
    plan: Review = make_plan(clara)
    before = printed(plan.assessment, clara, sign_in)
    record_finding(clara, plan.assessment.case, "phosphate", value="2.4", unit="mmol/L")
    newer = assess_case(by=clara, case=plan.assessment.case)
    sheet = printed(plan.assessment, clara, sign_in)

    assert "Past assessment of" in sheet
    assert "There is a newer assessment of this case" in sheet
    assert "1 finding recorded after Dr Clara Winter signed" in sheet
    assert "2.40 mmol/L" not in sheet
    assert "2.40 mmol/L above range" in printed(newer, clara, sign_in)
    assert "Past" not in before


def test_who_may_print_it(clara: User, nadia: User, karl: User, sven: User, sign_in: SignIn) -> None:
    address = reverse("desk:print", args=[make_assessment(clara).pk])

    assert [sign_in(user).get(address).status_code for user in (clara, nadia, karl, sven)] == [200, 200, 403, 404]
    assert sign_in(clara).post(address).status_code == 405


def test_hostile_text_stands_on_it_as_text(clara: User, sign_in: SignIn) -> None:
    review = make_review(clara)
    Case.objects.filter(pk=review.assessment.case_id).update(title=HOSTILE)
    write_note(by=clara, review=review, note=HOSTILE)
    answered = sign_in(clara).get(reverse("desk:print", args=[review.assessment_id])).text

    assert "<script>alert" not in answered
    assert answered.count("&lt;script&gt;alert(1)") == 2


def test_what_two_lesions_share_is_said_once(clara: User, sign_in: SignIn) -> None:
    case = make_case(clara)
    for lesion in (only_lesion(case), add_lesion(by=clara, case=case)):
        save_entry(by=clara, case=case, key="any_definite_skin_sign", raw={"answer": "no"}, lesion=lesion)
    save_entry(by=clara, case=case, key="on_dialysis", raw={"answer": "yes"})
    record(by=clara, case=case)
    sheet = printed(assess_case(by=clara, case=case), clara, sign_in)

    assert "L1; L2: Cannot say yet" in sheet
    assert sheet.count("Surgical excision") == 1
    assert "Surgical excision at L1, L2" in sheet


@pytest.mark.parametrize("where", ["desk:assessment", "gallery:case"])
def test_the_way_to_the_sheet_stands_on_the_page(where: str, clara: User, sign_in: SignIn) -> None:
    args = ["O11"] if where == "gallery:case" else [make_assessment(clara).pk]
    sheet = reverse("gallery:print" if where == "gallery:case" else "desk:print", args=args)

    assert f'href="{sheet}"' in sign_in(clara).get(reverse(where, args=args)).text
