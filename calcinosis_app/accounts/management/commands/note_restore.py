"""Writes into the audit log that its rows, and all others, came back from a backup. Called by `restore`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from calcinosis_app.accounts.actions import note_restore
from calcinosis_app.audit.actors import System


class Command(BaseCommand):
    """Ends what must not live again, and leaves the event."""

    help = "Note that the database came back from a backup, and end its sessions and open links (used by `restore`)."

    def add_arguments(self, parser: CommandParser) -> None:
        """The moment whose rows came back, and the version that saved them."""
        parser.add_argument("--as-of", required=True)
        parser.add_argument("--product", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """All of it or nothing."""
        note_restore(by=System("restore"), as_of=options["as_of"], product=options["product"])
