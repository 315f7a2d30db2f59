"""An assessment with its review: answers on the spot, decisions, the reviewer's own type, what arrives later."""

import re
from hashlib import sha256

import pytest
from django.urls import reverse

from calcinosis_app.accounts.actions import grant_permission
from calcinosis_app.accounts.models import User
from calcinosis_app.assessments.actions import assess_case, decide_step, sign, start_review
from calcinosis_app.assessments.bridge import canonical
from calcinosis_app.assessments.models import Assessment, Review, Step, TypeOverride
from calcinosis_app.assessments.selectors import newest_assessment, unsigned_of
from calcinosis_app.desk.templatetags.clinical import sentence
from calcinosis_app.patients.actions import record, save_entry
from calcinosis_app.patients.models import DraftEntry, Finding
from calcinosis_app.patients.selectors import lesions_of
from tests.cast import SignIn
from tests.factories.case import make_case, only_lesion, record_finding

GATE = "hypersensitivity_thiosulfate"


@pytest.fixture
def assessment(clara: User) -> Assessment:
    """A plaque where calcium was infused, imaged, with nothing asked beyond."""
    case = make_case(clara)
    lesion = only_lesion(case)
    for key, raw in {
        "infusion_site": {"code": "same"},
        "calcification_on_biopsy": {"answer": "yes"},
        "ulcerated": {"answer": "yes"},
        "any_definite_skin_sign": {"answer": "no"},
        "any_early_skin_sign": {"answer": "no"},
    }.items():
        save_entry(by=clara, case=case, key=key, raw=raw, lesion=lesion)
    record(by=clara, case=case)
    return assess_case(by=clara, case=case)


def open_page(assessment: Assessment, user: User, sign_in: SignIn) -> str:
    response = sign_in(user).get(reverse("desk:assessment", args=[assessment.pk]))
    assert response.status_code == 200
    return response.content.decode()


def decide(review: Review, user: User, sign_in: SignIn, **fields: str) -> tuple[int, str]:
    response = sign_in(user).post(reverse("desk:decide", args=[review.pk]), {"lesion": "", "row": "", "treatment": "", **fields})
    return response.status_code, response.content.decode()


def test_the_page_says_type_basis_limits_and_that_nobody_adopted_the_rules(assessment: Assessment, clara: User, sign_in: SignIn) -> None:
    page = open_page(assessment, clara, sign_in)

    for text in ("Iatrogenic", "Because", "Why not the others", "is not adopted", "Not for emergencies", "Act now"):
        assert text in page
    assert re.search(r'href="/rules/\d+/rows/C2/"', page)
    assert not re.search(r'name="decision"[^>]*checked', page)


@pytest.mark.parametrize(
    ("text", "shown"), [("eGFR below 30", "eGFR below 30"), ("plain radiograph", "Plain radiograph"), ("pH", "pH"), ("", ""), (None, "")]
)
def test_a_first_word_with_capitals_of_its_own_is_left_alone(text: str | None, shown: str) -> None:
    assert sentence(text) == shown


def test_a_stored_result_stands_whatever_the_engine_says_today(assessment: Assessment, clara: User, sign_in: SignIn) -> None:
    stored = dict(assessment.outcome, engine="0")
    stored["lesions"] = [dict(stored["lesions"][0], status="decided", type="idiopathic", leading=None)]
    result = canonical(stored)
    older = Assessment.objects.create(
        case=assessment.case,
        release=assessment.release,
        on=assessment.on,
        jurisdiction=assessment.jurisdiction,
        engine="0",
        findings=assessment.findings,
        result=result,
        sha256=sha256(result.encode()).hexdigest(),
        made_by=clara,
    )

    page = open_page(older, clara, sign_in)

    assert "Idiopathic (as stored)" in page
    assert "The stored result stands" in page
    assert "lesions[0].type: idiopathic, now iatrogenic" in page
    assert "as stored" not in open_page(assessment, clara, sign_in)


def test_an_answer_takes_nothing_from_what_a_colleague_typed(assessment: Assessment, clara: User, nadia: User, sign_in: SignIn) -> None:
    save_entry(by=nadia, case=assessment.case, key="phosphate", raw={"value": "2.4", "unit": "mmol/L"})
    sent = {"option": "x", "key": ["phosphate"], "of": [""], "value:phosphate:": "1.1", "unit:phosphate:": "mmol/L"}

    sign_in(clara).post(reverse("desk:answers", args=[assessment.pk]), sent)

    assert str(Finding.objects.get(key="phosphate").number) == "1.100000000"
    assert DraftEntry.objects.get(key="phosphate").raw["value"] == "2.4"


