"""What every other app stands on: middleware, error pages, health, navigation."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Registers the app with Django."""

    name = "calcinosis_app.core"
    verbose_name = "Core"
