"""The secret key that a backup was made under, and the one in force where it was brought back to."""

import os
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import psycopg2

from calcinosis_app.runtime import archive, keys
from calcinosis_app.runtime.archive import Backup
from calcinosis_app.runtime.databases import Place
from calcinosis_app.runtime.state import State
from calcinosis_app.runtime.terminal import say

# What is encrypted with the key. Passkeys are not.
WITH_APP = """
SELECT DISTINCT username FROM accounts_user JOIN mfa_authenticator ON mfa_authenticator.user_id = accounts_user.id
WHERE is_active AND type IN ('totp', 'recovery_codes') ORDER BY username
"""


def keep_key(state: State, key: str, *, replace: bool) -> None:
    """Gives a state folder the key of the backup, once its rows are back. A folder with another keeps that, unless told to `replace` it."""
    file = state.folder / "secret-key"
    if not key:
        return
    if file.exists():
        if file.read_text() == key:
            return
        if not replace:
            say(f"{file} has a key of its own, and keeps it (--replace-secret-key puts the backup's in its place).")
            return
        before = file.with_name(f"secret-key.before_{datetime.now(UTC):%Y%m%dT%H%M%S}")
        file.rename(before)
        say(f"The secret key that was there before is kept as {before}.")
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, archive.PRIVATE), "w") as opened:
        opened.write(key)
    say("The secret key came back as well.")


def say_whether_key_fits(backup: Backup, place: Place, state: State | None, *, set_here: str) -> None:
    """Says who cannot sign in with an app, and the way in, unless the key in force is that of the backup.

    `set_here` is what the environment has as the key, which counts before that of a folder.
    """
    noted = backup.manifest.get("secret_key")
    in_force = set_here or _of(state, backup)
    saved = backup.secret_key()
    if in_force and (keys.fits(in_force, noted) if noted else in_force == saved):
        return
    people = _with_app(place.owner)
    if not people:
        say("The secret key of the backup is not known to be the one in force. Nobody has an authenticator app, so nobody is kept out.")
        return
    say(_what_differs(known=bool(noted or saved), in_force=in_force))
    say(_way_in(backup.path, people, state, set_here=set_here, saved=bool(saved)))


def _of(state: State | None, backup: Backup) -> str:
    if state is None:
        return keys.OF_THE_DEMO if backup.manifest["kind"] == "demo" else ""
    file = state.folder / "secret-key"
    return file.read_text() if file.exists() else ""


def _what_differs(*, known: bool, in_force: str) -> str:
    if not known:
        return "The backup does not say which secret key it was made under. If that is not the one in force now,"
    if not in_force:
        return "No secret key is set here yet. Under any but the one that the backup was made under,"
    return "The secret key in force is not the one that the backup was made under:"


def _way_in(file: Path, people: list[str], state: State | None, *, set_here: str, saved: bool) -> str:
    old = f"what `tar -xOf {file} secret-key` prints" if saved else "the key that the backup was made under"
    if state is not None and not set_here:
        bring = f"put {old} into {state.folder / 'secret-key'} (mode 0600)"
    else:
        bring = f"set {keys.NAME} to {old}"
    return (
        f"with an authenticator app or recovery codes these people cannot sign in: {', '.join(people)}. Passkeys still do.\n"
        f"The way in: {bring}, and start anew;\n"
        "or, for each of them, `python3 manage.py remove_second_factors --of USERNAME`; the password alone counts until a new one is added."
    )


def _with_app(owner: str) -> list[str]:
    with closing(psycopg2.connect(owner)) as connection, connection.cursor() as cursor:
        cursor.execute(WITH_APP)
        return [name for (name,) in cursor.fetchall()]
