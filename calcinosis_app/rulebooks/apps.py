"""Releases of the clinical rules, as rows and as readable pages."""

from django.apps import AppConfig

from calcinosis_app.accounts.permissions import RULES_READ
from calcinosis_app.core.navigation import NavigationItem


class RulebooksConfig(AppConfig):
    """Registers the app with Django."""

    name = "calcinosis_app.rulebooks"
    verbose_name = "Rules"
    navigation = (NavigationItem("Rules", "rulebooks:overview", RULES_READ, order=50),)
