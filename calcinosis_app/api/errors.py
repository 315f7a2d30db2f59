"""Every error in one form: {"errors": [{"case", "lesion", "key", "value", "say"}]}."""

from typing import Any

from django.http import Http404
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from calcinosis_app.assessments.bridge import CaseError
from calcinosis_app.core.errors import Conflict
from calcinosis_app.core.once import KeyRefused

NOBODY = (
    "Nobody is signed in. Sign in first, then repeat the request with the session's cookie; or send a token as Authorization: Bearer ..."
)


class TooLarge(exceptions.APIException):
    """The body holds more than a case can need."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """The answer to an error, or None for one that nobody foresaw."""
    if isinstance(error, CaseError):
        return Response({"errors": [error.as_json()]}, status=status.HTTP_400_BAD_REQUEST)
    if isinstance(error, Conflict):
        return conflict(error)
    if isinstance(error, KeyRefused):
        entry = {"case": "", "lesion": None, "key": "Idempotency-Key", "value": "", "say": str(error)}
        return Response({"errors": [entry]}, status=status.HTTP_400_BAD_REQUEST)
    response = exception_handler(error, context)
    if response is not None:
        response.data = {"errors": [{"case": "", "lesion": None, "key": "", "value": "", "say": _say(error, response)}]}
    return response


def conflict(error: Conflict) -> Response:
    """409: what happened, and both versions where there are two: what was sent, and what somebody else stored meanwhile."""
    body: dict[str, Any] = {"errors": [{"case": "", "lesion": None, "key": "", "value": "", "say": str(error)}]}
    if error.versions:
        body["versions"] = error.versions.as_json()
    return Response(body, status=status.HTTP_409_CONFLICT)


def _say(error: Exception, response: Response) -> str:
    if response.status_code == status.HTTP_401_UNAUTHORIZED:
        if isinstance(error, exceptions.AuthenticationFailed):
            return str(error.detail)
        return NOBODY
    if isinstance(error, Http404):
        return "There is nothing at this address."
    if isinstance(error, exceptions.APIException):
        return str(error.detail)
    return str(error)
