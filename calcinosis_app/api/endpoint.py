"""What every view of the interface has in common."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from rest_framework.parsers import BaseParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from calcinosis_app.accounts.models import User
from calcinosis_app.api.authentication import SignedInAuthentication, TokenAuthentication
from calcinosis_app.api.errors import answer
from calcinosis_app.api.parsers import ExactJSONParser
from calcinosis_app.api.throttling import PerCaller


class Endpoint(APIView):
    """Signed in by token or session; JSON in and out; errors in one form; days on the clinic's calendar."""

    authentication_classes = (TokenAuthentication, SignedInAuthentication)
    parser_classes: tuple[type[BaseParser], ...] = (ExactJSONParser,)
    renderer_classes = (JSONRenderer,)
    throttle_classes = (PerCaller,)
    # What is not described is not there.
    http_method_names = ("get", "head", "post", "put", "patch", "delete")
    metadata_class = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The answer; the time zone that it was made in ends with it."""
        with timezone.override(timezone.get_current_timezone()):
            return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Lets the person in. Who comes with a token has no session by which the clinic's time zone was found before."""
        super().initial(request, *args, **kwargs)
        if isinstance(request.user, User) and request.user.clinic is not None:
            timezone.activate(request.user.clinic.zone)

    def get_exception_handler(self) -> Callable[..., Any]:
        """Errors in their one form."""
        return answer
