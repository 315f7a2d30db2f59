"""Adds somebody who works in a clinic: a clinician, a nurse, a curator, an approver or one more administrator."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from calcinosis_app.accounts.actions import create_user, give_role
from calcinosis_app.accounts.management.asking import PASSWORD_VARIABLE, answer, password
from calcinosis_app.accounts.models import Clinic, User
from calcinosis_app.accounts.roles import ROLES
from calcinosis_app.accounts.selectors import clinics
from calcinosis_app.audit.actors import System


class Command(BaseCommand):
    """Asks for what its options leave open, as long as somebody is there to answer."""

    help = f"Add a person to a clinic, with one role or several. The password is asked for, or read from {PASSWORD_VARIABLE}."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The options; each stands for one question."""
        parser.add_argument("--name", help="the person's name, for example 'Dr Clara Winter'")
        parser.add_argument("--username", help="the sign-in name, for example clara")
        parser.add_argument("--role", action="append", choices=sorted(ROLES), help="may be given several times")
        parser.add_argument("--clinic", help="the clinic's name; may be left out when there is one")

    def handle(self, *args: Any, **options: Any) -> None:
        """Adds the person with all roles, or nobody. Raises CommandError with what to add or to mend."""
        try:
            user = self._add(options)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        roles = ", ".join(held.role for held in user.roles_held.all())
        self.stdout.write(f"{user.display_name} works at {user.clinic} as {roles}.")

    @transaction.atomic
    def _add(self, options: dict[str, Any]) -> User:
        by = System("add_person")
        roles = options["role"] or [answer(None, f"Role: {', '.join(sorted(ROLES))}", "--role")]
        user = create_user(
            by=by,
            display_name=answer(options["name"], "Name", "--name"),
            username=answer(options["username"], "Sign-in name", "--username"),
            password=password(),
            clinic=_clinic(options["clinic"]),
        )
        for role in dict.fromkeys(roles):
            give_role(by=by, user=user, role=role)
        return user


def _clinic(name: str | None) -> Clinic:
    known = list(clinics())
    if not known:
        raise CommandError("There is no clinic yet. Begin with create_administrator.")
    if name is None and len(known) == 1:
        return known[0]
    for clinic in known:
        if clinic.name == name:
            return clinic
    raise CommandError(f"Add --clinic with one of: {', '.join(clinic.name for clinic in known)}.")
