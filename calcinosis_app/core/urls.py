"""Addresses that belong to no app in particular."""

from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import path

from calcinosis_app.core import views

app_name = "core"


def favicon(request: HttpRequest) -> HttpResponseRedirect:
    """Browsers ask for this address on their own wherever a page names no icon."""
    return HttpResponseRedirect(staticfiles_storage.url("img/favicon.svg"))


urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("favicon.ico", favicon, name="favicon"),
]
