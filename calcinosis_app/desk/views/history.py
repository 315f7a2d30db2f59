"""Who changed what and when: one page for each thing that has a past."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from calcinosis_app.accounts.access import enter_person
from calcinosis_app.accounts.decorators import SignedInRequest, needs
from calcinosis_app.accounts.permissions import LABORATORY_IMPORT, PATIENT_READ, PEOPLE_MANAGE, REMINDER_WORK
from calcinosis_app.assessments.access import enter_assessment
from calcinosis_app.desk.history import pages
from calcinosis_app.desk.history.moments import Told, moments
from calcinosis_app.desk.pathway import Page
from calcinosis_app.followups.access import enter_reminder
from calcinosis_app.patients.access import enter_case, enter_patient

MOMENTS_A_PAGE = 100


@require_safe
@needs(PATIENT_READ)
def patient_history(request: SignedInRequest, patient_id: UUID) -> HttpResponse:
    """Who the patient is said to be, and the cases."""
    patient = enter_patient(by=request.user, permission=PATIENT_READ, patient_id=patient_id)
    about = "Who the patient is, the cases, and what a laboratory sent. Each case has a history of its own."
    return _page(
        request,
        pages.of_patient(patient, alone=request.user.emergency is not None),
        {
            "title": "History of the patient",
            "about": about,
            "patient": patient,
            "back": reverse("patients:patient", args=[patient.pk]),
        },
    )


@require_safe
@needs(PATIENT_READ)
def case_history(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    """The case, its lesions, everything typed, recorded and corrected."""
    case = enter_case(by=request.user, permission=PATIENT_READ, case_id=case_id)
    about = "The case with its lesions; what was typed, recorded and corrected; what was made of it."
    return _page(
        request,
        pages.of_case(case),
        {"title": "History of the case", "about": about, "case": case, "patient": case.patient, "chains": pages.chains(case)},
    )


@require_safe
@needs(PATIENT_READ)
def assessment_history(request: SignedInRequest, assessment_id: UUID) -> HttpResponse:
    """The reviews of an assessment, with every decision."""
    found = enter_assessment(by=request.user, permission=PATIENT_READ, assessment_id=assessment_id)
    about = "Its reviews with every decision, also those that were changed, withdrawn or carried over."
    return _page(
        request,
        pages.of_assessment(found, Page(found, request.user).titles),
        {
            "title": "History of the assessment",
            "about": about,
            "case": found.case,
            "patient": found.case.patient,
            "back": reverse("desk:assessment", args=[found.pk]),
        },
    )


@require_safe
@needs(REMINDER_WORK)
def reminder_history(request: SignedInRequest, reminder_id: UUID) -> HttpResponse:
    """One reminder."""
    reminder = enter_reminder(by=request.user, reminder_id=reminder_id)
    return _page(
        request,
        pages.of_reminder(reminder),
        {
            "title": "History of the reminder",
            "about": "The reminder, and the plan from which it was written.",
            "patient": reminder.patient,
            "back": reverse("followups:reminder", args=[reminder.pk]),
        },
    )


@require_safe
@needs(PEOPLE_MANAGE)
def person_history(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """A person of the clinic, and everything by which the person gets in."""
    person = enter_person(by=request.user, pk=pk)
    about = f"{person.display_name}: details, roles and permissions; links, second factors and tokens, without their secrets."
    return _page(
        request,
        pages.of_person(person),
        {"title": "History of the person", "about": about, "back": reverse("people:person", args=[person.pk])},
    )


@require_safe
@needs(PEOPLE_MANAGE)
def clinic_history(request: SignedInRequest) -> HttpResponse:
    """The administrator's clinic, its people and their rights."""
    clinic = request.user.clinic
    told = pages.of_clinic(clinic) if clinic else []
    about = "The clinic, its people and their rights."
    return _page(request, told, {"title": "History of the people", "about": about, "back": reverse("people:list")})


@require_safe
@needs(LABORATORY_IMPORT)
def laboratory_history(request: SignedInRequest) -> HttpResponse:
    """What the clinic has said of codes and units, and its imports."""
    clinic = request.user.clinic
    told = pages.of_laboratory(clinic) if clinic else []
    about = "What the clinic has said of codes and units, and its imports."
    return _page(request, told, {"title": "History of laboratory imports", "about": about, "back": reverse("laboratory:queue")})


def _page(request: SignedInRequest, told: Iterable[Told], about: dict[str, Any]) -> HttpResponse:
    page = Paginator(moments(told), MOMENTS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "desk/history.html", {**about, "page": page})
