"""Error pages and the health check."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from calcinosis_app.core.health import health


def of_the_interface(request: HttpRequest) -> bool:
    """Whether a program asks, which reads no pages."""
    return request.path.startswith("/api/")


def in_the_interfaces_form(say: str, status: int) -> JsonResponse:
    """An error that arose before the interface itself was reached."""
    return JsonResponse({"errors": [{"case": "", "lesion": None, "key": "", "value": "", "say": say}]}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page for a request that cannot be read."""
    if of_the_interface(request):
        return in_the_interfaces_form("The call cannot be read. Look at its address and headers.", 400)
    return render(request, "core/400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page for a door that this person's roles do not open."""
    return render(request, "core/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page for what is not there, or belongs to another clinic: one answer for both."""
    if of_the_interface(request):
        return in_the_interfaces_form("There is nothing at this address.", 404)
    return render(request, "core/404.html", status=404)


def too_many(request: HttpRequest) -> HttpResponse:
    """The page for somebody who asks for the same thing too often."""
    return render(request, "core/429.html", status=429)


def server_error(request: HttpRequest) -> HttpResponse:
    """The page for our own mistake, or the interface's form of it. It asks nothing of the database, which may be what failed."""
    if of_the_interface(request):
        say = "The server made a mistake. Nothing was stored. Try again; tell your administrator when it goes on."
        return in_the_interfaces_form(say, 500)
    return HttpResponse(render_to_string("core/500.html"), status=500)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a form whose CSRF token is missing or old."""
    return render(request, "core/403_form.html", status=403)


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when database and broker answer, and worker and beat were heard of lately; else 503. Names what failed, never where."""
    parts = health()
    well = all(state == "ok" for state in parts.values())
    return JsonResponse(parts, status=200 if well else 503)
