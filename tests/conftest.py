"""What every test may ask for: the database, the worker, a browser, the shared folder."""

import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection, connections
from django.db.backends.utils import CursorWrapper
from django.test import TransactionTestCase
from django.test.utils import setup_databases
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from calcinosis_app.celery import app as celery_app
from calcinosis_app.runtime import postgres, processes, roles
from calcinosis_app.runtime.local import addresses
from calcinosis_app.runtime.local import services as local_services
from calcinosis_app.runtime.state import ROOT, Addresses, State
from tests import settings as test_settings
from tests.browsing import assert_whole
from tests.cast import ada, aya, clara, hill, karl, nadia, release, riverside, sign_in, sven  # noqa: F401  # the fixtures everyone knows

CHROMIUM_LINE = "apt-get update && apt-get install -y --no-install-recommends chromium"
CHROMIUM_OPTIONS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WORKER_PATIENCE_SECONDS = 60
MOST_TEST_PROCESSES = 4  # each has a database, a broker, a worker and a browser of its own
OTHERS_PATIENCE_SECONDS = 10
# The viewer of the interface's description, a package of its own; all that it says stands above it as text.
VIEWER = ".swagger-ui"
WCAG_2_2_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


# Run only when `-m` names them: the first needs the shared folder, the second takes long for what seldom breaks, the third
# needs LibreOffice.
ON_REQUEST = ("conformance", "thorough", "libreoffice")


# --- conformance: against the shared folder, only when asked for ----------------------------------
def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--shared", default=str(ROOT.parent / "shared"), metavar="DIR", help="folder of the dossier and the contract")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """How many processes the whole run is spread over."""
    return min(os.cpu_count() or 1, MOST_TEST_PROCESSES)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    unasked = [name for name in ON_REQUEST if name not in config.option.markexpr]
    left_out = [item for item in items if any(item.get_closest_marker(name) for name in unasked)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if "conformance" in config.option.markexpr:
        terminalreporter.write_line(f"conformance tests: run against {Path(config.option.shared).resolve()}")
    else:
        terminalreporter.write_line("conformance tests: not run (use -m conformance)")


@pytest.fixture(scope="session")
def shared(request: pytest.FixtureRequest) -> Path:
    """The folder with the dossier and the contract."""
    folder = Path(request.config.option.shared)
    if not folder.is_dir():
        pytest.fail(f"The folder {folder} does not exist: name it with --shared DIR.")
    return folder


# --- services -------------------------------------------------------------------------------------
@pytest.fixture(scope="session")
def services() -> Iterator[Addresses]:
    """PostgreSQL and Valkey for this test run; what they keep is thrown away with it."""
    folder = test_settings.FOLDER
    folder.mkdir()
    folder.chmod(0o755)  # whatever the umask: the database runs as another user
    try:
        with local_services(State(folder), hasty=True):
            yield test_settings.ADDRESSES
    finally:
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def django_db_setup(services: Addresses, django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Makes the test database as its owner; from then on every connection acts as the application's role.

    So a test that passes has also shown that the application has the right to do what it does.
    """
    with django_db_blocker.unblock():
        setup_databases(verbosity=0, interactive=False, serialized_aliases=[])
        connection.close()
        owner = postgres.connect(test_settings.SOCKETS, name=connection.settings_dict["NAME"])
        roles.grant(owner)
        owner.close()
        connection.settings_dict["OPTIONS"]["options"] = f"-c role={roles.APPLICATION}"
    yield
    with django_db_blocker.unblock():
        connections.close_all()


@pytest.fixture(autouse=True, scope="session")
def emptied_by_owner() -> Iterator[None]:
    """Lets the owner empty the tables after a test that committed: the application has no right to."""
    empty = TransactionTestCase._fixture_teardown

    def empty_as_owner(case: TransactionTestCase) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE NONE")
            wait_for_others(cursor)
        empty(case)
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")

    TransactionTestCase._fixture_teardown = empty_as_owner
    yield
    TransactionTestCase._fixture_teardown = empty


def wait_for_others(cursor: CursorWrapper) -> None:
    """Until nobody else works in the test database, seen twice: a page that closes may still be sending what was typed."""
    deadline = time.monotonic() + OTHERS_PATIENCE_SECONDS
    quiet = 0
    while quiet < 2 and time.monotonic() < deadline:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND state <> 'idle'"
        )
        quiet = quiet + 1 if cursor.fetchone() == (0,) else 0
        time.sleep(0.02)


