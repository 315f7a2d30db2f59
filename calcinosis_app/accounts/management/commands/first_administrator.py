"""Prints the link by which somebody becomes the first administrator of a new installation."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from calcinosis_app.accounts.actions import first_administrator_link
from calcinosis_app.accounts.management.asking import address


class Command(BaseCommand):
    """Says nothing once there is an administrator: administrators invite all others."""

    help = "Print a one-time link that makes its user the first administrator. It ends earlier ones and is good for a day."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where the server is reached."""
        parser.add_argument("--address", help="how the server is reached, for example http://localhost:8000")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints it."""
        secret = first_administrator_link()
        if secret is not None:
            self.stdout.write(
                f"Open this link once, within a day, to become the first administrator:\n  {address(secret, options['address'])}"
            )
