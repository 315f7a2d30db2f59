"""Pages that show several apps together."""

from django.apps import AppConfig

from calcinosis_app.accounts.permissions import ACCESS_WATCH, RETENTION_MANAGE, RULES_READ, SYSTEM_READ
from calcinosis_app.core.navigation import NavigationItem


class DeskConfig(AppConfig):
    """Registers the app with Django. Every role may read the rules, so the first page opens to everybody."""

    name = "calcinosis_app.desk"
    verbose_name = "Desk"
    navigation = (
        NavigationItem("Home", "home:first", RULES_READ, order=10),
        NavigationItem("Worked cases", "gallery:list", RULES_READ, order=60),
        NavigationItem("Access", "access:list", ACCESS_WATCH, order=45),
        NavigationItem("Retention", "retention:list", RETENTION_MANAGE, order=85),
        NavigationItem("Installation", "installation:health", SYSTEM_READ, order=90),
    )
