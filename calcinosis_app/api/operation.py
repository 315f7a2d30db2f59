"""One operation of the interface: what it is called, what it takes and answers, and the few lines that do it.

The decorator reads the call by the very schemas that it publishes, so that the document cannot promise anything else.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Any, Final

from django.http import Http404, HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.request import Request
from rest_framework.response import Response

from calcinosis_app.accounts.models import User
from calcinosis_app.api.places import PLACES
from calcinosis_app.api.reading import read_body, read_query
from calcinosis_app.api.shapes.conflicts import CONFLICT
from calcinosis_app.api.shapes.parts import Schema, published, text
from calcinosis_app.api.shapes.problems import ERRORS

ONCE_KEY: Final = "Idempotency-Key"
JSON: Final = "application/json"
ALWAYS: Final = {
    400: "The call cannot be read: which name, which value, and what to do.",
    401: "Nobody is signed in, or the token is not good any more.",
    403: "The person may not do this, or the CSRF token is missing.",
    406: "The caller accepts no JSON.",
    429: "This caller called too often. Retry-After says how many seconds to wait.",
}
NOT_THERE: Final = "It is not there, or belongs to another clinic."
OF_A_BODY: Final = {413: "The body is too large.", 415: "The body is not declared as what is described here."}
ONCE: Final = (
    "A key of your own, for example a UUID. Sent again with the same key within a week, the call answers with what the first one made "
    "and makes nothing new; with the same key and other content it answers 409."
)


@dataclass(frozen=True)
class Call:
    """One call that could be read: who calls, with what. `key` is the once-only key, where one was sent."""

    by: User
    body: Any
    query: Mapping[str, Any]
    key: str | None
    request: Request


@dataclass(frozen=True)
class Made:
    """An answer with a status of its own: 201 for what was made now, 200 for what had been made before."""

    shown: Any
    status: int = HTTPStatus.CREATED


Act = Callable[..., Any]


def operation(
    name: str,
    summary: str,
    says: str = "",
    *,
    tag: str,
    gives: Schema | None,
    status: int = HTTPStatus.OK,
    also: Mapping[int, str] | None = None,
    body: Schema | None = None,
    media: Mapping[str, Schema] | None = None,
    query: Mapping[str, Schema] | None = None,
    needed: Iterable[str] = (),
    places: Iterable[str] = (),
    refuses: str = "",
    conflicts: str = "",
    once: bool = False,
) -> Callable[[Act], Callable[..., HttpResponseBase]]:
    """Makes a method of a view an operation.

    `gives` is what it answers with, None for an empty 204; `also` are further good statuses with their words. `places` are
    the names in the address. `refuses` and `conflicts` say when it answers 422 and 409. `once` takes a once-only key.
    """
    read, must, there = dict(query or {}), tuple(needed), tuple(places)

    def decorate(act: Act) -> Callable[..., HttpResponseBase]:
        @wraps(act)
        def done(view: Any, request: Request, **named: Any) -> HttpResponseBase:
            if any("\x00" in one for one in named.values() if isinstance(one, str)):
                raise Http404
            asked = read_query(request.query_params.lists(), read, must)
            sent = _body(request, body, tuple(media or ()))
            key = request.headers.get(ONCE_KEY) if once else None
            answer = act(view, Call(request.user, sent, asked, key, request), **named)  # type: ignore[arg-type]  # only for who is signed in
            if isinstance(answer, HttpResponseBase):
                return answer
            if gives is None:
                return Response(status=HTTPStatus.NO_CONTENT)
            if isinstance(answer, Made):
                return Response(answer.shown, status=answer.status)
            return Response(answer, status=status)

        answers: dict[int, Any] = {status if gives is not None else 204: _good(gives, summary)}
        answers |= {code: _good(gives, words) for code, words in (also or {}).items()}
        answers |= {code: _bad(words) for code, words in ALWAYS.items()}
        if there:
            answers[404] = _bad(NOT_THERE)
        if body is not None or media:
            answers |= {code: _bad(words) for code, words in OF_A_BODY.items()}
        if refuses:
            answers[422] = _bad(refuses)
        if conflicts:
            answers[409] = OpenApiResponse(published(CONFLICT), conflicts)
        content = {kind: published(one) for kind, one in ({JSON: body} if body is not None else media or {}).items()}
        documented: Callable[..., HttpResponseBase] = extend_schema(
            operation_id=name,
            summary=summary,
            description=" ".join(says.split()) or summary,
            tags=[tag],
            parameters=[
                *(OpenApiParameter(place, published(PLACES[place]), OpenApiParameter.PATH, required=True) for place in there),
                *(OpenApiParameter(one, published(schema), required=one in must) for one, schema in read.items()),
                *([OpenApiParameter(ONCE_KEY, _ONCE_SCHEMA, OpenApiParameter.HEADER)] if once else []),
            ],
            request=content or None,
            responses=dict(sorted(answers.items())),
        )(done)
        return documented

    return decorate


def _body(request: Request, schema: Schema | None, kinds: tuple[str, ...]) -> Any:
    """What was sent, when it is declared as what it is and fits. Raises UnsupportedMediaType and Mistakes."""
    if schema is None and not kinds:
        return None
    declared = request.content_type.partition(";")[0].strip()
    if declared and declared not in (kinds or (JSON,)):
        raise UnsupportedMediaType(request.content_type)
    return request.data if schema is None else read_body(request.data, schema)


_ONCE_SCHEMA: Final = {**text(ONCE, example="3d2b7c1e-0b6e-4a44-9d0e-6f6c1d3b9a10"), "pattern": "^[!-~]{1,255}$"}


def _good(gives: Schema | None, words: str) -> OpenApiResponse:
    return OpenApiResponse(published(gives) if gives is not None else None, f"{words.rstrip('.')}.")


def _bad(words: str) -> OpenApiResponse:
    return OpenApiResponse(published(ERRORS), words)
