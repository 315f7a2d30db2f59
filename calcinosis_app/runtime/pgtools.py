"""PostgreSQL's own pg_dump and pg_restore, on any address."""

import os
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote, urlsplit, urlunsplit

from calcinosis_app.runtime import programs
from calcinosis_app.runtime.processes import RuntimeProblem


def tool(name: str, *, server: int, encrypted: bool) -> Path:
    """The program `name` (pg_dump or pg_restore) for a server of major version `server`.

    The same major version is preferred, then a newer one: an older one may not understand the server. Those in the wheels
    speak no TLS, so for an `encrypted` connection only the machine's own count. Raises RuntimeProblem when there is none.
    """
    found: list[tuple[int, Path]] = []
    for one in programs.postgres_installed():
        major = programs.major_of(one.folder / name)
        if major is not None and major >= server and not (encrypted and one.package is not None):
            found.append((major, one.folder / name))
    if found:
        return min(found, key=lambda pair: pair[0])[1]  # of equals the first
    why = ", with TLS, which those in the installed packages do not speak" if encrypted else ""
    raise RuntimeProblem(
        f"There is no {name} of PostgreSQL {server} or newer on this machine{why}: "
        f"install the client programs, for example apt-get install postgresql-client-{server}"
    )


def is_encrypted(url: str) -> bool:
    """Whether the address asks for TLS."""
    return parse_qs(urlsplit(url).query).get("sslmode", [""])[-1] in ("require", "verify-ca", "verify-full")


def with_name(url: str, name: str) -> str:
    """The same server and person, another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{quote(name, safe='')}"))


def name_of(url: str) -> str:
    """The database in an address."""
    return unquote(urlsplit(url).path.lstrip("/"))


def command_for(program: Path, url: str, *arguments: str) -> tuple[list[str], dict[str, str]]:
    """The command line and the environment of `program` on the database at `url`.

    The password travels in the environment: everybody on the machine may read a command line.
    """
    parts = urlsplit(url)
    person, at, where = parts.netloc.rpartition("@")
    address = urlunsplit(parts._replace(netloc=f"{person.partition(':')[0]}{at}{where}"))
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    if parts.password:
        environment["PGPASSWORD"] = unquote(parts.password)
    return [str(program), *arguments, f"--dbname={address}"], environment


def refused(program: str, said: str) -> RuntimeProblem:
    """What to say when `program` failed: its own first words only, for what follows them may quote rows."""
    own = [line for line in said.splitlines() if line.startswith(f"{program}:") and "Command was" not in line]
    return RuntimeProblem("\n".join([f"{program} failed:", *own[:5]]))
