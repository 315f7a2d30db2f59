#!/usr/bin/env python3
"""The door to the product. Needs nothing but Python 3.11 or newer.

python3 manage.py up        install what is needed and start everything
python3 manage.py test      run every test and check
python3 manage.py backup FILE | restore FILE
write everything to one file; bring it back from there
python3 manage.py facts | assess | check_cases | verify_release | compare_releases | mutate_release
the clinical rules alone: no database, no process, no installation
python3 manage.py export_release | import_release
a release as a spreadsheet, CSV files or JSON, and back: no database, no process
python3 manage.py COMMAND   any Django command, on the local or the configured database
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import hashlib
import importlib
import io
import json
import os
import platform
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "installed.json"
OLDEST_PYTHON = (3, 11)
RULE_COMMANDS = ("facts", "assess", "check_cases", "verify_release", "compare_releases", "mutate_release")
EXCHANGE_COMMANDS = ("export_release", "import_release")
OWN_COMMANDS = ("up", "backup", "restore")
# What the tests need is a superset of what the product needs, so a folder made for tests serves both.
LOCKS = {"product": "requirements.txt", "tests": "requirements-dev.txt"}
# The whole run is spread over the processors; whoever names tests gets them in one process, which starts sooner.
WHOLE_RUN = ["-n", "auto", "--dist", "worksteal"]
LIBC = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1
# Making an environment starts further processes, which the kernel does not tell of our end. This one leads them, and takes them along.
MAKE_VENV = """
import os, signal, sys, venv
os.setpgid(0, 0)
signal.signal(signal.SIGTERM, lambda *_: os.killpg(0, signal.SIGKILL))
venv.main(sys.argv[1:])
"""


def main(argv: list[str]) -> int:
    """Sends the command to where it is carried out. Returns the exit code."""
    if sys.version_info < OLDEST_PYTHON:
        say(f"This is Python {platform.python_version()}; Calcinosis needs 3.11 or newer. Try: python3.11 manage.py {' '.join(argv)}")
        return 1
    command = argv[0] if argv else "help"
    if command in RULE_COMMANDS:
        for stream in (sys.stdin, sys.stdout):  # JSON is UTF-8 on every machine, whatever its language
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(encoding="utf-8")
        # Imported by name: these commands must not drag in Django, and the others must not drag in these.
        return int(importlib.import_module("clinical_rules.commands").main(argv))
    install("tests" if command == "test" else "product")
    enter_venv(argv)
    if command == "test":
        os.environ["PYTHONUNBUFFERED"] = "1"
        os.chdir(ROOT)
        os.execv(sys.executable, [sys.executable, "-m", "pytest", *(argv[1:] or WHOLE_RUN)])
    if command in EXCHANGE_COMMANDS:
        return int(importlib.import_module("clinical_rules.exchange.commands").main(argv))
    if command in OWN_COMMANDS:
        return int(importlib.import_module(f"calcinosis_app.runtime.{command}").main(argv[1:]))
    return int(importlib.import_module("calcinosis_app.runtime.commands").main(argv))


def say(text: str) -> None:
    """Speaks to the person. Standard output is kept for what a command answers."""
    print(text, file=sys.stderr, flush=True)


def enter_venv(argv: list[str]) -> None:
    """Continues inside `.venv`, in the same process, so that a signal sent to us reaches the program."""
    if Path(sys.prefix).resolve() == VENV.resolve():
        return
    python = str(VENV / "bin" / "python")
    os.execv(python, [python, str(ROOT / "manage.py"), *argv])


def install(purpose: str) -> None:
    """Makes `.venv` hold exactly what the lock file for `purpose` names. Does nothing when it does already."""
    wanted = {name: fingerprint(ROOT / lock) for name, lock in LOCKS.items()}
    if installed(purpose, wanted):
        return
    with (ROOT / LOCKS[purpose]).open() as lock_file:
        fcntl.flock(lock_file, fcntl.LOCK_EX)  # two starts at once: the second waits, and finds it done
        if installed(purpose, wanted):
            return
        if Path(sys.prefix).resolve() != VENV.resolve() and (not made_by_this_python() or not (VENV / "bin" / "python").exists()):
            say(f"Making .venv with Python {platform.python_version()} ...")
            shutil.rmtree(VENV, ignore_errors=True)
            run(
                [sys.executable, "-c", MAKE_VENV, str(VENV)],
                failed=f"{VENV} could not be made.",
                remedy="On Debian and Ubuntu: apt-get install python3-venv",
            )
        started = time.monotonic()
        run_pip(LOCKS[purpose])
        seconds = time.monotonic() - started
        megabytes = sum(path.lstat().st_size for path in VENV.rglob("*")) / 1e6
        say(f"Installed in {seconds:.0f} s; .venv holds {megabytes:.0f} MB.")
        stamp = {"python": python_name(), **{name: wanted[name] for name in (("product", "tests") if purpose == "tests" else ("product",))}}
        STAMP.write_text(json.dumps(stamp))


def fingerprint(lock: Path) -> str:
    """The SHA-256 of a lock file."""
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def python_name() -> str:
    """The Python that runs this, as far as installed packages depend on it."""
    return f"{platform.python_implementation()} {sys.version_info[0]}.{sys.version_info[1]} {platform.machine()}"


def stamp() -> dict[str, str]:
    """What was installed last; empty when nothing was, or when the note cannot be read."""
    with contextlib.suppress(OSError, ValueError):
        noted = json.loads(STAMP.read_text())
        return {str(key): str(value) for key, value in noted.items()}
    return {}


def made_by_this_python() -> bool:
    """Whether `.venv` was finished, and by the same Python version."""
    return stamp().get("python") == python_name()


def installed(purpose: str, wanted: dict[str, str]) -> bool:
    """Whether `.venv` already holds what `purpose` asks for."""
    return made_by_this_python() and stamp().get(purpose) == wanted[purpose]


def end_with_us() -> None:
    """Runs in a child before its program: when we die, however, it is told to end."""
    if hasattr(LIBC, "prctl"):  # Linux
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def run(command: list[str], *, failed: str, remedy: str) -> None:
    """Runs a step of the installation. Ends the program with the step's own words, `failed` and `remedy` when it fails."""
    with subprocess.Popen(command, preexec_fn=end_with_us, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as step:
        try:
            said, _ = step.communicate()
        except BaseException:  # Ctrl-C: the step, which may have children of its own, is asked, not killed
            step.terminate()
            raise
    if step.returncode != 0:
        say(said)
        say(f"{failed}\n{remedy}")
        raise SystemExit(1)


def run_pip(lock: str) -> None:
    """Installs the packages that `lock` names, wheels only, each checked against its hash; shows how far it is."""
    total = len(re.findall(r"^[A-Za-z0-9._-]+==", (ROOT / lock).read_text(), flags=re.MULTILINE))
    say(f"Installing about {total} packages from {lock} ...")
    command = [str(VENV / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "--no-input", "install"]
    command += ["--require-hashes", "--only-binary", ":all:", "--progress-bar", "off", "-r", str(ROOT / lock)]
    lines: list[str] = []
    seen = 0
    with subprocess.Popen(
        command, preexec_fn=end_with_us, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as pip:
        for line in pip.stdout or ():
            lines.append(line)
            name = re.match(r"(?:Collecting|Processing|Requirement already satisfied:) (?:\S*/)?([A-Za-z0-9._-]+)", line)
            if name:
                seen += 1
                progress(f"  {seen:3} of {total}  {name[1]}", last=False, every=seen % 10 == 0)
            elif line.startswith("Installing collected packages"):
                progress(f"  {seen:3} found; unpacking ...", last=True, every=True)
    if pip.returncode != 0:
        say("".join(lines[-20:]))
        say(f"The packages could not be installed. Is the package index reachable? Try again: python3 manage.py {' '.join(sys.argv[1:])}")
        raise SystemExit(1)


def progress(text: str, *, last: bool, every: bool) -> None:
    """One line that moves on a terminal; every tenth line elsewhere."""
    if sys.stderr.isatty():
        print(f"\r{text:<60}", end="\n" if last else "", file=sys.stderr, flush=True)
    elif every:
        say(text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
