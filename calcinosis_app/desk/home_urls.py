"""The first page. It has a name of its own, so that the navigation does not mark it on the pages of a case."""

from django.urls import path

from calcinosis_app.desk import views

app_name = "home"

urlpatterns = [path("", views.home, name="first")]