@pytest.fixture(autouse=True, scope="session")
def cheap_passwords() -> None:
    """The same algorithm as in the product, without the cost that makes guessing slow."""
    Argon2PasswordHasher.time_cost = 1
    Argon2PasswordHasher.memory_cost = 8
    Argon2PasswordHasher.parallelism = 1


@pytest.fixture
def worker(worker_process: None, transactional_db: None) -> Iterator[None]:
    """A real worker on the test database. It sees only what was committed, hence `transactional_db`.

    At the end it is waited for: a task still running would hold the tables that are emptied next.
    """
    yield
    deadline = time.monotonic() + WORKER_PATIENCE_SECONDS
    while not worker_is_idle():
        if time.monotonic() > deadline:
            pytest.fail("The worker was still busy at the end of the test.")


def worker_is_idle() -> bool:
    """Whether nothing waits at the broker, nothing is unacknowledged, and the worker, which does one thing at a time, answers."""
    with celery_app.connection_for_read() as broker:
        client = broker.default_channel.client
        waiting = client.llen(celery_app.conf.task_default_queue) + client.hlen("unacked")
    # In this order: a message taken from the queue but not yet noted as unacknowledged is done before the answer comes.
    return waiting == 0 and bool(celery_app.control.ping(timeout=0.5))


@pytest.fixture(scope="session")
def worker_process(django_db_setup: None) -> Iterator[None]:
    """One worker process for the whole test run: it takes seconds to start."""
    name = connection.settings_dict["NAME"]
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "calcinosis_app.settings",
        "DATABASE_URL": addresses(test_settings.SOCKETS, database=name).database,
    }
    command = [sys.executable, "-m", "celery", "--quiet", "--app=calcinosis_app", "worker", "--pool=solo"]
    command += ["--without-gossip", "--without-mingle", "--loglevel=INFO"]
    log = test_settings.FOLDER / "logs" / "worker.log"
    with log.open("w") as output:
        process = processes.start(command, output=output, environment=environment, cwd=ROOT, on_death=signal.SIGKILL)
    try:
        deadline = time.monotonic() + WORKER_PATIENCE_SECONDS
        while not celery_app.control.ping(timeout=0.5):
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"The worker did not start:\n{log.read_text()}")
        yield
    finally:
        processes.stop([process], signal.SIGTERM, patience=10)


# --- browser --------------------------------------------------------------------------------------
@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium. A machine without it fails the browser tests, with the line that mends it."""
    program = shutil.which("chromium")
    if program is None:
        pytest.fail(f"Chromium is not installed. As root: {CHROMIUM_LINE}", pytrace=False)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=CHROMIUM_OPTIONS)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """An empty page of a fresh visitor, at the test server's address.

    At the end the test fails when the page broke the content policy, raised an error, or missed a static file.
    """
    context = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 900})
    context.set_default_timeout(10_000)
    opened = context.new_page()
    errors: list[str] = []

    def note(message: ConsoleMessage) -> None:
        # A refused entry is answered with a 4xx, which Chromium reports as well: the tests look at those themselves.
        refused = "responded with a status of 4" in message.text and "/static/" not in message.location["url"]
        if message.type == "error" and not refused:
            errors.append(f"{message.text} ({message.location['url']})")

    context.on("console", note)
    context.on("weberror", lambda error: errors.append(str(error.error)))
    yield opened
    context.close()
    assert not errors, "The browser reported:\n" + "\n".join(errors)


@pytest.fixture
def assert_accessible() -> Callable[[Page], None]:
    """Checks what the page shows now against WCAG 2.2 AA, as far as a program can."""

    def check(opened: Page) -> None:
        # Reading ahead the style sheets would write them into the page, which the content policy forbids; no rule of these needs it.
        # What is in order is not listed: on a long page that takes longer than looking.
        options = {"runOnly": {"type": "tag", "values": WCAG_2_2_AA}, "preload": False, "resultTypes": ["violations"]}
        found = Axe().run(opened, context={"exclude": [[VIEWER]]} if opened.locator(VIEWER).count() else None, options=options)
        assert found.violations_count == 0, found.generate_report()

    return check


@pytest.fixture
def look(page: Page, assert_accessible: Callable[[Page], None]) -> Callable[[], None]:
    """Looks at what the page shows now: accessible, and whole from a narrow screen to a wide one."""

    def look_at_it() -> None:
        assert_accessible(page)
        assert_whole(page)

    return look_at_it
