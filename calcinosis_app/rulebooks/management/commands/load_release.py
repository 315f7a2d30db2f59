"""Stores the rules that came with this version of the product."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from calcinosis_app.audit.actors import System
from calcinosis_app.rulebooks.actions import load_release


class Command(BaseCommand):
    """`python3 manage.py load_release`: does nothing when they are stored already."""

    help = "Stores the rules that came with this version of the product, unless they are stored already."

    def handle(self, *args: Any, **options: Any) -> None:
        """Says which release it is, and whether it is new."""
        try:
            loaded = load_release(by=System("load_release"))
        except ValueError as error:  # ReleaseError says which block, and what to do
            raise CommandError(f"The rules were not loaded. {error}") from error
        release = loaded.release
        what = "is stored now" if loaded.is_new else "was stored already"
        self.stdout.write(f"Release {release.number} of the rules {what} (hash {release.hash[:12]}).")
