"""Keeping one field as it is left, and saying what it means."""

from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from calcinosis_app.accounts.decorators import SignedInRequest, needs
from calcinosis_app.accounts.permissions import CASE_WRITE
from calcinosis_app.core.errors import Conflict, about
from calcinosis_app.core.stale import seen_of
from calcinosis_app.desk.entry.fields import Field, Status, field_id, status_of
from calcinosis_app.desk.entry.forms import raw_of, slot_of, turn_of
from calcinosis_app.desk.entry.layout import SEARCHED
from calcinosis_app.desk.entry.live import live
from calcinosis_app.desk.entry.page import Entry
from calcinosis_app.desk.entry.search import Hit
from calcinosis_app.desk.views.access import lesion_named, refuse_shape
from calcinosis_app.patients.access import enter_case
from calcinosis_app.patients.actions import save_entry
from calcinosis_app.patients.bridge import CaseError, enterable_fact
from calcinosis_app.patients.models import Case, Lesion
from calcinosis_app.patients.versions import in_words, version_of_entry


@require_POST
@needs(CASE_WRITE)
def save(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    """Saves the field as typed; answers with its status and the panel as it is now."""
    case, lesion, at = _place(request, case_id)
    key, raw = request.POST.get("key", ""), raw_of(request.POST)
    try:
        slot, turn = slot_of(request.POST), turn_of(request.POST, seen_of(request))
        kept = save_entry(by=request.user, case=case, key=key, raw=raw, lesion=lesion, slot=slot, turn=turn)
    except (ValueError, CaseError) as error:
        raise refuse_shape(ValueError(str(error))) from error
    except Conflict as conflict:
        if conflict.versions is None:
            raise
        return _both(request, conflict, key)
    entry = Entry(case, at or lesion)
    return render(
        request,
        "desk/entry/_saved.html",
        {
            "case": case,
            "entry": entry,
            "live": live(entry),
            "id": field_id(key, lesion.label if lesion else None, slot),
            "status": status_of(kept) if kept else Status(cleared=True),
            "raw": kept.raw if kept else {},
            "seen": version_of_entry(kept),
        },
    )


def _both(request: HttpRequest, conflict: Conflict, key: str) -> HttpResponse:
    """Both versions, beside the field: its text stays as it was typed, until the person says which of the two counts."""
    assert conflict.versions is not None  # noqa: S101 (its only caller has looked)
    fact, fields = enterable_fact(key), conflict.versions.fields
    context = {
        "say": str(conflict),
        "versions": conflict.versions,
        "mine": in_words({one.name: one.mine for one in fields if one.mine}, fact),
        "theirs": in_words({one.name: one.theirs for one in fields if one.theirs}, fact),
    }
    response = render(request, "desk/entry/_both.html", context, status=409)
    response["HX-Reswap"] = "innerHTML"
    return response


@require_POST
@needs(CASE_WRITE)
def answer(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    """Answers one question, or several at once, from the panel or a search: the fields themselves come back with it."""
    case, _, at = _place(request, case_id)
    keys, raw = request.POST.getlist("key"), {"answer": request.POST.get("answer", "")}
    before = Entry(case, at).asked
    try:
        seen = request.POST.getlist("seen") or [""] * len(keys)
        with transaction.atomic(), about(patient=case.patient):  # several at once are all answered, or none
            for key, place, version in zip(keys, request.POST.getlist("of"), seen, strict=True):
                turn = turn_of(request.POST, version)
                save_entry(by=request.user, case=case, key=key, raw=raw, lesion=_lesion(request, case, place), turn=turn)
    except (ValueError, CaseError) as error:
        raise refuse_shape(ValueError(str(error))) from error
    entry = Entry(case, at)
    known = {one.fact.key for box in before.values() for one in box}
    shown = [entry.field(key) for key, place in zip(keys, request.POST.getlist("of"), strict=True) if place in ("", str(entry.lesion.pk))]
    return render(
        request,
        "desk/entry/_answered.html",
        {
            "case": case,
            "entry": entry,
            "live": live(entry),
            "changed": [one for one in shown if one.fact.key in known or entry.is_placed(one.fact.key)],
            "news": [one for one in shown if one.fact.key not in known and not entry.is_placed(one.fact.key)],
            "hit": _hit(request, entry, shown),
            "at": entry.lesion,
        },
    )


def _hit(request: HttpRequest, entry: Entry, shown: list[Field]) -> Hit | None:
    """The answer's place in the list of a search, when it came from there."""
    box = request.POST.get("box", "")
    if box not in SEARCHED or len(shown) != 1:
        return None
    return entry.answered_hit(Hit(shown[0].fact, "", shown[0].lesion, box))


def _place(request: SignedInRequest, case_id: UUID) -> tuple[Case, Lesion | None, Lesion | None]:
    """The case, the lesion that the field belongs to, and the lesion that the page shows."""
    case = enter_case(by=request.user, permission=CASE_WRITE, case_id=case_id)
    return case, _lesion(request, case, request.POST.get("lesion", "")), _lesion(request, case, request.POST.get("at", ""))


def _lesion(request: SignedInRequest, case: Case, text: str) -> Lesion | None:
    return lesion_named(by=request.user, permission=CASE_WRITE, case=case, text=text)
