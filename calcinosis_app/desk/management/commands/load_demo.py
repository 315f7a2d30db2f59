"""Fills a demo with invented people and published cases, and says how to sign in."""

import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.crypto import salted_hmac

from calcinosis_app.desk.demo.cast import PEOPLE
from calcinosis_app.desk.demo.load import load


class Command(BaseCommand):
    """Loads the demo once; prints the sign-ins each time."""

    help = "Load the demo clinics, people and cases (once), and print the sign-ins."

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuses where real patients may be."""
        if not settings.DEMO:
            raise CommandError("This is not a demo: invented people are loaded only where CALCINOSIS_DEMO=1.")
        password = _password()
        load(password=password)
        self.stdout.write(f"Sign in with the password {password} as one of")
        for person in PEOPLE:
            self.stdout.write(f"  {person.username:6} {person.display_name}, {person.role}, {person.clinic}")


def _password() -> str:
    """Given by CALCINOSIS_DEMO_PASSWORD, else made from the installation's own key: the same each time, elsewhere another."""
    made = salted_hmac("calcinosis demo password", "sign-in").hexdigest()
    return os.environ.get("CALCINOSIS_DEMO_PASSWORD") or "-".join(made[at : at + 4] for at in (0, 4, 8, 12))
