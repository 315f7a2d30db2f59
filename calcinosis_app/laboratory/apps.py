"""Results that come from a laboratory as a file."""

from django.apps import AppConfig

from calcinosis_app.accounts.permissions import LABORATORY_IMPORT
from calcinosis_app.core.navigation import NavigationItem


class LaboratoryConfig(AppConfig):
    """Registers the app with Django."""

    name = "calcinosis_app.laboratory"
    verbose_name = "Laboratory"
    navigation = (NavigationItem("Laboratory", "laboratory:imports", LABORATORY_IMPORT, order=25),)