def test_an_answer_beside_an_option_is_recorded_alone_and_assessed_again(assessment: Assessment, clara: User, sign_in: SignIn) -> None:
    save_entry(by=clara, case=assessment.case, key="albumin", raw={"value": "4,1"})
    start_review(by=clara, assessment=assessment)
    sent = {"option": "option-sts_topical-L1", "key": [GATE], "of": [""], f"answer:{GATE}:": "", "none": "1"}

    response = sign_in(clara).post(reverse("desk:answers", args=[assessment.pk]), sent)

    again = newest_assessment(assessment.case)
    assert again is not None and again != assessment
    assert response["Location"].startswith(reverse("desk:assessment", args=[again.pk]))
    assert Finding.objects.get(key=GATE).answer is False
    assert DraftEntry.objects.get().key == "albumin"
    assert unsigned_of(clara).get().assessment == again
    options = {(one["treatment"], one["lesion"]): one["status"] for one in again.outcome["options"]}
    assert options["sts_topical", "L1"] in ("offered", "caution")


@pytest.fixture
def open_assessment(clara: User) -> Assessment:
    """A patient on dialysis with a painful ulcer; exposure, injury, other diseases and the skin were not asked."""
    case = make_case(clara)
    lesion = only_lesion(case)
    save_entry(by=clara, case=case, key="on_dialysis", raw={"answer": "yes"})
    save_entry(by=clara, case=case, key="phosphate", raw={"value": "2.4", "unit": "mmol/L"})
    for key, raw in {"site": {"code": "thigh"}, "side": {"code": "left"}, "ulcerated": {"answer": "yes"}}.items():
        save_entry(by=clara, case=case, key=key, raw=raw, lesion=lesion)
    record(by=clara, case=case)
    return assess_case(by=clara, case=case)


SETTLES = ("any_definite_skin_sign", "any_early_skin_sign", "any_exposure_at_site", "any_injury_at_site", "retiform_purpura")


def test_one_no_beside_a_cream_neither_answers_for_the_skin_nor_settles_the_type(
    open_assessment: Assessment, clara: User, sign_in: SignIn
) -> None:
    lesion = str(only_lesion(open_assessment.case).pk)
    sent = {
        "option": "option-sts_topical-L1",
        "key": [*SETTLES, "any_connective_tissue_disease", GATE],
        "of": [*([lesion] * len(SETTLES)), "", ""],
        "none": "1",
        f"answer:{GATE}:": "",
        "answer:any_connective_tissue_disease:": "",
        **{f"answer:{key}:{lesion}": "" for key in SETTLES},
    }
    page = sign_in(clara).post(reverse("desk:answers", args=[open_assessment.pk]), sent, follow=True).content.decode()

    assert Finding.objects.get(answer=False).key == GATE
    again = newest_assessment(open_assessment.case)
    assert again is not None
    assert again.outcome["lesions"][0]["status"] == "open"
    assert "calciphylaxis_not_excluded" in again.outcome["lesions"][0]["marks"]
    assert "Recorded: 1 \u00d7 no (allergy to thiosulfate" in page


def test_a_no_in_bulk_overwrites_nothing_that_is_typed(open_assessment: Assessment, clara: User, sign_in: SignIn) -> None:
    save_entry(by=clara, case=open_assessment.case, key=GATE, raw={"answer": "yes"})
    sent = {"option": "option-sts_topical-L1", "key": [GATE], "of": [""], f"answer:{GATE}:": "", "none": "1"}
    page = sign_in(clara).post(reverse("desk:answers", args=[open_assessment.pk]), sent, follow=True).content.decode()

    assert DraftEntry.objects.get(key=GATE).raw == {"answer": "yes"}
    assert "Nothing was answered, so nothing was recorded." in page


def test_what_settles_the_type_is_asked_once_and_singly(open_assessment: Assessment, clara: User, sign_in: SignIn) -> None:
    page = open_page(open_assessment, clara, sign_in)
    lesion = only_lesion(open_assessment.case).pk

    assert re.search(r"First settle the type: \d+ questions", page)
    assert page.count(f'name="answer:any_definite_skin_sign:{lesion}" value="no"') == 1
    first = page[page.index('id="settle-L1"') : page.index("</details>", page.index('id="settle-L1"'))]
    assert f"answer:any_definite_skin_sign:{lesion}" in first
    assert 'name="none"' not in first
    assert f"entry/?lesion={lesion}&amp;show=any_exposure_at_site#f-L1-any_exposure_at_site" in page
    assert re.search(r"No to the <span data-count>\d+</span> questions? above that (is|are) not answered", page)


def test_answers_say_what_was_recorded_and_what_changed(open_assessment: Assessment, clara: User, sign_in: SignIn) -> None:
    lesion = str(only_lesion(open_assessment.case).pk)
    sent = {"option": "settle-L1", "key": ["any_definite_skin_sign"], "of": [lesion], f"answer:any_definite_skin_sign:{lesion}": "yes"}
    page = sign_in(clara).post(reverse("desk:answers", args=[open_assessment.pk]), sent, follow=True).content.decode()

    assert "New emergency: Calciphylaxis. L1 · left thigh, ulcer was open, is now withheld." in page


