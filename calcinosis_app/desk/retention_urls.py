"""How long records are kept. It has a name of its own, so that the navigation does not mark it on the pages of a case."""

from django.urls import path

from calcinosis_app.desk import views

app_name = "retention"

urlpatterns = [
    path("retention/", views.retention, name="list"),
    path("retention/years/", views.change_years, name="years"),
    path("retention/holds/", views.hold, name="hold"),
    path("retention/holds/<int:hold_id>/lift/", views.lift, name="lift"),
]
