"""Addresses of the follow-up. They carry random identifiers, never a name or number."""

from django.urls import path

from calcinosis_app.followups import views

app_name = "followups"

urlpatterns = [
    path("reminders/", views.worklist, name="list"),
    path("reminders/<uuid:reminder_id>/", views.reminder, name="reminder"),
    path("reminders/<uuid:reminder_id>/close/", views.close, name="close"),
]
