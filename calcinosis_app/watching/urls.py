"""Addresses of watching. They stand among those of the rules."""

from django.urls import path

from calcinosis_app.watching import views

app_name = "watching"

urlpatterns = [
    path("rules/watching/", views.overview, name="overview"),
    path("rules/watching/rows/", views.rows, name="rows"),
    path("rules/watching/rows/<str:row>/", views.row, name="row"),
    path("rules/watching/sources/", views.sources, name="sources"),
    path("rules/watching/sources/months/", views.interval, name="interval"),
    path("rules/watching/sources/<str:key>/", views.source, name="source"),
    path("rules/watching/alarms/<int:alarm_id>/", views.alarm, name="alarm"),
]
