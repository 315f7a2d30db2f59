"""Dry runs that nobody has imported are thrown away: their lines name patients, and nothing came from them."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from calcinosis_app.audit.actions import record
from calcinosis_app.audit.actors import System
from calcinosis_app.laboratory.models import Import

KEPT: Final = timedelta(days=14)
CLEARING = System("clearing of dry runs")


def clear_dry_runs() -> int:
    """Throws away what was received more than two weeks ago, and never committed. Returns how many; twice or in parallel is harmless."""
    old = Import.objects.filter(committed_at__isnull=True, received_at__lt=timezone.now() - KEPT)
    return sum(_clear(pk) for pk in old.order_by("received_at").values_list("pk", flat=True))


@transaction.atomic
def _clear(pk: UUID) -> int:
    held = Import.objects.select_for_update(skip_locked=True).filter(pk=pk, committed_at__isnull=True).first()
    if held is None:  # somebody commits it, works on it or throws it away at this moment
        return 0
    record(by=CLEARING, action="import.discarded", subject=held, sha256=held.sha256)
    held.delete()
    return 1
