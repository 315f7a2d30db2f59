"""Reads settings from the environment. A value that cannot be read stops the start and says how to mend it."""

import os
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"0", "false", "no", "off", ""})


def text(name: str, *, default: str) -> str:
    """The value of environment variable `name`, or `default` when it is not set."""
    return os.environ.get(name, default)


def required(name: str, *, remedy: str) -> str:
    """The value of environment variable `name`. Raises ImproperlyConfigured with `remedy` when it is missing or empty."""
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set: {remedy}.")
    return value


def boolean(name: str, *, default: bool) -> bool:
    """A yes or no. Raises ImproperlyConfigured on any other word."""
    value = os.environ.get(name)
    if value is None:
        return default
    if value.lower() in TRUE:
        return True
    if value.lower() in FALSE:
        return False
    raise ImproperlyConfigured(f"{name}={value!r} is neither yes nor no: use 1 or 0.")


def whole_number(name: str, *, default: int, least: int = 0, most: int | None = None) -> int:
    """A whole number from `least` on, up to `most` where one is given. Raises ImproperlyConfigured on anything else."""
    value = os.environ.get(name, str(default))
    if not (value.isascii() and value.isdigit()) or int(value) < least or (most is not None and int(value) > most):
        limits = f"from {least} on" if most is None else f"from {least} to {most}"
        raise ImproperlyConfigured(f"{name}={value!r} is no whole number {limits}: use one such as {default}.")
    return int(value)


def one_of(name: str, choices: Sequence[str]) -> str:
    """One of `choices`, the first when it is not set. Raises ImproperlyConfigured on any other word."""
    value = os.environ.get(name) or choices[0]
    if value not in choices:
        raise ImproperlyConfigured(f"{name}={value!r} is unknown: use {' or '.join(choices)}.")
    return value


def words(name: str, *, default: list[str]) -> list[str]:
    """A list separated by commas; blanks around its items are dropped."""
    value = os.environ.get(name)
    if value is None:
        return default
    return [word.strip() for word in value.split(",") if word.strip()]


def email(name: str) -> tuple[str, int, str, str, bool, bool] | None:
    """Host, port, user, password, and whether to encrypt after connecting (STARTTLS) or from the start, from an address such as
    `smtp://user:password@mail.example:587` or `smtps://mail.example`; `smtp://localhost:25?tls=0` encrypts nothing.

    None when the variable is not set: then no mail is sent. Raises ImproperlyConfigured for another scheme and without a host.
    """
    value = os.environ.get(name, "")
    if not value:
        return None
    parts = urlsplit(value)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ImproperlyConfigured(f"{name} must read smtp://user:password@mail.example:587, or smtps:// for encryption from the start.")
    whole_way = parts.scheme == "smtps"
    later = not whole_way and parse_qs(parts.query).get("tls", ["1"])[-1] != "0"
    port = parts.port or (465 if whole_way else 587)
    return parts.hostname, port, unquote(parts.username or ""), unquote(parts.password or ""), later, whole_way


def database(name: str) -> dict[str, dict[str, Any]]:
    """Django's DATABASES from the URL in environment variable `name`.

    Without the variable the result is empty: commands that need no database run, and any other says that none is configured.
    Raises ImproperlyConfigured for another kind of database.
    """
    url = os.environ.get(name, "")
    return {"default": connection_settings(url, name=name)} if url else {}


def connection_settings(url: str, *, name: str) -> dict[str, Any]:
    """Django's settings for one PostgreSQL address such as `postgresql://user:password@host:5432/name`.

    A unix socket is given as `postgresql://user@/name?host=/folder`; what else stands behind the question mark is handed to the driver.
    `name` is the setting that holds the address, for the message. Raises ImproperlyConfigured for another kind of database.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres"):
        raise ImproperlyConfigured(
            f"{name} begins with {parts.scheme!r}: the product runs on PostgreSQL only, so it must begin with postgresql://"
        )
    options = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    host = options.pop("host", parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
