"""One-time links, and asking for one."""

from contextlib import suppress

from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe
from kombu.exceptions import OperationalError

from calcinosis_app.accounts.actions import ask_for_link, become_first_administrator, use_link
from calcinosis_app.accounts.adapters import address_of
from calcinosis_app.accounts.forms import FirstAdministratorForm, ForgottenForm, NewPasswordForm
from calcinosis_app.accounts.models import OneTimeLink, User
from calcinosis_app.accounts.selectors import link_by_secret, tokens_of
from calcinosis_app.accounts.tasks import mail_links
from calcinosis_app.accounts.views.sign_in import let_in

HELD = "one_time_link"


@require_safe
@never_cache
def open_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Keeps the secret in the session and leaves the address, so that it stays in no history and goes to no other page."""
    request.session[HELD] = secret
    return redirect("accounts:use_link")


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@never_cache
def use(request: HttpRequest) -> HttpResponse:
    """The form behind a link; once it is right, the person is let in and the link is spent."""
    secret = request.session.get(HELD, "")
    link = link_by_secret(secret) if secret else None
    if link is None:
        return render(request, "accounts/link_useless.html", status=410)
    first = link.user is None
    form = FirstAdministratorForm(User(), request.POST or None) if first else NewPasswordForm(link.user, request.POST or None)
    if form.is_valid():
        try:
            user = _use(secret, form, first=first)
        except ValidationError as error:
            _explain(form, error)
        else:
            logout(request)
            return let_in(request, user, to=settings.LOGIN_REDIRECT_URL, way="link")
    invited = link.kind == OneTimeLink.Kind.INVITATION
    context = {"form": form, "link": link, "first": first, "invited": invited, "tokens": link.user and tokens_of(link.user)}
    return render(request, "accounts/link.html", context, status=422 if form.is_bound else 200)


def _use(secret: str, form: NewPasswordForm, *, first: bool) -> User:
    typed = form.cleaned_data
    password = typed["new_password1"]
    if not first:
        return use_link(secret=secret, password=password)
    names = ("clinic_name", "time_zone", "jurisdiction", "display_name", "username")
    return become_first_administrator(secret=secret, password=password, **{name: typed[name] for name in names})


def _explain(form: NewPasswordForm, error: ValidationError) -> None:
    """Puts what an action refuses beside the field it is about, where the form has it."""
    found = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for name, says in found.items():
        for one in says:
            form.add_error(name if name in form.fields else None, one)


@require_http_methods(["GET", "POST"])
@never_cache
def forgotten(request: HttpRequest) -> HttpResponse:
    """The same answer for every name. Without a mail server it says whom to ask."""
    form = ForgottenForm(request.POST if request.method == "POST" and settings.RESET_BY_EMAIL else None)
    if not form.is_valid():
        context = {"form": form, "by_mail": settings.RESET_BY_EMAIL}
        return render(request, "accounts/forgotten.html", context, status=422 if form.is_bound else 200)
    name = form.cleaned_data["username"]
    key = f"{name.casefold()} {address_of(request)}"
    if not ratelimit.consume(request, app="allauth.account", action="reset_password", key=key):
        refused: HttpResponse = ratelimit.respond_429(request)
        return refused
    ask_for_link(username=name)
    with suppress(OperationalError):  # the row is there: beat rings again within a minute
        mail_links.apply_async(retry=False)
    return render(request, "accounts/forgotten_sent.html")
