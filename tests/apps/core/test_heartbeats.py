"""Signs of life: who leaves which."""

import time

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from calcinosis_app.core import heartbeats, tasks
from calcinosis_app.core.models import Heartbeat, Part
from calcinosis_app.followups.tasks import sweep

PATIENCE_SECONDS = 20


def seen(part: Part) -> bool:
    return Heartbeat.objects.filter(part=part).exists()


@pytest.mark.usefixtures("worker")
def test_ringing_is_a_sign_of_beat_and_hearing_it_one_of_the_worker() -> None:
    tasks.heartbeat.delay()

    assert seen(Part.BEAT)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not seen(Part.WORKER):
        assert time.monotonic() < deadline, "the worker left no sign"
        time.sleep(0.05)


@pytest.mark.django_db
def test_a_sweep_leaves_a_sign() -> None:
    sweep()
    assert seen(Part.SWEEP)


@pytest.mark.django_db
def test_the_next_sign_takes_the_place_of_the_last() -> None:
    heartbeats.beat(Part.BACKUP, "1 MB")
    before = timezone.now()
    heartbeats.beat(Part.BACKUP, "2 MB")
    only = Heartbeat.objects.get()
    assert (only.note, only.seen_at >= before) == ("2 MB", True)


@pytest.mark.django_db
def test_an_unknown_part_is_refused_by_the_database() -> None:
    with pytest.raises(IntegrityError, match="heartbeat_is_of_a_known_part"), transaction.atomic():
        Heartbeat.objects.create(part="somebody", seen_at=timezone.now())
