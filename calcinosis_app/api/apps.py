"""The REST interface, over the same actions as the pages."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Registers the app with Django."""

    name = "calcinosis_app.api"
    verbose_name = "API"
