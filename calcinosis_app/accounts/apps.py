"""People who sign in, their roles, and the one access policy."""

from django.apps import AppConfig

from calcinosis_app.accounts.permissions import PEOPLE_MANAGE
from calcinosis_app.core.navigation import NavigationItem


class AccountsConfig(AppConfig):
    """Registers the app with Django."""

    name = "calcinosis_app.accounts"
    verbose_name = "Accounts"
    navigation = (NavigationItem("People", "people:list", PEOPLE_MANAGE, order=50),)
