"""How the installation is doing, for the person who looks after it. Nothing here is about a patient."""

import os
import platform
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import django
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django.utils.timesince import timesince
from kombu import Connection
from kombu.exceptions import OperationalError

from calcinosis_app.celery import app as celery_app
from calcinosis_app.core import heartbeats
from calcinosis_app.core.models import Heartbeat, Part
from calcinosis_app.runtime.version import product_version

SWEEP_IS_LATE = timedelta(minutes=10)
BACKUP_IS_OLD = timedelta(hours=36)
LONG_QUEUE = 20
LOW_DISK = 2e9
PATIENCE_SECONDS = 2


@dataclass(frozen=True)
class Line:
    """One thing that was looked at. `tone` is good, warning, danger or quiet (nothing to judge); `remedy` says what to do."""

    label: str
    value: str
    tone: str = "quiet"
    remedy: str = ""

    @property
    def word(self) -> str:
        """The tone in a word: a colour alone says nothing to many."""
        return {"good": "well", "warning": "look at this", "danger": "act on this"}.get(self.tone, "")


@dataclass(frozen=True)
class Group:
    """Lines that belong together."""

    key: str
    title: str
    lines: tuple[Line, ...]


def groups(*, release: int) -> list[Group]:
    """Everything, most urgent group first. `release` is the number of the rules in force, which this floor cannot know."""
    seen, now = _seen(), timezone.now()
    return [
        Group("work", "Work in the background", (*_background(seen, now), _sweep(seen, now), _queue())),
        Group("data", "Data", (_migrations(), *_space(), _backup(seen, now), *_restore(seen, now))),
        Group("versions", "Versions", tuple(Line(*one) for one in _versions(release))),
    ]


def _seen() -> dict[str, Heartbeat]:
    """The signs of life; none under an old schema, which the line on migrations tells of."""
    try:
        with transaction.atomic():
            return heartbeats.heartbeats()
    except DatabaseError:
        return {}


def worst(shown: list[Group]) -> tuple[str, str]:
    """The worst tone on the page, and what has it."""
    for tone in ("danger", "warning"):
        labels = [line.label for group in shown for line in group.lines if line.tone == tone]
        if labels:
            return tone, ", ".join(labels)
    return "good", ""


def _ago(one: Heartbeat | None, now: datetime) -> str:
    if one is None:
        return "never"
    ago = "less than a minute ago" if now - one.seen_at < timedelta(minutes=1) else f"{timesince(one.seen_at, now)} ago"
    return f"{ago}; {one.note}" if one.note else ago


def _background(seen: dict[str, Heartbeat], now: datetime) -> list[Line]:
    remedies = {
        Part.WORKER: "Start the worker: reminders wait for it.",
        Part.BEAT: "Start beat: without it nobody rings the worker.",
    }
    if heartbeats.patience() is None:
        return [Line(f"{part.label} heard of", _ago(seen.get(part), now)) for part in heartbeats.WATCHED]
    lines = []
    for part in heartbeats.WATCHED:
        gone = heartbeats.is_gone(part, seen, now=now, started=heartbeats.STARTED)
        lines.append(_heard(f"{part.label} heard of", seen.get(part), now, remedy=remedies[part] if gone else ""))
    return lines


def _sweep(seen: dict[str, Heartbeat], now: datetime) -> Line:
    last = seen.get(Part.SWEEP)
    late = now - max(last.seen_at if last else heartbeats.STARTED, heartbeats.STARTED) > SWEEP_IS_LATE
    remedy = "Signed plans become no reminders until it comes: look at the worker and its log." if late else ""
    return _heard("Last follow-up sweep", last, now, remedy=remedy)


def _heard(label: str, last: Heartbeat | None, now: datetime, *, remedy: str) -> Line:
    """A sign of life: bad with a remedy, good without, and nothing to judge while its time has not come."""
    if last is None and not remedy:
        return Line(label, "not yet: this server has just started")
    return Line(label, _ago(last, now), "danger" if remedy else "good", remedy)


def _queue() -> Line:
    try:
        with Connection(settings.CELERY_BROKER_URL, connect_timeout=PATIENCE_SECONDS) as broker:
            broker.ensure_connection(max_retries=1, timeout=PATIENCE_SECONDS)
            waiting = int(broker.default_channel.client.llen(celery_app.conf.task_default_queue))
    except (OperationalError, OSError):
        return Line("Waiting at the broker", "the broker does not answer", "danger", "Start it: the sweep comes late until then.")
    long = waiting > LONG_QUEUE
    return Line("Waiting at the broker", str(waiting), "warning" if long else "good", "The worker does not keep up." if long else "")


def _migrations() -> Line:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    applied = len(executor.loader.applied_migrations)
    if not missing:
        return Line("Migrations", f"all {applied} applied", "good")
    names = ", ".join(f"{one.app_label}.{one.name}" for one, _ in missing[:3])
    return Line("Migrations", f"{len(missing)} not applied: {names}", "danger", "Run python3 manage.py migrate, or start with up.")


def _space() -> list[Line]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        lines = [Line("Size of the database", f"{cursor.fetchone()[0] / 1e6:.0f} MB")]
    state = os.environ.get("CALCINOSIS_STATE", "")
    if not state or not Path(state).is_dir():
        return [*lines, Line("Free disk", "the database is kept on another machine: watch its disk there")]
    free = shutil.disk_usage(state).free
    low = free < LOW_DISK
    remedy = "Make room: a full disk stops the database." if low else ""
    return [*lines, Line("Free disk where the data is kept", f"{free / 1e9:.1f} GB", "danger" if low else "good", remedy)]


def _backup(seen: dict[str, Heartbeat], now: datetime) -> Line:
    last = seen.get(Part.BACKUP)
    old = last is None or now - last.seen_at > BACKUP_IS_OLD
    remedy = "Run python3 manage.py backup FILE every day." if old else ""
    return Line("Last backup", _ago(last, now), "warning" if old else "good", remedy)


def _restore(seen: dict[str, Heartbeat], now: datetime) -> list[Line]:
    last = seen.get(Part.RESTORE)
    return [Line("Last restore", _ago(last, now))] if last else []


def _versions(release: int) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        server = cursor.fetchone()[0]
    return [
        ("Calcinosis", product_version()),
        ("Release of the rules", str(release)),
        ("PostgreSQL", server),
        ("Django", django.get_version()),
        ("Python", platform.python_version()),
    ]
