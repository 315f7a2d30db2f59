"""Imports 100,000 lines of results beside a limit written by hand: COPY of the same lines into a table without indexes.

`python3 -m bench imports` starts a PostgreSQL of its own with the product's settings, makes 2,000 patients, and imports a file
through the product's actions: read and dry run, commit, and the same file once more. Memory is the peak of this process.
"""

import csv
import io
import os
import platform
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import django
import psycopg2

from calcinosis_app.runtime import postgres, prepare, roles
from calcinosis_app.runtime.local import addresses
from calcinosis_app.runtime.state import State

LINES = 100_000
PATIENTS = 2_000
HEADER = (
    *("patient number", "family name", "birth date", "sample id", "taken at", "code", "code system"),
    *("value", "unit", "low", "high", "flag", "laboratory"),
)
RESULTS = [
    ("2000-8", "2.31", "mmol/L", "2.15", "2.55"),
    ("14879-1", "1.12", "mmol/L", "0.8", "1.45"),
    ("1751-7", "41", "g/L", "35", "50"),
    ("14682-9", "78", "umol/L", "50", "100"),
    ("2731-8", "44", "pg/mL", "15", "65"),
]
PAGE = Path(__file__).resolve().parent / "IMPORTS.md"
FIRST = date(2024, 1, 1)
COPY = "COPY plain_copy FROM STDIN WITH (FORMAT csv, HEADER true)"


def main() -> None:
    with database() as owner:
        found = measured(owner)
    PAGE.write_text(report(found), encoding="utf-8")
    print(PAGE.read_text(encoding="utf-8"))


def report(found: dict[str, Any]) -> str:
    """The measurement as a page."""
    limit = next(iter(found["seconds"].values()))
    rows = [f"| {name} | {one:,.1f} | {found['lines'] / one:,.0f} | {one / limit:,.0f} |" for name, one in found["seconds"].items()]
    machine = f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the end"
    return "\n".join(
        (
            "# Importing laboratory results",
            "",
            "Written by `python3 -m bench imports`. One run; where the machine was shared, trust the ratios more than the rates.",
            "",
            f"- {datetime.now(UTC):%Y-%m-%d}, {machine}",
            f"- {found['lines']:,} lines of {found['patients']:,} patients, {found['file_mb']:.1f} MB of CSV, one process",
            f"- memory: {found['memory_before_mb']:.0f} MB before, at most {found['memory_mb']:.0f} MB during the import",
            "",
            "| what | seconds | lines per second | times the limit |",
            "|---|---|---|---|",
            *rows,
            "",
            "The limit stores the same lines as texts, in a table without keys, indexes, events or checks. The import keeps each line",
            "with its fate, finds the patient by two identifiers, reads unit, range and hard limits as the rules do, and writes findings,",
            "fingerprints and events.",
            "",
        )
    )


@contextmanager
def database() -> Iterator[str]:
    """A PostgreSQL that ends with the measurement, with the schema in place; its owner's address."""
    folder = Path(tempfile.mkdtemp(prefix="calcinosis-bench-"))
    folder.chmod(0o755)
    state = State(folder / "state")
    try:
        with state.claim(), state.socket_folder() as sockets, postgres.running(state, sockets, hasty=False):
            superuser = postgres.connect(sockets)
            roles.create(superuser)
            superuser.close()
            found = addresses(sockets)
            os.environ |= {
                "CALCINOSIS_DEMO": "1",
                "DJANGO_SETTINGS_MODULE": "calcinosis_app.settings",
                "DATABASE_URL": found.database,
                "DATABASE_OWNER_URL": found.owner,
            }
            with prepare_quietly():
                prepare.prepare(demo=False)
            yield found.owner
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def prepare_quietly() -> Iterator[None]:
    """What the preparation prints is for people who start a server."""
    kept, sys.stdout = sys.stdout, io.StringIO()
    try:
        yield
    finally:
        sys.stdout = kept


def measured(owner: str) -> dict[str, Any]:
    """Seconds of each step, and the peak of memory."""
    content = file_of(make_patients())
    before = peak()
    seconds: dict[str, float] = {"limit: COPY into a plain table": timed(lambda: copy(owner, content))}
    seconds |= steps(content)
    sizes = {"lines": LINES, "patients": PATIENTS, "file_mb": len(content) / 1e6}
    return {**sizes, "seconds": seconds, "memory_before_mb": before, "memory_mb": peak()}


def file_of(people: list[tuple[str, str, str]]) -> bytes:
    """A text file in the template's form: each patient's results in turn, every line with a sample of its own."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADER)
    for number in range(LINES):
        who, name, born = people[number % PATIENTS]
        code, value, unit, low, high = RESULTS[number // PATIENTS % len(RESULTS)]
        taken = (FIRST + timedelta(days=number // PATIENTS)).isoformat()
        writer.writerow([who, name, born, f"S{number}", taken, code, "LOINC", value, unit, low, high, "N", "Central"])
    return text.getvalue().encode()


def make_patients() -> list[tuple[str, str, str]]:
    """Patients of one clinic, and a clinician who imports."""
    people = importing()
    return people.make(PATIENTS)


def steps(content: bytes) -> dict[str, float]:
    """The import, step by step, through the product's own actions."""
    return importing().steps(content)


def importing() -> Any:
    """What needs the product's settings, and can be loaded only once the database is there."""
    django.setup()
    from bench import import_steps  # noqa: PLC0415

    return import_steps


def copy(owner: str, content: bytes) -> None:
    """The same lines into a table of texts without indexes, constraints or events: as fast as the database takes them."""
    with psycopg2.connect(owner) as connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE plain_copy ({', '.join(f'c{place} text' for place in range(len(HEADER)))})")
        cursor.copy_expert(COPY, io.BytesIO(content))


def timed(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def peak() -> float:
    """The largest memory this process has had, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
