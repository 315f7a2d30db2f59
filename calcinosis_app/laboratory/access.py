"""The doors to one import and one line: found, allowed."""

from uuid import UUID

from django.http import Http404

from calcinosis_app.accounts.models import User
from calcinosis_app.accounts.permissions import LABORATORY_IMPORT
from calcinosis_app.accounts.policy import require
from calcinosis_app.laboratory.models import Import, Line


def enter_import(*, by: User, import_id: UUID) -> Import:
    """The import. Raises PermissionDenied, or Http404 when not there or of another clinic."""
    require(by, LABORATORY_IMPORT)
    source = Import.objects.select_related("clinic", "received_by", "committed_by", "run_by").filter(pk=import_id).first()
    if source is None:
        raise Http404
    require(by, LABORATORY_IMPORT, source)
    return source


def enter_line(*, by: User, line_id: int) -> Line:
    """The line with its import. Raises as `enter_import` does."""
    require(by, LABORATORY_IMPORT)
    line = Line.objects.select_related("source__clinic").filter(pk=line_id).first()
    if line is None:
        raise Http404
    require(by, LABORATORY_IMPORT, line)
    return line
