"""How the installation is doing."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from calcinosis_app.accounts.decorators import SignedInRequest, needs
from calcinosis_app.accounts.permissions import SYSTEM_READ
from calcinosis_app.core.installation import groups, worst
from calcinosis_app.rulebooks.bridge import current_release
from calcinosis_app.watching.health import watching_group


@require_safe
@needs(SYSTEM_READ)
def installation(request: SignedInRequest) -> HttpResponse:
    """What an administrator watches."""
    shown = [*groups(release=current_release().number), watching_group()]
    tone, what = worst(shown)
    return render(request, "desk/health.html", {"groups": shown, "worst": tone, "what": what})
