"""Addresses of the interface. The version stands in the address: what programs rely on does not change under them."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView

from calcinosis_app.api import views

app_name = "api"

urlpatterns = [
    path("api/v1/assess", views.AssessView.as_view(), name="assess"),
    path("api/v1/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/v1/docs/", views.docs, name="docs"),
]