def test_with_nothing_answered_nothing_is_recorded(open_assessment: Assessment, clara: User, sign_in: SignIn) -> None:
    before = Finding.objects.count()
    sent = {"option": "o", "key": [GATE], "of": [""], f"answer:{GATE}:": ""}
    page = sign_in(clara).post(reverse("desk:answers", args=[open_assessment.pk]), sent, follow=True).content.decode()

    assert "Nothing was answered, so nothing was recorded." in page
    assert Finding.objects.count() == before


def test_what_cannot_wait_stands_above_the_headline(open_assessment: Assessment, clara: User, sign_in: SignIn) -> None:
    page = open_page(open_assessment, clara, sign_in)

    assert page.count("Calciphylaxis is not excluded") == 1
    assert page.index("Calciphylaxis is not excluded") < page.index('id="headline"')
    assert "Lesion L1 \u00b7 left thigh, ulcer" in page


def test_an_emergency_stands_first_and_once(open_assessment: Assessment, clara: User, sign_in: SignIn) -> None:
    lesion = only_lesion(open_assessment.case)
    save_entry(by=clara, case=open_assessment.case, key="painful_livedo", raw={"answer": "yes"}, lesion=lesion)
    record(by=clara, case=open_assessment.case)
    page = open_page(assess_case(by=clara, case=open_assessment.case), clara, sign_in)

    assert page.count("Same-day nephrology and dermatology.") == 1
    assert page.index("Same-day nephrology and dermatology.") < page.index("is not adopted")


def test_what_waits_for_answers_is_folded_and_shared_questions_stand_once(
    open_assessment: Assessment, clara: User, sign_in: SignIn
) -> None:
    page = open_page(open_assessment, clara, sign_in)

    assert re.search(r"\d+ wait for answers</summary>", page)
    assert "Questions that many options wait for" in page
    assert "Never offered" in page
    for raw in ("wound_care_offload</span>", "EXPERT_RULE<", "mm[Hg]<", "EGFR"):
        assert raw not in page
    assert f"/rules/{open_assessment.release.number}/" in page
    assert re.search(r'href="/rules/\d+/references/#ref-\w+"', page)
    for heading in ("<h3>Refer</h3>", "<h3>Tell the patient</h3>", "<h3>Options</h3>"):
        assert heading in page


def test_a_measurement_in_error_beside_an_option_records_nothing(assessment: Assessment, clara: User, sign_in: SignIn) -> None:
    before = Finding.objects.count()
    sent = {"option": "o", "key": ["sbp"], "of": [""], "value:sbp:": "1200", "unit:sbp:": "mm[Hg]"}

    page = sign_in(clara).post(reverse("desk:answers", args=[assessment.pk]), sent, follow=True).content.decode()

    assert "impossible" in page
    assert Finding.objects.count() == before
    assert newest_assessment(assessment.case) == assessment


def test_a_decision_is_kept_a_refused_one_stays_as_typed(assessment: Assessment, clara: User, sign_in: SignIn) -> None:
    review = start_review(by=clara, assessment=assessment)

    status, text = decide(review, clara, sign_in, treatment="wound_care_offload", lesion="L1", decision="accept")
    assert status == 200
    assert "Decided: 1" in text
    status, text = decide(review, clara, sign_in, treatment="wound_care_offload", lesion="L1", decision="decline", text="not now")
    assert status == 422
    assert "reason is missing" in text
    assert 'value="not now"' in text
    assert Step.objects.get().decision == "accept"


def test_past_an_absolute_gate_only_with_the_permission(assessment: Assessment, clara: User, ada: User, sign_in: SignIn) -> None:
    review = start_review(by=clara, assessment=assessment)
    past = {
        "treatment": "warfarin_low_dose",
        "decision": "accept",
        "override": "1",
        "reason_group": "outcome",
        "text": "agreed with haematology",
    }

    assert decide(review, clara, sign_in, **past)[0] == 403
    grant_permission(by=ada, user=clara, permission="override_absolute")
    assert decide(review, clara, sign_in, **past)[0] == 200
    assert Step.objects.get().is_override
    assert "past an absolute gate" in open_page(assessment, clara, sign_in)


