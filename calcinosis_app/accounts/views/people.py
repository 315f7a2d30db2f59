"""The people of the clinic, and inviting one more."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from calcinosis_app.accounts.actions import invite
from calcinosis_app.accounts.decorators import SignedInRequest, needs
from calcinosis_app.accounts.forms import InviteForm
from calcinosis_app.accounts.models import User
from calcinosis_app.accounts.permissions import PEOPLE_MANAGE
from calcinosis_app.accounts.selectors import link_by_secret, people_with_standing
from calcinosis_app.core.once import key_of, once_secret


@require_safe
@needs(PEOPLE_MANAGE)
def people(request: SignedInRequest) -> HttpResponse:
    """Everybody of the clinic, deactivated people last."""
    return render(request, "accounts/people/list.html", {"people": people_with_standing(request.user)})


@require_http_methods(["GET", "POST"])
@needs(PEOPLE_MANAGE)
def add(request: SignedInRequest) -> HttpResponse:
    """The form, and then the link to hand over, which is shown this once."""
    form = InviteForm(request.POST or None)
    if form.is_valid():
        try:
            made, secret = once_secret(
                by=request.user,
                key=key_of(request),
                purpose="person.invite",
                content=form.cleaned_data,
                act=lambda secret: invite(by=request.user, **form.cleaned_data, secret=secret)[0],
            )
        except ValidationError as error:
            explain(form, error)
        else:
            return shown(request, made.row, secret)
    return render(request, "accounts/people/invite.html", {"form": form}, status=422 if form.is_bound else 200)


def shown(request: SignedInRequest, user: User, secret: str) -> HttpResponse:
    """The page that shows a link, once; asked again by the same form, it shows it again while the link is good."""
    if link_by_secret(secret) is None:
        messages.info(request, "The link that this form made was used or replaced meanwhile. Make a new one if it is still needed.")
        return redirect("people:person", user.pk)
    link = request.build_absolute_uri(reverse("accounts:open_link", args=[secret]))
    return render(request, "accounts/people/link.html", {"person": user, "link": link})


def explain(form: InviteForm, error: ValidationError) -> None:
    """Puts what an action refuses beside the field it is about."""
    found = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for name, says in found.items():
        for one in says:
            form.add_error(name if name in form.fields else None, one)
