"""What the settings refuse, and what they switch on outside demo mode. Each in a fresh process: settings are read once."""

import re
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from calcinosis_app.runtime.environment import boolean, connection_settings, words
from calcinosis_app.runtime.state import ROOT
from tests.runtime.running import manage, surroundings

SHOW = "from django.conf import settings as s; print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.DEBUG)"


def show(what: str = SHOW, **environment: str) -> "subprocess.CompletedProcess[str]":
    added = {"DJANGO_SETTINGS_MODULE": "calcinosis_app.settings", **environment}
    return subprocess.run([sys.executable, "-c", what], cwd=ROOT, env=surroundings(**added), capture_output=True, text=True, check=False)


def test_without_a_secret_key_nothing_starts_outside_demo_mode() -> None:
    done = show()
    assert done.returncode != 0
    assert "CALCINOSIS_SECRET_KEY is not set" in done.stderr


def test_cookies_travel_only_encrypted_outside_demo_mode() -> None:
    assert show(CALCINOSIS_SECRET_KEY="a long random text").stdout.split() == ["True", "True", "False"]
    assert show(CALCINOSIS_DEMO="1").stdout.split() == ["False", "False", "False"]


def test_keys_that_were_used_before_are_named_beside_the_new_one() -> None:
    keys = "from django.conf import settings as s; print(s.SECRET_KEY_FALLBACKS)"
    assert show(keys, CALCINOSIS_DEMO="1").stdout.strip() == "[]"
    assert show(keys, CALCINOSIS_DEMO="1", CALCINOSIS_SECRET_KEY_FALLBACKS="").stdout.strip() == "[]"
    assert show(keys, CALCINOSIS_DEMO="1", CALCINOSIS_SECRET_KEY_FALLBACKS="last, first").stdout.strip() == "['last', 'first']"


def test_a_word_that_is_neither_yes_nor_no_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALCINOSIS_DEMO", "perhaps")
    with pytest.raises(ImproperlyConfigured, match="'perhaps' is neither yes nor no: use 1 or 0"):
        boolean("CALCINOSIS_DEMO", default=False)


def test_lists_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALCINOSIS_ALLOWED_HOSTS", "a.example, b.example,")
    assert words("CALCINOSIS_ALLOWED_HOSTS", default=[]) == ["a.example", "b.example"]


def test_addresses_of_databases_are_read() -> None:
    found = connection_settings("postgresql://me:p%40ss@db.example:6432/name?sslmode=require", name="DATABASE_URL")
    assert (found["USER"], found["PASSWORD"], found["HOST"], found["PORT"], found["NAME"]) == ("me", "p@ss", "db.example", "6432", "name")
    assert found["OPTIONS"] == {"sslmode": "require"}
    by_socket = connection_settings("postgresql://me@/name?host=%2Frun%2Fpostgres", name="DATABASE_URL")
    assert by_socket["HOST"] == "/run/postgres"


def test_another_kind_of_database_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="PostgreSQL only"):
        connection_settings("sqlite:///file", name="DATABASE_URL")


def test_every_setting_has_its_line_in_the_example() -> None:
    example = (ROOT / ".env.example").read_text()
    described = set(re.findall(r"^#([A-Z_]+)=", example, flags=re.MULTILINE))
    sources = [*(ROOT / "calcinosis_app").rglob("*.py")]
    read = {name for source in sources for name in re.findall(r'"((?:CALCINOSIS|DATABASE|BROKER)_[A-Z_]+)"', source.read_text())}
    assert read == described


# --- a server -------------------------------------------------------------------------------------
SERVER = {
    "CALCINOSIS_SECRET_KEY": "Zq7vH2mK9rT4wXc1bN8sLd5fGj3pYe6uAo0iRhVt-Bn2kMx7sQd",
    "CALCINOSIS_ALLOWED_HOSTS": "calcinosis.hospital.example",
    "CALCINOSIS_BEHIND_PROXY": "1",
    "CALCINOSIS_HSTS_SECONDS": "31536000",
    "CALCINOSIS_HSTS_SUBDOMAINS": "1",
    "CALCINOSIS_LOGS": "json",
    "DATABASE_URL": "postgresql://calcinosis:password@database:5432/calcinosis",
    "BROKER_URL": "redis://broker:6379/0",
}


def test_the_check_before_deploying_finds_nothing() -> None:
    done = manage("check", "--deploy", "--fail-level", "WARNING", **SERVER)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("CALCINOSIS_HSTS_SECONDS", "0", "security.W004"),
        ("CALCINOSIS_SSL_REDIRECT", "0", "security.W008"),
        ("CALCINOSIS_SECRET_KEY", "short", "security.W009"),
        ("CALCINOSIS_DEMO", "1", "security.W012"),
    ],
)
def test_the_check_before_deploying_would_find_something(name: str, value: str, found: str) -> None:
    done = manage("check", "--deploy", "--fail-level", "WARNING", **{**SERVER, name: value})
    assert done.returncode == 1
    assert found in done.stderr


def test_settings_that_cannot_be_read_say_how_to_mend_them() -> None:
    for name, value, says in [
        ("CALCINOSIS_HSTS_SECONDS", "a year", "is no whole number from 0 on: use one such as 0"),
        ("CALCINOSIS_SILENT_MINUTES", "-1", "is no whole number from 0 on: use one such as 5"),
        ("CALCINOSIS_LOGS", "loud", "is unknown: use plain or json"),
    ]:
        done = show(**{**SERVER, name: value})
        assert f"{name}={value!r} {says}" in done.stderr
