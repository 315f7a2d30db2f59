"""What can be done with an import: commit it, run its refused lines again, throw a dry run away."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from calcinosis_app.accounts.decorators import SignedInRequest, needs
from calcinosis_app.accounts.permissions import LABORATORY_IMPORT
from calcinosis_app.laboratory.access import enter_import
from calcinosis_app.laboratory.actions import commit_import, discard_import, run_again
from calcinosis_app.laboratory.tasks import ring


@require_POST
@needs(LABORATORY_IMPORT)
def commit(request: SignedInRequest, import_id: UUID) -> HttpResponse:
    """Imports what the dry run said would be imported."""
    source = commit_import(by=request.user, source=enter_import(by=request.user, import_id=import_id))
    ring()
    return redirect(source)


@require_POST
@needs(LABORATORY_IMPORT)
def again(request: SignedInRequest, import_id: UUID) -> HttpResponse:
    """Judges the refused lines once more."""
    source = enter_import(by=request.user, import_id=import_id)
    run_again(by=request.user, source=source)
    ring()
    return redirect(source)


@require_POST
@needs(LABORATORY_IMPORT)
def discard(request: SignedInRequest, import_id: UUID) -> HttpResponse:
    """Throws a dry run away, and goes back to the list."""
    discard_import(by=request.user, source=enter_import(by=request.user, import_id=import_id))
    messages.success(request, "The dry run was thrown away with all its lines. Nothing had been imported from it.")
    return redirect("laboratory:imports")
