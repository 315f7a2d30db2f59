"""Every error in one form: {"errors": [{"case", "lesion", "key", "value", "say"}]}; a conflict adds the two versions."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from calcinosis_app.accounts.actions import TooManyTries
from calcinosis_app.assessments.bridge import CaseError
from calcinosis_app.assessments.errors import Refused
from calcinosis_app.core.errors import Conflict
from calcinosis_app.core.once import KeyRefused
from calcinosis_app.followups.actions import OutcomeRefused
from calcinosis_app.laboratory.actions import MappingRefused
from calcinosis_app.laboratory.files import FileRefused
from calcinosis_app.patients.actions import EntriesRefused

NOBODY = (
    "Nobody is signed in. Sign in first, then repeat the request with the session's cookie; or send a token as Authorization: Bearer ..."
)

TOO_MANY_TRIES = "That did not fit too often. Nothing more is looked up for you within the hour: call the patient's clinic."


@dataclass(frozen=True)
class Mistake:
    """One thing that is wrong: where it stands, what stood there, and what to do."""

    say: str
    key: str = ""
    value: str = ""
    case: str = ""
    lesion: str | None = None


class Mistakes(Exception):
    """What was sent cannot be done; answered with `status`. Nothing was stored."""

    def __init__(self, status: int, mistakes: Iterable[Mistake]) -> None:
        super().__init__()
        self.status = status
        self.mistakes = tuple(mistakes)

    @classmethod
    def one(cls, key: str, value: str, say: str) -> "Mistakes":
        """One mistake in how the call was written."""
        return cls(status.HTTP_400_BAD_REQUEST, [Mistake(say, key, value)])


class Unreadable(CaseError):
    """The body itself cannot be read, whatever was meant by it."""


class TooLarge(exceptions.APIException):
    """The body holds more than can be needed."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """The answer to an error, or None for one that nobody foresaw."""
    if isinstance(error, CaseError):
        # A case that is sent whole cannot be read; one that is kept here cannot be judged.
        whole = isinstance(error, Unreadable) or getattr(context["view"], "reads_whole_cases", False)
        code = status.HTTP_400_BAD_REQUEST if whole else status.HTTP_422_UNPROCESSABLE_ENTITY
        return Response({"errors": [error.as_json()]}, status=code)
    if isinstance(error, Conflict):
        return conflict(error)
    if isinstance(error, KeyRefused):
        return _said([Mistake(str(error), "Idempotency-Key")], status.HTTP_400_BAD_REQUEST)
    if isinstance(error, Mistakes):
        return _said(error.mistakes, error.status)
    if isinstance(error, TooManyTries):
        late = _said([Mistake(TOO_MANY_TRIES)], status.HTTP_429_TOO_MANY_REQUESTS)
        late["Retry-After"] = "3600"
        return late
    if (refused := _refused(error)) is not None:
        return _said(refused, status.HTTP_422_UNPROCESSABLE_ENTITY)
    response = exception_handler(error, context)
    if response is not None:
        response.data = in_form([Mistake(_say(error, response))])
    return response


def conflict(error: Conflict) -> Response:
    """409: what happened, and both versions where there are two: what was sent, and what somebody else stored meanwhile."""
    body = in_form([Mistake(str(error))])
    if error.versions:
        body["versions"] = error.versions.as_json()
    return Response(body, status=status.HTTP_409_CONFLICT)


def in_form(mistakes: Iterable[Mistake]) -> dict[str, Any]:
    """The one form."""
    return {"errors": [asdict(one) for one in mistakes]}


def _said(mistakes: Iterable[Mistake], code: int) -> Response:
    return Response(in_form(mistakes), status=code)


def _refused(error: Exception) -> list[Mistake] | None:
    """What an action says that does not want what was sent; None for any other error."""
    match error:
        case EntriesRefused():
            return [
                Mistake(
                    one.error.say,
                    one.error.key,
                    str(one.error.as_json()["value"]),
                    lesion=one.entry.lesion.label if one.entry.lesion else None,
                )
                for one in error.refused
            ]
        case OutcomeRefused():
            return [Mistake(error.say, error.field)]
        case Refused():
            return [Mistake(error.say)]
        case ValidationError():
            named = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
            return [Mistake(say, "" if key == "__all__" else key) for key, says in named.items() for say in says]
        case MappingRefused() | FileRefused():
            return [Mistake(str(error))]
    return None


def _say(error: Exception, response: Response) -> str:
    if response.status_code == status.HTTP_401_UNAUTHORIZED:
        if isinstance(error, exceptions.AuthenticationFailed):
            return str(error.detail)
        return NOBODY
    if isinstance(error, Http404):
        return "There is nothing at this address."
    if isinstance(error, PermissionDenied):
        return str(error) or "You may not do this."
    if isinstance(error, exceptions.APIException):
        return str(error.detail)
    return str(error)
