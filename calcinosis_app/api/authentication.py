"""Who calls: the person signed in at this browser, or a program with a person's token."""

from drf_spectacular.authentication import SessionScheme
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from calcinosis_app.accounts.actions import note_use
from calcinosis_app.accounts.models import ApiToken, User
from calcinosis_app.accounts.selectors import made_behind_second_factor, must_have_second_factor, token_by_secret
from calcinosis_app.core.acting import now_acting

REFUSED = "This token is unknown, revoked, or of somebody who was deactivated. Make a new one on the page Your account."
NO_SECOND_FACTOR = (
    "The roles of the token's person need a second factor, and this token was made before one was set up. "
    "Set one up in the browser, and make a new token there."
)


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer ...`. Such a request carries no cookie that another site could use, so it needs no CSRF token."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """The token's person; None where the header is of another kind, so that the session may speak.

        What a second factor guards at the sign-in, it guards here: whoever holds such permissions needs a token that was made
        by somebody who had shown one.
        """
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        token = token_by_secret(secret.strip())
        if token is None:
            raise AuthenticationFailed(REFUSED)
        if must_have_second_factor(token.user) and not made_behind_second_factor(token):
            raise AuthenticationFailed(NO_SECOND_FACTOR)
        now_acting(token.user)
        note_use(token)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        """What the answer 401 names in WWW-Authenticate."""
        return "Bearer"


class SignedInAuthentication(SessionAuthentication):
    """The session of the pages, with its CSRF token; somebody not signed in hears 401, not 403."""

    def authenticate_header(self, request: Request) -> str:
        """What the answer 401 names in WWW-Authenticate."""
        return "Session"


class SignedInScheme(SessionScheme):  # type: ignore[no-untyped-call]  # the package has no types
    """How the published interface describes it."""

    target_class = "calcinosis_app.api.authentication.SignedInAuthentication"
    name = "session"


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # the package has no types
    """How the published interface describes it."""

    target_class = "calcinosis_app.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """In OpenAPI's words."""
        return {"type": "http", "scheme": "bearer"}
