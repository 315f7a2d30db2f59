"""Finding what an address names, for pages that show a case."""

from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import Http404

from calcinosis_app.accounts.models import User
from calcinosis_app.patients.access import enter_lesion
from calcinosis_app.patients.models import Case, Lesion


def lesion_named(*, by: User, permission: str, case: Case, text: str) -> Lesion | None:
    """The lesion of the case that the text names; nothing for an empty text. Raises Http404."""
    if not text:
        return None
    try:
        lesion_id = UUID(text)
    except ValueError as error:
        raise Http404 from error
    return enter_lesion(by=by, permission=permission, case=case, lesion_id=lesion_id)


def refuse_shape(error: ValueError) -> BadRequest:
    """The answer to what no page of ours can have sent."""
    return BadRequest(str(error))
