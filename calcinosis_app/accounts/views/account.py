"""A person's own page: password, sessions, tokens."""

from uuid import UUID

from allauth.account.decorators import reauthentication_required
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from calcinosis_app.accounts.actions import change_password, end_session, end_sessions, make_token, revoke_token
from calcinosis_app.accounts.actions.tokens import BEGINNING
from calcinosis_app.accounts.decorators import SignedInRequest, signed_in
from calcinosis_app.accounts.forms import ChangePasswordForm, TokenForm
from calcinosis_app.accounts.selectors import has_second_factor, sessions_of, tokens_of
from calcinosis_app.core.once import key_of, once_secret


@require_safe
@signed_in
def account(request: SignedInRequest) -> HttpResponse:
    """Everything about oneself, with a way to change it."""
    return render(request, "accounts/account.html", _about(request) | {"form": TokenForm()})


def _about(request: SignedInRequest) -> dict[str, object]:
    return {
        "second_factor": has_second_factor(request.user),
        "sessions": sessions_of(request.user),
        "this_session": request.session.session_key,
        "tokens": tokens_of(request.user),
    }


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@signed_in
def password(request: SignedInRequest) -> HttpResponse:
    """A new password; all other sessions end, this one goes on."""
    form = ChangePasswordForm(request.user, request.POST or None)
    if form.is_valid():
        try:
            change_password(by=request.user, password=form.cleaned_data["new_password1"], keep=request.session.session_key or "")
        except ValidationError as error:
            form.add_error("new_password2", error)
        else:
            update_session_auth_hash(request, request.user)
            UserSession.objects.create_from_request(request)  # this session has a new key from here on
            messages.success(request, "Your password is changed. All your other sessions have ended.")
            return redirect("accounts:account")
    return render(request, "accounts/password.html", {"form": form}, status=422 if form.is_bound else 200)


@require_POST
@signed_in
def end_one(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ends one of one's own sessions. Ending it again changes nothing."""
    for session in sessions_of(request.user):
        if session.pk == pk and session.session_key != request.session.session_key:
            end_session(by=request.user, user=request.user, session=session)
            messages.success(request, "The session has ended.")
    return redirect("accounts:account")


@require_POST
@signed_in
def end_others(request: SignedInRequest) -> HttpResponse:
    """Ends all of one's own sessions but this one."""
    count = end_sessions(by=request.user, user=request.user, keep=request.session.session_key or "")
    messages.success(request, "All your other sessions have ended." if count else "You have no other session.")
    return redirect("accounts:account")


@require_POST
@signed_in
@reauthentication_required(app="allauth.mfa")  # type: ignore[untyped-decorator]  # the package has no types
def add_token(request: SignedInRequest) -> HttpResponse:
    """Makes a token and shows it, this once. As before a change of the second factor, the password was typed just now, or is asked for."""
    form = TokenForm(request.POST)
    if form.is_valid():
        try:
            label = form.cleaned_data["label"]
            made, secret = once_secret(
                by=request.user,
                key=key_of(request),
                purpose="token.make",
                content=label,
                act=lambda secret: make_token(by=request.user, label=label, secret=secret)[0],
            )
        except ValidationError as error:
            for says in error.messages:
                form.add_error("label", says)
        else:
            if made.row.revoked_at is not None:
                messages.info(request, f"The token {label} was made by this form, and has been revoked since.")
                return redirect("accounts:account")
            return render(request, "accounts/token.html", {"token": made.row, "secret": BEGINNING + secret})
    return render(request, "accounts/account.html", _about(request) | {"form": form}, status=422)


@require_POST
@signed_in
def end_token(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Revokes one of one's own tokens; a token of somebody else is not there."""
    token = get_object_or_404(request.user.tokens, pk=pk)
    if token.revoked_at is None:
        revoke_token(by=request.user, token=token)
    messages.success(request, f"The token {token.label} is revoked. Programs that use it are refused from now on.")
    return redirect("accounts:account")
