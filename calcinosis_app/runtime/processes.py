"""Child processes that end when we do, however we end."""

import ctypes
import os
import pwd
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

LIBC = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1
# PostgreSQL refuses to run as root; when we are root, it and the broker run as the first of these that exists.
UNPRIVILEGED = ("postgres", "nobody")


class RuntimeProblem(Exception):
    """Something outside the program keeps it from running. The text says what, and what to do about it."""


@dataclass(frozen=True)
class Account:
    """The system user that a service runs as."""

    name: str
    uid: int
    gid: int


def service_account() -> Account | None:
    """The user to run PostgreSQL and Valkey as; None when we are an ordinary user and they simply run as us.

    Raises RuntimeProblem when we are root and no unprivileged user exists.
    """
    if os.geteuid() != 0:
        return None
    for name in UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise RuntimeProblem("PostgreSQL does not run as root, and there is no user `postgres` or `nobody`: run this as an ordinary user.")


def start(
    command: Sequence[str],
    *,
    output: IO[str] | IO[bytes] | int | None = None,
    answers: IO[str] | IO[bytes] | int | None = None,
    account: Account | None = None,
    environment: Mapping[str, str] | None = None,
    cwd: Path | str = "/",
    on_death: signal.Signals = signal.SIGTERM,
    keep: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Starts `command` as a child in its own session, so that a Ctrl-C in the terminal reaches only us.

    `on_death` is the signal that the child receives from the kernel when we die; `keep` are file descriptors it inherits;
    `output` receives all it prints, or `answers` its standard output alone (None: it shares ours).
    Call from the main thread: the kernel ties the signal to the thread.
    """
    us = os.getpid()

    def end_with_us() -> None:
        # Runs after the change of user, which would have cleared the request.
        if hasattr(LIBC, "prctl"):  # Linux
            LIBC.prctl(PR_SET_PDEATHSIG, on_death)
            if os.getppid() != us:  # we died before the request was made
                os._exit(1)

    return subprocess.Popen(
        list(command),
        stdin=subprocess.DEVNULL,
        stdout=output if answers is None else answers,
        stderr=subprocess.STDOUT if output is not None else None,
        env=dict(environment) if environment is not None else None,
        cwd=cwd,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        start_new_session=True,
        pass_fds=tuple(keep),
        preexec_fn=end_with_us,
    )


def stop(children: Sequence["subprocess.Popen[bytes]"], how: signal.Signals, *, patience: float) -> None:
    """Asks all `children` at once to end, waits `patience` seconds at most, then kills those that are left.

    Harmless for those that have ended already.
    """
    for child in children:
        if child.poll() is None:
            child.send_signal(how)
    deadline = time.monotonic() + patience
    for child in children:
        try:
            child.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def wait_for_end(pid: int, *, patience: float) -> bool:
    """Waits until process `pid`, which need not be our child, is gone. Returns whether it is."""
    deadline = time.monotonic() + patience
    while Path(f"/proc/{pid}").exists():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
