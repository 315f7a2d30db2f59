"""What was done, by whom and when: written once, never changed."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Registers the app with Django."""

    name = "calcinosis_app.audit"
    verbose_name = "Audit"
