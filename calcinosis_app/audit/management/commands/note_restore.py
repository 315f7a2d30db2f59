"""Writes into the audit log that its rows, and all others, came back from a backup. Called by `restore`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from calcinosis_app.audit.actions import record
from calcinosis_app.audit.actors import System
from calcinosis_app.core.heartbeats import beat
from calcinosis_app.core.models import Heartbeat, Part

RESTORE = System("restore")


class Command(BaseCommand):
    """Leaves the event and the row that the health page shows."""

    help = "Note that the database came back from a backup (used by `restore`)."

    def add_arguments(self, parser: CommandParser) -> None:
        """The moment whose rows came back, and the version that saved them."""
        parser.add_argument("--as-of", required=True)
        parser.add_argument("--product", required=True)

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Both or none."""
        beat(Part.RESTORE, f"as of {options['as_of']}")
        record(
            by=RESTORE,
            action="installation.restored",
            subject=Heartbeat(part=Part.RESTORE),
            as_of=options["as_of"],
            product=options["product"],
        )
