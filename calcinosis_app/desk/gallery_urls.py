"""Addresses of the worked cases: they name a case of the release, never a person."""

from django.urls import path

from calcinosis_app.desk.views import gallery

app_name = "gallery"

urlpatterns = [
    path("worked-cases/", gallery.listing, name="list"),
    path("worked-cases/practice/<uuid:patient_id>/put-away/", gallery.put_away, name="put_away"),
    path("worked-cases/<slug:name>/", gallery.one, name="case"),
    path("worked-cases/<slug:name>/print/", gallery.paper, name="print"),
    path("worked-cases/<slug:name>/practice/", gallery.begin, name="practise"),
]
