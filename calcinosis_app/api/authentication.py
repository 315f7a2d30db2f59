"""Who calls: the person signed in at this browser."""

from drf_spectacular.authentication import SessionScheme
from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request


class SignedInAuthentication(SessionAuthentication):
    """The session of the pages, with its CSRF token; somebody not signed in hears 401, not 403."""

    def authenticate_header(self, request: Request) -> str:
        """What the answer 401 names in WWW-Authenticate."""
        return "Session"


class SignedInScheme(SessionScheme):  # type: ignore[no-untyped-call]  # the package has no types
    """How the published interface describes it."""

    target_class = "calcinosis_app.api.authentication.SignedInAuthentication"
    name = "session"
