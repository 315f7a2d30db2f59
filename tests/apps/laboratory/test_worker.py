"""Long files in the background: a worker may be killed, or two may work at once, and each result is taken once."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.db import connection, connections

from calcinosis_app.accounts.models import User
from calcinosis_app.laboratory.actions import commit_import, receive_file, work_off
from calcinosis_app.laboratory.files.written import Written
from calcinosis_app.laboratory.models import Import, Line
from calcinosis_app.laboratory.selectors import counts_of
from calcinosis_app.laboratory.tasks import ring
from calcinosis_app.patients.models import Finding
from calcinosis_app.runtime.local import addresses
from calcinosis_app.runtime.state import ROOT
from tests import settings as test_settings
from tests.factories.laboratory import csv_of, dry_run, result_of
from tests.factories.patient import make_patient

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("release")]

LINES = 6000
WORK = "import django; django.setup(); from calcinosis_app.laboratory.actions import work_on; work_on(seconds=60)"


def long_file(by: User, lines: int = LINES) -> bytes:
    vera = make_patient(by)
    first = date.today() - timedelta(days=300)  # noqa: DTZ011
    return csv_of(
        *(result_of(vera, sample_id=f"s{number}", taken_at=(first + timedelta(days=number % 300)).isoformat()) for number in range(lines))
    )


def until(true: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "It did not happen in time."
        time.sleep(0.05)


def test_the_worker_is_rung_and_works_it_off(worker: None, nadia: User) -> None:
    source = receive_file(by=nadia, content=long_file(nadia, 20), file_name="", written=Written())
    ring()
    until(lambda: Import.objects.get(pk=source.pk).state == "done")

    commit_import(by=nadia, source=source)
    ring()
    until(lambda: Finding.objects.count() == 20)


def test_a_worker_that_is_killed_leaves_nothing_twice_and_nothing_out(nadia: User) -> None:
    source = commit_import(by=nadia, source=dry_run(nadia, long_file(nadia)))
    name = connection.settings_dict["NAME"]
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "calcinosis_app.settings",
        "DATABASE_URL": addresses(test_settings.SOCKETS, database=name).database,
    }
    with subprocess.Popen([sys.executable, "-c", WORK], cwd=ROOT, env=environment, stdout=subprocess.PIPE) as process:
        until(lambda: Line.objects.filter(source=source, fate="imported").count() > 0)
        process.send_signal(signal.SIGKILL)
    left = counts_of(source)
    assert 0 < left.imported < LINES, "It was killed too early or too late to show anything."
    assert Finding.objects.count() == left.imported

    work_off(source)

    assert (counts_of(source).imported, Finding.objects.count()) == (LINES, LINES)
    assert Finding.objects.values("imported__fingerprint").distinct().count() == LINES


def at_once(count: int, act: Callable[[], object]) -> None:
    together = Barrier(count)

    def one(_: int) -> None:
        try:
            together.wait()
            act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        list(pool.map(one, range(count)))


def test_several_workers_on_one_import_and_two_imports_of_the_same_results_at_once(nadia: User) -> None:
    content = long_file(nadia, 2500)
    sources = [
        commit_import(by=nadia, source=dry_run(nadia, content)),
        commit_import(by=nadia, source=dry_run(nadia, content.replace(b"\r\n", b"\n"))),
    ]

    at_once(4, lambda: [work_off(source) for source in sources])

    counts = [counts_of(source) for source in sources]
    assert sum(one.imported for one in counts) == sum(one.ignored for one in counts) == Finding.objects.count() == 2500


def test_the_same_file_sent_many_times_at_once_is_one_dry_run(nadia: User) -> None:
    content = long_file(nadia, 3)

    at_once(10, lambda: receive_file(by=nadia, content=content, file_name="", written=Written()))

    assert Import.objects.count() == 1
