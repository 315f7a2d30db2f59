"""Lets an operator open the door to a person whose second factor is lost, or unreadable after a restore under another secret key."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from calcinosis_app.accounts.actions import remove_second_factors
from calcinosis_app.accounts.models import User
from calcinosis_app.audit.actors import System


class Command(BaseCommand):
    """One person; where an administrator can still sign in, the person's page does the same."""

    help = "Remove a person's authenticator app, passkeys and recovery codes. Sessions end; the next sign-in needs the password alone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose they are."""
        parser.add_argument("--of", required=True, metavar="USERNAME", help="whose second factors are removed")

    def handle(self, *args: Any, **options: Any) -> None:
        """Removes them, or says why not; doing it twice changes nothing."""
        user = User.objects.filter(username=options["of"]).first()
        if user is None:
            raise CommandError(f"Nobody signs in as {options['of']!r}.")
        if remove_second_factors(by=System("remove_second_factors"), user=user):
            self.stdout.write(f"{user.display_name} now signs in with the password alone, until a new second factor is set up.")
        else:
            self.stdout.write(f"{user.display_name} has no second factor: nothing changed.")
