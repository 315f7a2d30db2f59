"""Signs of life: left by what works unseen, read by the health pages."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from calcinosis_app.core.models import Heartbeat, Part

# A part has this long from our own start, too: what runs beside us may just be starting.
STARTED = timezone.now()
WATCHED = (Part.WORKER, Part.BEAT)


def beat(part: Part, note: str = "") -> None:
    """Notes that `part` is alive now. Of two at once, the later stays."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(part=part, seen_at=timezone.now(), note=note)],
        update_conflicts=True,
        unique_fields=["part"],
        update_fields=["seen_at", "note"],
    )


def heartbeats() -> dict[str, Heartbeat]:
    """The last sign of each part that ever left one."""
    return {one.part: one for one in Heartbeat.objects.all()}


def patience() -> timedelta | None:
    """How long the worker and beat may be silent before they count as gone; nothing when they are not watched from here."""
    return timedelta(minutes=settings.SILENT_MINUTES) if settings.SILENT_MINUTES else None


def is_gone(part: Part, seen: dict[str, Heartbeat], *, now: datetime, started: datetime) -> bool:
    """Whether a watched part was silent for too long, counted from its last sign or from our start."""
    most = patience()
    if most is None:
        return False
    last = seen[part].seen_at if part in seen else started
    return now - max(last, started) > most
