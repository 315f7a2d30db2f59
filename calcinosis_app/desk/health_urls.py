"""The page about the installation itself. It has a name of its own, so that the navigation does not mark it on the pages of a case."""

from django.urls import path

from calcinosis_app.desk import views

app_name = "installation"

urlpatterns = [path("health/", views.installation, name="health")]
