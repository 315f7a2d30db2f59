"""Handing a patient on to another clinic, as each of the two sees it."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from calcinosis_app.accounts.decorators import SignedInRequest, needs
from calcinosis_app.accounts.permissions import PATIENT_TRANSFER
from calcinosis_app.desk.access_forms import AcceptForm, DeclineForm, OfferForm
from calcinosis_app.desk.handing_on import along_with
from calcinosis_app.patients.access import enter_offer, enter_patient, tells_who
from calcinosis_app.patients.actions import accept_transfer, decline_transfer, offer_transfer, withdraw_transfer
from calcinosis_app.patients.models import TransferOffer
from calcinosis_app.patients.selectors import like_offered, open_offer, transfers_in, transfers_out

MOST = 50


@require_safe
@needs(PATIENT_TRANSFER)
def transfers(request: SignedInRequest) -> HttpResponse:
    """What was offered to the clinic, what it has offered, and what became of the rest. It names nobody."""
    incoming, outgoing = transfers_in(request.user), transfers_out(request.user)
    context = {
        "incoming": incoming.filter(end=""),
        "outgoing": outgoing.filter(end=""),
        "ended": (incoming | outgoing).exclude(end="").order_by("-ended_at")[:MOST],
    }
    return render(request, "desk/access/transfers.html", context)


@require_http_methods(["GET", "POST"])
@needs(PATIENT_TRANSFER)
def offer(request: SignedInRequest, patient_id: UUID) -> HttpResponse:
    """The form that offers the patient, with what will go along; while an offer is open, that one."""
    patient = enter_patient(by=request.user, permission=PATIENT_TRANSFER, patient_id=patient_id)
    waiting = open_offer(patient)
    if waiting is not None and request.method != "POST":
        return redirect("access:transfer", waiting.pk)
    form = OfferForm(request.POST or None, user=request.user)
    if form.is_valid():
        try:
            made = offer_transfer(by=request.user, patient=patient, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"Offered to {made.to_clinic}. Nothing changes until it accepts.")
            return redirect("access:transfer", made.pk)
    context = {"patient": patient, "form": form, "along": along_with(patient)}
    return render(request, "desk/access/offer.html", context, status=422 if form.is_bound else 200)


@require_safe
@needs(PATIENT_TRANSFER)
def transfer(request: SignedInRequest, offer_id: UUID) -> HttpResponse:
    """One offer, and what this clinic can do with it."""
    return _page(request, enter_offer(by=request.user, offer_id=offer_id), AcceptForm(), DeclineForm())


@require_POST
@needs(PATIENT_TRANSFER)
def accept(request: SignedInRequest, offer_id: UUID) -> HttpResponse:
    """Takes the patient over."""
    found = enter_offer(by=request.user, offer_id=offer_id)
    form = AcceptForm(request.POST)
    if _done(form, lambda: accept_transfer(by=request.user, offer=found, **form.cleaned_data)):
        messages.success(
            request, f"The patient belongs to {found.to_clinic} now, with everything. Assess the cases anew: labels may differ here."
        )
        return redirect("patients:patient", found.patient_id)
    return _page(request, found, form, DeclineForm())


@require_POST
@needs(PATIENT_TRANSFER)
def decline(request: SignedInRequest, offer_id: UUID) -> HttpResponse:
    """Says no, with a reason."""
    found = enter_offer(by=request.user, offer_id=offer_id)
    form = DeclineForm(request.POST)
    if _done(form, lambda: decline_transfer(by=request.user, offer=found, **form.cleaned_data)):
        messages.success(request, f"Declined. {found.from_clinic} reads why.")
        return redirect("access:transfers")
    return _page(request, found, AcceptForm(), form)


@require_POST
@needs(PATIENT_TRANSFER)
def withdraw(request: SignedInRequest, offer_id: UUID) -> HttpResponse:
    """Takes the offer back."""
    found = enter_offer(by=request.user, offer_id=offer_id)
    withdraw_transfer(by=request.user, offer=found)
    messages.success(request, "The offer is withdrawn. The patient stays with your clinic.")
    return redirect("access:transfer", found.pk)


def _done(form: Form, act: Callable[[], object]) -> bool:
    """Whether the form was right and the action did it; what it refuses stands beside the field."""
    if not form.is_valid():
        return False
    try:
        act()
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


def _page(request: SignedInRequest, found: TransferOffer, accept: Form, decline: Form) -> HttpResponse:
    receives = request.user.clinic_id == found.to_clinic_id
    refused = accept if accept.is_bound else decline if decline.is_bound else None
    context = {
        "offer": found,
        "receives": receives,
        "tells": tells_who(found, request.user),
        "is_here": found.patient.clinic_id == request.user.clinic_id,
        "accept": accept,
        "decline": decline,
        "form": refused,
        "alike": like_offered(found) if receives and found.is_open else [],
        "along": along_with(found.patient) if found.is_open else None,
        **({"patient": found.patient} if found.patient.clinic_id == request.user.clinic_id else {}),
    }
    return render(request, "desk/access/transfer.html", context, status=422 if refused is not None else 200)