def test_another_type_needs_a_reason_and_is_seen(assessment: Assessment, clara: User, nadia: User, sign_in: SignIn) -> None:
    review = start_review(by=clara, assessment=assessment)
    address = reverse("desk:override_type", args=[review.pk])
    browser = sign_in(clara)

    assert browser.post(address, {"lesion": "L1", "type": "mixed"}).status_code == 422
    given = {"lesion": "L1", "type": "mixed", "reason_group": "disagrees", "text": "phosphate was high last year"}
    answer = browser.post(address, given)
    assert answer.status_code == 200
    assert TypeOverride.objects.get().type == "mixed"
    for text in (
        "Iatrogenic (rules) \u00b7 Dr Clara Winter: mixed",
        "<b>L1 \u00b7 ulcer: mixed</b> instead of iatrogenic",
        "both still follow the type of the rules",
        'id="about-L1" hx-swap-oob="innerHTML"',
    ):
        assert text in answer.content.decode()
    sign(by=clara, review=review)
    assert "phosphate was high last year" in open_page(assessment, nadia, sign_in)
    case_page = browser.get(reverse("desk:case", args=[assessment.case_id])).content.decode()
    assert "Dr Clara Winter: L1 · ulcer: mixed instead of iatrogenic" in case_page


def test_a_refused_type_stays_as_it_was_sent(assessment: Assessment, clara: User, sign_in: SignIn) -> None:
    review = start_review(by=clara, assessment=assessment)
    sent = {"lesion": "L1", "type": "calciphylaxis", "reason_group": "", "text": "the colour is wrong"}
    response = sign_in(clara).post(reverse("desk:override_type", args=[review.pk]), sent)

    assert response.status_code == 422
    assert '<option value="calciphylaxis" selected>' in response.content.decode()
    assert 'value="the colour is wrong"' in response.content.decode()


def test_what_arrives_after_signing_marks_the_review_as_outdated(assessment: Assessment, clara: User, nadia: User, sign_in: SignIn) -> None:
    review = start_review(by=clara, assessment=assessment)
    browser = sign_in(clara)
    browser.post(reverse("desk:note", args=[review.pk]), {"note": "See again in spring."})
    browser.post(reverse("desk:sign", args=[review.pk]))
    assert "Outdated" not in open_page(assessment, clara, sign_in)

    save_entry(by=nadia, case=assessment.case, key="albumin", raw={"value": "40", "unit": "g/L"})
    record(by=nadia, case=assessment.case)
    page = open_page(assessment, clara, sign_in)
    assert "Outdated: 1 finding recorded after Dr Clara Winter signed" in page
    assert "Assess again" in page
    assert "Something was recorded after Dr Clara Winter signed" in browser.get("/").content.decode()


def test_an_empty_review_is_not_signed(assessment: Assessment, clara: User, sign_in: SignIn) -> None:
    review = start_review(by=clara, assessment=assessment)
    page = sign_in(clara).post(reverse("desk:sign", args=[review.pk]), {"note": " "}, follow=True).content.decode()

    assert "nothing to sign yet" in page
    review.refresh_from_db()
    assert not review.is_signed


def test_who_may_do_what(assessment: Assessment, clara: User, nadia: User, karl: User, sven: User, sign_in: SignIn) -> None:
    review = start_review(by=clara, assessment=assessment)
    address = reverse("desk:assessment", args=[assessment.pk])

    assert "Start your review" not in open_page(assessment, nadia, sign_in)
    assert decide(review, nadia, sign_in, treatment="wound_care_offload", lesion="L1", decision="accept")[0] == 403
    assert sign_in(karl).get(address).status_code == 403
    assert sign_in(sven).get(address).status_code == 404
    assert decide(review, sven, sign_in, treatment="wound_care_offload", lesion="L1", decision="accept")[0] == 404
    assert sign_in(sven).post(reverse("desk:answers", args=[assessment.pk]), {}).status_code == 404


def test_a_decision_that_no_longer_fits_is_shown_with_its_words(assessment: Assessment, clara: User, sign_in: SignIn) -> None:
    review = start_review(by=clara, assessment=assessment)
    text = "Ask the mother about the allergy."
    place = {"treatment": "antibiotics_infected", "lesion": "L1"}
    decide_step(by=clara, review=review, decision="decline", reason_group="bad_moment", text=text, **place)
    lesion = lesions_of(assessment.case).get()
    record_finding(clara, assessment.case, "infection_at_site", lesion, answer="yes")
    again = start_review(by=clara, assessment=assess_case(by=clara, case=assessment.case)).assessment

    page = open_page(again, clara, sign_in)

    assert "No longer fits: decide it again." in page
    assert text in page


def test_the_note_that_is_being_written_survives_another_decision(assessment: Assessment, clara: User, sign_in: SignIn) -> None:
    review = start_review(by=clara, assessment=assessment)
    given = {"lesion": "L1", "type": "mixed", "reason_group": "disagrees", "text": "phosphate was high", "note": "Ask the nephrologist."}

    answer = sign_in(clara).post(reverse("desk:override_type", args=[review.pk]), given)

    assert "Ask the nephrologist." in answer.text
    review.refresh_from_db()
    assert review.note == "Ask the nephrologist."
