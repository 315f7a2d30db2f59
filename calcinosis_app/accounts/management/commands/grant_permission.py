"""Lets an administrator give one person one of the grave permissions that no role carries."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.http import Http404

from calcinosis_app.accounts.actions import grant_permission
from calcinosis_app.accounts.models import User
from calcinosis_app.accounts.permissions import GRANTED_PER_PERSON, MEANING


class Command(BaseCommand):
    """One administrator, one person, one permission."""

    help = "Grant a person a permission that no role carries, such as override_absolute."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who grants what to whom."""
        parser.add_argument("permission", choices=sorted(GRANTED_PER_PERSON))
        parser.add_argument("--to", required=True, metavar="USERNAME", help="who receives it")
        parser.add_argument("--by", required=True, metavar="USERNAME", help="the administrator of the same clinic who grants it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Grants it, or says why not; granting it twice changes nothing."""
        by, user = _named(options["by"]), _named(options["to"])
        try:
            grant_permission(by=by, user=user, permission=options["permission"])
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except (PermissionDenied, Http404) as error:
            raise CommandError(f"{by.display_name} is no administrator of {user.display_name}'s clinic.") from error
        self.stdout.write(f"{user.display_name} may now {MEANING[options['permission']]}.")


def _named(username: str) -> User:
    user = User.objects.filter(username=username).first()
    if user is None:
        raise CommandError(f"Nobody signs in as {username!r}.")
    return user
