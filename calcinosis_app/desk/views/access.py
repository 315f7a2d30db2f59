"""Finding what an address names, for pages that show a case."""

from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import Http404

from calcinosis_app.accounts.models import User
from calcinosis_app.core.errors import Conflict
from calcinosis_app.patients.access import enter_lesion
from calcinosis_app.patients.models import Case, Lesion


def lesion_named(*, by: User, permission: str, case: Case, text: str) -> Lesion | None:
    """The lesion of the case that the text names; nothing for an empty text. Raises Http404, and Conflict for one that was removed."""
    if not text:
        return None
    try:
        lesion_id = UUID(text)
    except ValueError as error:
        raise Http404 from error
    removed = Lesion.objects.select_related("removed_by").filter(pk=lesion_id, case=case, removed_at__isnull=False).first()
    if removed is not None:
        raise Conflict(
            f"{removed.label} was removed from this case by {removed.removed_by}, so nothing can be saved for it. What you typed for it "
            "still stands on your page: copy what you need, then open the case again."
        )
    return enter_lesion(by=by, permission=permission, case=case, lesion_id=lesion_id)


def refuse_shape(error: ValueError) -> BadRequest:
    """The answer to what no page of ours can have sent."""
    return BadRequest(str(error))
