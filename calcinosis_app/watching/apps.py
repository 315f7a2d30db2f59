"""Watching the rules at work: how often each row counts, whether answers stay what they are, whether anything was touched."""

from django.apps import AppConfig


class WatchingConfig(AppConfig):
    """Registers the app with Django. What it has to say beside a row stands on the pages of the rules (rulebooks/beside.py)."""

    name = "calcinosis_app.watching"
    verbose_name = "Watching"
    beside_rows = "calcinosis_app.watching.presentation.beside.beside_rows"
