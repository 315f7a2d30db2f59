"""One person of the clinic: what an administrator sees and does."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from calcinosis_app.accounts import actions
from calcinosis_app.accounts.access import enter_person
from calcinosis_app.accounts.decorators import SignedInRequest, needs
from calcinosis_app.accounts.forms import StoredPersonForm, StoredRolesForm
from calcinosis_app.accounts.models import User
from calcinosis_app.accounts.permissions import GRANTED_PER_PERSON, MEANING, PEOPLE_MANAGE
from calcinosis_app.accounts.selectors import open_links, roles_of, second_factors_of, sessions_of, tokens_of
from calcinosis_app.accounts.views.people import shown
from calcinosis_app.core.once import key_of, once_secret
from calcinosis_app.core.stale import seen_of

Act = Callable[[SignedInRequest, User], HttpResponse | str]


def found(request: SignedInRequest, pk: UUID) -> User:
    """The person, when of the same clinic; anybody else is not there."""
    return enter_person(by=request.user, pk=pk)


@require_safe
@needs(PEOPLE_MANAGE)
def person(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Standing, roles, sessions and tokens."""
    return _page(request, found(request, pk))


def _page(request: SignedInRequest, user: User, *, refused: tuple[str, ...] = ()) -> HttpResponse:
    granted = set(user.permissions_granted.values_list("permission", flat=True))
    context = {
        "person": user,
        "refused": refused,
        "details": StoredPersonForm(user=user),
        "roles_form": StoredRolesForm(held=[role.name for role in roles_of(user)]),
        "grants": [(name, MEANING[name], name in granted) for name in sorted(GRANTED_PER_PERSON)],
        "sessions": sessions_of(user) if user.is_active else [],
        "tokens": tokens_of(user),
        "second_factors": second_factors_of(user),
        "open_links": open_links(user),
        "oneself": user == request.user,
    }
    return render(request, "accounts/people/person.html", context, status=422 if refused else 200)


def act(do: Act) -> Callable[..., HttpResponse]:
    """A button of the page: does it, says what was done, and shows the page again; a refusal is shown there, too."""

    @require_POST
    @needs(PEOPLE_MANAGE)
    @wraps(do)
    def pressed(request: SignedInRequest, pk: UUID) -> HttpResponse:
        user = found(request, pk)
        try:
            done = do(request, user)
        except ValidationError as error:
            return _page(request, user, refused=tuple(error.messages))
        if isinstance(done, HttpResponse):
            return done
        messages.success(request, done)
        return redirect("people:person", pk)

    return pressed


@act
def details(request: SignedInRequest, user: User) -> str:
    """Name and e-mail address."""
    form = StoredPersonForm(request.POST)
    if not form.is_valid():
        raise ValidationError([f"{form[name].label}: {says}" for name, all_said in form.errors.items() for says in all_said])
    actions.change_person(by=request.user, user=user, **form.typed, shown=form.shown, seen=seen_of(request))
    return "The details are saved."


@act
def roles(request: SignedInRequest, user: User) -> str:
    """Exactly the roles that are ticked."""
    form = StoredRolesForm(request.POST)
    if not form.is_valid():
        raise ValidationError("A role that was sent is none of those on the page. Load the page again.")
    actions.set_roles(by=request.user, user=user, roles=form.cleaned_data["roles"], shown=form.cleaned_data["shown_roles"])
    return "The roles are saved. They count from the person's next page on."


@act
def grant(request: SignedInRequest, user: User) -> str:
    """One grave permission."""
    actions.grant_permission(by=request.user, user=user, permission=request.POST.get("permission", ""))
    return "The permission is granted."


@act
def take(request: SignedInRequest, user: User) -> str:
    """One grave permission less."""
    actions.take_permission(by=request.user, user=user, permission=request.POST.get("permission", ""))
    return "The permission is taken back."


@act
def deactivate(request: SignedInRequest, user: User) -> str:
    """Out, with the next request."""
    actions.deactivate(by=request.user, user=user)
    return f"{user.display_name} is deactivated: sessions, tokens and links have ended."


@act
def reactivate(request: SignedInRequest, user: User) -> str:
    """In again."""
    actions.reactivate(by=request.user, user=user)
    return f"{user.display_name} may sign in again."


@act
def link(request: SignedInRequest, user: User) -> HttpResponse:
    """A new one-time link, shown once."""

    def make(secret: str) -> User:
        actions.link_for(by=request.user, user=user, secret=secret)
        return user

    _, secret = once_secret(by=request.user, key=key_of(request), purpose=f"person.link {user.pk}", content=None, act=make)
    return shown(request, user, secret)


@act
def end_sessions(request: SignedInRequest, user: User) -> str:
    """All sessions; of oneself, all but this one."""
    keep = (request.session.session_key or "") if user == request.user else ""
    actions.end_sessions(by=request.user, user=user, keep=keep)
    return "The sessions have ended."


@act
def remove_second_factors(request: SignedInRequest, user: User) -> str:
    """For somebody who lost the telephone and the codes."""
    if user == request.user:
        raise ValidationError("Change your own second factor on the page Second factor, not here.")
    actions.remove_second_factors(by=request.user, user=user)
    return "The second factors are removed and the sessions have ended. The next sign-in needs the password alone."


def _one_of(request: HttpRequest) -> str:
    return request.POST.get("which", "")


@act
def end_session(request: SignedInRequest, user: User) -> str:
    """One session."""
    for session in sessions_of(user):
        if str(session.pk) == _one_of(request):
            actions.end_session(by=request.user, user=user, session=session)
    return "The session has ended."


@act
def revoke_token(request: SignedInRequest, user: User) -> str:
    """One token."""
    for token in tokens_of(user):
        if str(token.pk) == _one_of(request):
            actions.revoke_token(by=request.user, token=token)
    return "The token is revoked."
