"""People who sign in, their roles, and the one access policy."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Registers the app with Django."""

    name = "calcinosis_app.accounts"
    verbose_name = "Accounts"
