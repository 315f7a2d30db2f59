"""Where Django's administration pages stand."""

from django.urls import path

from calcinosis_app.accounts.admin import site

urlpatterns = [path("admin/", site.urls)]
