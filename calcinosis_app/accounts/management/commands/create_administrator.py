"""Creates the person who lets in all others: the first administrator of a clinic."""

import os
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from calcinosis_app.accounts.actions import create_clinic, create_user, give_role, make_link
from calcinosis_app.accounts.management.asking import PASSWORD_VARIABLE, address, answer
from calcinosis_app.accounts.models import Clinic, OneTimeLink, User
from calcinosis_app.accounts.roles import ADMINISTRATOR
from calcinosis_app.accounts.selectors import clinics
from calcinosis_app.audit.actors import System


class Command(BaseCommand):
    """Asks for what its options leave open, as long as somebody is there to answer."""

    help = (
        "Create an administrator, and the clinic when it does not exist yet. "
        f"Prints a one-time link to choose a password; with {PASSWORD_VARIABLE} set, that is the password, and there is no link."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The options; each stands for one question."""
        parser.add_argument("--name", help="the person's name, for example 'Ada Moss'")
        parser.add_argument("--username", help="the sign-in name, for example ada")
        parser.add_argument("--clinic", help="the clinic's name; may be left out when there is one")
        parser.add_argument("--time-zone", help="of a new clinic, for example Europe/Berlin")
        parser.add_argument("--address", help="how the server is reached, for the link; for example http://localhost:8000")
        parser.add_argument("--jurisdiction", help="of a new clinic: uk, us or eu")

    def handle(self, *args: Any, **options: Any) -> None:
        """Creates all of it or nothing. Raises CommandError with what to add or to mend."""
        try:
            user, secret = self._create(options)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{user.display_name} is an administrator of {user.clinic}.")
        if secret:
            self.stdout.write(f"Open this link once, within seven days, to choose a password:\n  {address(secret, options['address'])}")

    @transaction.atomic
    def _create(self, options: dict[str, Any]) -> tuple[User, str]:
        by = System("create_administrator")
        clinic = self._clinic(by, options)
        user = create_user(
            by=by,
            display_name=answer(options["name"], "Name", "--name"),
            username=answer(options["username"], "Sign-in name", "--username"),
            password=os.environ.get(PASSWORD_VARIABLE) or None,
            clinic=clinic,
        )
        give_role(by=by, user=user, role=ADMINISTRATOR.name)
        if user.has_usable_password():
            return user, ""
        return user, make_link(by=by, kind=OneTimeLink.Kind.INVITATION, user=user)[1]

    def _clinic(self, by: System, options: dict[str, Any]) -> Clinic:
        name = options["clinic"]
        known = list(clinics())
        if not name and len(known) == 1:
            return known[0]
        if not name and known:
            names = ", ".join(clinic.name for clinic in known)
            raise CommandError(f"There are several clinics. Add --clinic with one of: {names}.")
        name = answer(name, "Clinic", "--clinic")
        for clinic in known:
            if clinic.name == name:
                return clinic
        return create_clinic(
            by=by,
            name=name,
            time_zone=answer(options["time_zone"], "Time zone, for example Europe/Berlin", "--time-zone"),
            jurisdiction=answer(options["jurisdiction"], "Jurisdiction: uk, us or eu", "--jurisdiction"),
        )
