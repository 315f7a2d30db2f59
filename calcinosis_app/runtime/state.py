"""The state folder: where a local installation keeps its data, its secret key and its log files between runs."""

import fcntl
import hashlib
import json
import os
import secrets
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from calcinosis_app.runtime.processes import Account, RuntimeProblem, service_account

ROOT = Path(__file__).resolve().parent.parent.parent
# A unix socket's path must fit in 107 characters; PostgreSQL appends its own file name.
LONGEST_SOCKET_FOLDER = 80


@dataclass(frozen=True)
class Addresses:
    """Where the services of a running installation are found."""

    owner: str
    database: str
    broker: str


class State:
    """One state folder. Creating the object makes the folder, if need be, and checks that the services can use it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.account = service_account()
        try:
            # What is made here must be open to the services also where the person's umask would close it; what was
            # there before keeps its rights.
            missing = [folder for folder in (self.folder, *self.folder.parents) if not folder.exists()]
            self._check_that_services_can_enter([folder for folder in self.folder.parents if folder not in missing])
            self.folder.mkdir(parents=True, exist_ok=True)
            for folder in missing:
                folder.chmod(0o755 if self.account else 0o700)
            self._check_that_services_can_enter([] if self.folder in missing else [self.folder])
            self.logs = self.folder / "logs"
            self.logs.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise RuntimeProblem(
                f"The state folder {self.folder} cannot be used ({error.strerror}): choose another with --state DIR."
            ) from error

    def _check_that_services_can_enter(self, folders: list[Path]) -> None:
        if self.account is None:
            return
        for folder in folders:
            if not may_enter(folder, self.account):
                raise RuntimeProblem(
                    f"The database runs as user {self.account.name!r}, who may not enter {folder}: "
                    "choose a state folder that everybody can reach, for example --state /var/lib/calcinosis"
                )

    def service_folder(self, name: str) -> Path:
        """A folder inside the state that belongs to the services alone."""
        folder = self.folder / name
        folder.mkdir(mode=0o700, exist_ok=True)
        give(folder, self.account)
        return folder

    @contextmanager
    def socket_folder(self) -> Iterator[Path]:
        """A private folder for the services' sockets: inside the state, or in the temporary folder when that path is too long."""
        if len(str(self.folder / "run")) <= LONGEST_SOCKET_FOLDER:
            yield self.service_folder("run")
            return
        folder = Path(tempfile.mkdtemp(prefix="calcinosis-"))
        give(folder, self.account)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def claim(self) -> Iterator[bool]:
        """Claims the folder for this process. Yields False when another one, which is running, holds it.

        The claim ends with the process, also when it is killed.
        """
        with (self.folder / "lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True

    def secret_key(self) -> str:
        """The key that signs sessions of this installation; made once, readable by its owner only."""
        file = self.folder / "secret-key"
        try:
            return file.read_text()
        except FileNotFoundError:
            key = secrets.token_urlsafe(50)
            with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
                opened.write(key)
            return key

    def kind(self) -> str:
        """`demo` or `clinic`; empty for a folder that was never opened as either."""
        file = self.folder / "kind"
        return file.read_text() if file.exists() else ""

    def hold_kind(self, kind: str) -> None:
        """Keeps invented and real people apart: a folder begun as `demo` or `clinic` stays so. Raises RuntimeProblem otherwise."""
        file = self.folder / "kind"
        if not file.exists():
            file.write_text(kind)
            return
        held = file.read_text()
        if held != kind:
            wanted, remedy = {
                "demo": ("a demo clinic", "Start it with --no-demo"),
                "clinic": ("no demo", "Start it without --no-demo"),
            }[kind]
            raise RuntimeProblem(
                f"The state folder {self.folder} holds a {held}; you asked for {wanted}, and the two are never mixed. "
                f"{remedy}, or choose another folder with --state DIR."
            )

    @contextmanager
    def announce(self, addresses: Addresses) -> Iterator[None]:
        """Leaves a note with the services' addresses, for other commands on this installation, while they run."""
        file = self.folder / "services.json"
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as opened:
            json.dump(vars(addresses), opened)
        try:
            yield
        finally:
            file.unlink(missing_ok=True)

    def announced(self) -> Addresses:
        """The addresses of the services that another process runs on this folder. Raises RuntimeProblem while it is still starting."""
        try:
            return Addresses(**json.loads((self.folder / "services.json").read_text()))
        except (OSError, ValueError, TypeError) as error:
            raise RuntimeProblem("The local server is just starting or stopping: try again in a few seconds.") from error


def give(folder: Path, account: Account | None) -> None:
    """Makes `folder` belong to `account`."""
    if account is not None:
        os.chown(folder, account.uid, account.gid)


def may_enter(folder: Path, account: Account) -> bool:
    """Whether `account` may pass through `folder`."""
    is_, mode = folder.stat(), folder.stat().st_mode
    if is_.st_uid == account.uid:
        return bool(mode & stat.S_IXUSR)
    if is_.st_gid == account.gid:
        return bool(mode & stat.S_IXGRP)
    return bool(mode & stat.S_IXOTH)


def default_folder() -> Path:
    """Where the data lives unless told otherwise: outside the checkout, so that cleaning it loses nothing; one folder per checkout.

    `CALCINOSIS_STATE` names another. Raises RuntimeProblem when there is no home to keep data in.
    """
    chosen = os.environ.get("CALCINOSIS_STATE")
    if chosen:
        return Path(chosen)
    name = f"{ROOT.name}-{hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]}"
    if os.geteuid() == 0:
        return Path("/var/lib/calcinosis") / name
    home = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    nearest = next(folder for folder in (home, *home.parents) if folder.exists())
    if not os.access(nearest, os.W_OK):
        raise RuntimeProblem(f"There is no home folder to keep data in ({home} cannot be made): choose a folder with --state DIR.")
    return home / "calcinosis" / name
