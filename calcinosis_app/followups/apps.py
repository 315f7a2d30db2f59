"""What is due after a plan was signed, and who works it."""

from django.apps import AppConfig

from calcinosis_app.accounts.permissions import REMINDER_WORK
from calcinosis_app.core.navigation import NavigationItem


class FollowupsConfig(AppConfig):
    """Registers the app with Django."""

    name = "calcinosis_app.followups"
    verbose_name = "Follow-up"
    navigation = (NavigationItem("Reminders", "followups:list", REMINDER_WORK, order=30),)
