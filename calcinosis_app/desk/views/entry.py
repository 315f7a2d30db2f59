"""Case entry: one page for everything that is known of a case."""

from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from calcinosis_app.accounts.decorators import SignedInRequest, needs
from calcinosis_app.accounts.permissions import CASE_WRITE
from calcinosis_app.desk.entry.live import live
from calcinosis_app.desk.entry.page import Entry
from calcinosis_app.desk.entry.search import search
from calcinosis_app.desk.views.access import lesion_named
from calcinosis_app.patients.access import enter_case


@require_safe
@needs(CASE_WRITE)
def entry(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    """The page, at one lesion.

    `show` brings a fact to the page that stands on no panel, `corrects` names the result that a new line corrects, and
    `refused` says that recording was refused, so that the fields in error are listed.
    """
    case = enter_case(by=request.user, permission=CASE_WRITE, case_id=case_id)
    lesion = lesion_named(by=request.user, permission=CASE_WRITE, case=case, text=request.GET.get("lesion", ""))
    shown = Entry(case, lesion, show=request.GET.get("show", ""), corrects=request.GET.get("corrects", ""))
    said = live(shown)
    context = {
        "case": case,
        "patient": case.patient.survivor,
        "entry": shown,
        "live": said,
        "page": uuid4(),
        "refused": said.left_out if "refused" in request.GET else (),
    }
    return render(request, "desk/entry/page.html", context)


@require_safe
@needs(CASE_WRITE)
def find(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    """What a search box offers."""
    case = enter_case(by=request.user, permission=CASE_WRITE, case_id=case_id)
    lesion = lesion_named(by=request.user, permission=CASE_WRITE, case=case, text=request.GET.get("lesion", ""))
    box, text = request.GET.get("box", "anything"), request.GET.get("q", "")
    known = Entry(case, lesion)
    hits = [known.answered_hit(hit) for hit in search(text, box, lesion)]
    return render(
        request, "desk/entry/_hits.html", {"case": case, "entry": known, "hits": hits, "text": text.strip(), "lesion": known.lesion}
    )
