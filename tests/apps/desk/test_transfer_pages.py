"""A transfer as the two clinics see it."""

from django.urls import reverse

from calcinosis_app.accounts.models import Clinic, User
from calcinosis_app.audit.models import Event
from calcinosis_app.patients.models import TransferOffer
from tests.apps.patients.ladder import assert_guarded
from tests.cast import SignIn
from tests.factories.assessment import make_review
from tests.factories.emergency import make_offer, transferred
from tests.factories.patient import make_patient

LIST = reverse("access:transfers")


def test_offered_accepted_and_gone(sign_in: SignIn, clara: User, sven: User, hill: Clinic) -> None:
    vera = make_patient(clara, number="A-17")
    here, there = sign_in(clara), sign_in(sven)

    answer = here.post(reverse("access:offer", args=[vera.pk]), {"clinic": hill.pk, "reason": "Moves house."})
    offer = TransferOffer.objects.get()
    assert answer["Location"] == reverse("access:transfer", args=[offer.pk])
    assert "From Riverside clinic" in there.get("/").text

    page = there.get(answer["Location"]).text
    for said in ("Lind, Vera", "4 May 1961", "A-17 at Riverside clinic", "Moves house."):
        assert said in page
    assert Event.objects.filter(action="patient.opened", actor_id=str(sven.pk), subject_id=str(vera.pk)).exists()
    assert there.get(reverse("patients:patient", args=[vera.pk])).status_code == 404

    answer = there.post(reverse("access:accept", args=[offer.pk]), {"number": "H-7"})
    assert answer["Location"] == reverse("patients:patient", args=[vera.pk])
    patient = there.get(answer["Location"]).text
    assert "Earlier numbers: A-17 at Riverside clinic" in patient
    assert here.get(reverse("patients:patient", args=[vera.pk])).status_code == 404
    left = here.get(reverse("access:transfer", args=[offer.pk])).text
    assert "A-17" in left
    assert "Lind" not in left
    search = here.post(reverse("patients:search"), {"text": "A-17"}).text
    assert "Number A-17: transferred to Hill clinic on" in search
    assert "Lind" not in search


def test_a_taken_number_is_named_beside_the_field(sign_in: SignIn, clara: User, sven: User, hill: Clinic) -> None:
    make_patient(sven, number="H-1", family_name="Other")
    offer = make_offer(clara, make_patient(clara), hill)

    answer = sign_in(sven).post(reverse("access:accept", args=[offer.pk]), {"number": "H-1"})

    assert answer.status_code == 422
    assert "Number H-1 belongs to another patient of this clinic" in answer.text
    assert 'value="H-1"' in answer.text


def test_declined_the_other_clinic_reads_why_and_who_it_was_is_told_no_more(sign_in: SignIn, clara: User, sven: User, hill: Clinic) -> None:
    offer = make_offer(clara, make_patient(clara), hill)
    there, url = sign_in(sven), reverse("access:transfer", args=[offer.pk])

    assert there.post(reverse("access:decline", args=[offer.pk]), {"answer": ""}).status_code == 422
    assert there.post(reverse("access:decline", args=[offer.pk]), {"answer": "No room here."}).status_code == 302

    assert "No room here." in sign_in(clara).get(url).text
    assert "Lind" not in there.get(url).text
    assert "Lind" not in there.get(LIST).text


def test_too_late_is_said(sign_in: SignIn, clara: User, sven: User, hill: Clinic) -> None:
    offer = make_offer(clara, make_patient(clara), hill)
    assert sign_in(clara).post(reverse("access:withdraw", args=[offer.pk])).status_code == 302

    answer = sign_in(sven).post(reverse("access:accept", args=[offer.pk]), {"number": "H-1"})

    assert answer.status_code == 409
    assert "The offer was withdrawn by Dr Clara Winter" in answer.text


def test_a_person_known_there_already_is_named(sign_in: SignIn, clara: User, sven: User, hill: Clinic) -> None:
    make_patient(sven, number="H-1")
    make_patient(sven, number="H-2", family_name="Other")
    offer = make_offer(clara, make_patient(clara, number="A-17"), hill)

    page = sign_in(sven).get(reverse("access:transfer", args=[offer.pk])).text
    assert "Perhaps you know this person already" in page
    assert "number H-1" in page
    assert "number H-2" not in page


def test_what_was_begun_is_said_before_it_is_offered(sign_in: SignIn, clara: User, hill: Clinic) -> None:
    review = make_review(clara)

    page = sign_in(clara).get(reverse("access:offer", args=[review.assessment.case.patient_id])).text

    assert "1 review begun and not signed" in page


def test_the_old_clinics_first_page_names_the_patient_no_more(sign_in: SignIn, clara: User, sven: User) -> None:
    review = make_review(clara)
    assert "Lind" in sign_in(clara).get("/").text

    transferred(clara, review.assessment.case.patient, sven)

    assert "Lind" not in sign_in(clara).get("/").text
    assert "Lind" in sign_in(sven).get("/").text


def test_an_offer_between_others_is_not_there(sign_in: SignIn, clara: User, sven: User, nadia: User, karl: User, hill: Clinic) -> None:
    vera = make_patient(clara)
    assert_guarded("access:offer", vera.pk, sign_in, stranger=sven, wrong_role=nadia, right=clara)
    offer = make_offer(clara, vera, hill)

    for name in ("access:accept", "access:decline", "access:withdraw"):
        assert sign_in(karl).post(reverse(name, args=[offer.pk])).status_code == 403
    assert sign_in(nadia).get(LIST).status_code == 403
    assert sign_in(clara).post(reverse("access:accept", args=[offer.pk]), {"number": "1"}).status_code == 404
    assert sign_in(sven).post(reverse("access:withdraw", args=[offer.pk])).status_code == 404
