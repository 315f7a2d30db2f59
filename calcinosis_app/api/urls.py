"""Addresses of the interface. The version stands in the address: what programs rely on does not change under them."""

from django.urls import path

from calcinosis_app.api import views

app_name = "api"

urlpatterns = [
    path("api/v1/assess", views.AssessView.as_view(), name="assess"),
    path("api/v1/schema/", views.schema, name="schema"),
    path("api/v1/docs/", views.docs, name="docs"),
]
