"""Addresses of the laboratory import. They carry random identifiers, never a name, number or code."""

from django.urls import path

from calcinosis_app.laboratory import views

app_name = "laboratory"

urlpatterns = [
    path("laboratory/import/", views.imports, name="imports"),
    path("laboratory/import/template/<str:delimiter>.csv", views.template, name="template"),
    path("laboratory/import/<uuid:import_id>/", views.one_import, name="import"),
    path("laboratory/import/<uuid:import_id>/progress/", views.progress, name="progress"),
    path("laboratory/import/<uuid:import_id>/commit/", views.commit, name="commit"),
    path("laboratory/import/<uuid:import_id>/again/", views.again, name="again"),
    path("laboratory/import/<uuid:import_id>/discard/", views.discard, name="discard"),
    path("laboratory/queue/", views.queue, name="queue"),
    path("laboratory/queue/codes/", views.codes, name="codes"),
    path("laboratory/queue/units/", views.units, name="units"),
    path("laboratory/queue/set-aside/", views.aside, name="set_aside"),
]
