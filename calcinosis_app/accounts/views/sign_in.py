"""Sign in and sign out."""

from typing import Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.internal.stagekit import clear_login, get_pending_stage
from allauth.account.models import Login
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.webauthn.internal.auth import STATE_SESSION_KEY
from allauth.mfa.webauthn.views import LoginWebAuthnView
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.crypto import constant_time_compare

from calcinosis_app.accounts.actions import sign_in_failed, signed_in, signed_out
from calcinosis_app.accounts.adapters import address_of
from calcinosis_app.accounts.forms import SignInForm
from calcinosis_app.accounts.models import User

# Kept while the second step is asked for: which password it was that was right, and what a passkey was asked.
PENDING = "password_of_pending_sign_in"


def let_in(request: HttpRequest, user: User, *, to: str, way: str) -> HttpResponse:
    """Begins the session, or asks for the second factor first. Whoever was signed in here before is signed out."""
    # Typing the password just now is as good as typing it again to change one's second factor.
    record_authentication(request, user, method="password", reauthenticated=True)
    request.session.pop(STATE_SESSION_KEY, None)
    request.session["way"] = way
    request.session[PENDING] = user.get_session_auth_hash()
    try:
        response: HttpResponse = perform_login(request, Login(user=user, redirect_url=to))
    except ImmediateHttpResponse as held:
        response = held.response
    else:
        response = noted(request, response)
    return response


def noted(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Notes the session that has begun by now; nothing while the second factor is still asked for."""
    if isinstance(request.user, User):
        signed_in(user=request.user, address=address_of(request), way=request.session.pop("way", "password"))
        _forget(request)
    return response


def _forget(request: HttpRequest) -> None:
    """No answer to a question of this sign-in counts for another one."""
    for kept in (STATE_SESSION_KEY, PENDING, "way"):
        request.session.pop(kept, None)


class SignInView(LoginView):
    """Sign in, and on to where the person wanted to go: never in a circle back to the door."""

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """The session begins, or the second factor is asked for."""
        user = form.get_user()
        assert isinstance(user, User)  # noqa: S101 (the form found one)
        return let_in(self.request, user, to=self.get_success_url(), way="password")

    def get_success_url(self) -> str:
        """Where to go afterwards; the first page when the address names this page itself."""
        wanted = super().get_success_url()
        return self.get_default_redirect_url() if wanted.partition("?")[0] == self.request.path else wanted


class SecondStepView(AuthenticateView):  # type: ignore[misc]  # the package has no types
    """Asks for the second factor after the password, as long as that password is still the person's."""

    template_name = "accounts/second_step.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Back to the door once the person was deactivated, the password changed, or the time was up."""
        stage = get_pending_stage(request)
        if not request.user.is_authenticated and not (stage and _still_good(request, stage.login.user)):
            clear_login(request)
            _forget(request)
            return redirect("accounts:sign_in")
        answered: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answered

    def form_valid(self, form: Any) -> HttpResponse:
        """The session begins."""
        return noted(self.request, super().form_valid(form))

    def form_invalid(self, form: Any) -> HttpResponse:
        """The same page; the refused code leaves an event."""
        sign_in_failed(username=self.stage.login.user.username, address=address_of(self.request), step="second factor")
        response: HttpResponse = super().form_invalid(form)
        return response


def _still_good(request: HttpRequest, user: User | None) -> bool:
    if user is None or not user.is_active:
        return False
    return constant_time_compare(request.session.get(PENDING, ""), user.get_session_auth_hash())


class PasskeyView(LoginWebAuthnView):  # type: ignore[misc]  # the package has no types
    """Sign-in by a passkey alone."""

    def form_valid(self, form: Any) -> HttpResponse:
        """The session begins."""
        self.request.session["way"] = "passkey"
        return noted(self.request, super().form_valid(form))

    def form_invalid(self, form: Any) -> HttpResponse:
        """Back to the door with a sentence."""
        self.request.session.pop(STATE_SESSION_KEY, None)
        sign_in_failed(username="", address=address_of(self.request), step="passkey")
        response: HttpResponse = super().form_invalid(form)
        return response


class SignOutView(LogoutView):
    """Ends the session, and says so in the log."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Signing out again changes nothing."""
        if isinstance(request.user, User):
            signed_out(user=request.user, why="asked")
        return super().post(request, *args, **kwargs)


sign_in = SignInView.as_view(
    template_name="accounts/sign_in.html",
    authentication_form=SignInForm,
    redirect_authenticated_user=True,
)
second_step = SecondStepView.as_view()
passkey = PasskeyView.as_view()
sign_out = SignOutView.as_view()
