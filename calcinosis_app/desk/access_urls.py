"""Addresses of emergency access, transfers, and who has seen a patient."""

from django.urls import path

from calcinosis_app.desk.views import emergency, seen, transfer

app_name = "access"

urlpatterns = [
    path("access/", emergency.watch, name="list"),
    path("access/find/", seen.find, name="find"),
    path("access/<uuid:access_id>/seen/", emergency.mark_seen, name="mark_seen"),
    path("emergency/", emergency.emergency, name="emergency"),
    path("emergency/<uuid:access_id>/end/", emergency.end, name="end"),
    path("patients/<uuid:patient_id>/seen/", seen.seen, name="seen"),
    path("patients/<uuid:patient_id>/transfer/", transfer.offer, name="offer"),
    path("transfers/", transfer.transfers, name="transfers"),
    path("transfers/<uuid:offer_id>/", transfer.transfer, name="transfer"),
    path("transfers/<uuid:offer_id>/accept/", transfer.accept, name="accept"),
    path("transfers/<uuid:offer_id>/decline/", transfer.decline, name="decline"),
    path("transfers/<uuid:offer_id>/withdraw/", transfer.withdraw, name="withdraw"),
]
