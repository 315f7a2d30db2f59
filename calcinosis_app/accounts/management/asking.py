"""What the commands ask of whoever sits at the terminal, when their options leave it open."""

import os
import sys
from getpass import getpass

from django.conf import settings
from django.core.management.base import CommandError
from django.urls import reverse

PASSWORD_VARIABLE = "CALCINOSIS_PASSWORD"  # noqa: S105  # the variable's name, not a password


def answer(given: str | None, question: str, option: str) -> str:
    """What the option says, else what the person answers. Nobody there: says which option to add."""
    if given:
        return given
    if not sys.stdin.isatty():
        raise CommandError(f"{question} is not given. Add {option}.")
    return input(f"{question}: ").strip()


def password() -> str:
    """The password from the environment, else typed twice. Nobody there: says which variable to set."""
    if given := os.environ.get(PASSWORD_VARIABLE):
        return given
    if not sys.stdin.isatty():
        raise CommandError(f"The password is not given. Set {PASSWORD_VARIABLE}.")
    typed = getpass("Password: ")
    if getpass("The same password again: ") != typed:
        raise CommandError("The two passwords differ. Start again; nothing was created.")
    return typed


def address(secret: str, base: str | None = None) -> str:
    """A one-time link as it is typed into a browser."""
    return str(base or settings.ADDRESS).rstrip("/") + reverse("accounts:open_link", args=[secret])
