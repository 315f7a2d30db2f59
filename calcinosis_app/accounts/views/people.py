"""The people of the clinic, and inviting one more."""

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from calcinosis_app.accounts.actions import invite
from calcinosis_app.accounts.decorators import SignedInRequest, needs
from calcinosis_app.accounts.forms import InviteForm
from calcinosis_app.accounts.permissions import PEOPLE_MANAGE
from calcinosis_app.accounts.selectors import people_with_standing


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
            user, secret = invite(by=request.user, **form.cleaned_data)
        except ValidationError as error:
            explain(form, error)
        else:
            return shown(request, user, secret)
    return render(request, "accounts/people/invite.html", {"form": form}, status=422 if form.is_bound else 200)


def shown(request: SignedInRequest, user: object, secret: str) -> HttpResponse:
    """The page that shows a link, once."""
    link = request.build_absolute_uri(reverse("accounts:open_link", args=[secret]))
    return render(request, "accounts/people/link.html", {"person": user, "link": link})


def explain(form: InviteForm, error: ValidationError) -> None:
    """Puts what an action refuses beside the field it is about."""
    found = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for name, says in found.items():
        for one in says:
            form.add_error(name if name in form.fields else None, one)
