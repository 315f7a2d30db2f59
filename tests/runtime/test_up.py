"""`manage.py up` as a person meets it: what it starts, says, keeps, and leaves behind when it ends."""

import http.client
import re
import signal
import socket
import urllib.request
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from tests.runtime.running import Up, alive, manage

ADMINISTRATOR = ["--name", "Ada Moss", "--username", "ada", "--clinic", "North", "--time-zone", "Europe/Berlin", "--jurisdiction", "eu"]
# This machine is never asked through the proxy that the environment may name.
DIRECTLY = urllib.request.build_opener(urllib.request.ProxyHandler({}))
COUNT_PEOPLE = "from django.contrib.auth import get_user_model; print(get_user_model().objects.count())"


def opened(address: str, link: str) -> str:
    """What a browser shows that opens the link: it keeps the cookie and follows to where it is sent."""
    client = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
    client.request("GET", link)
    moved = client.getresponse()
    moved.read()
    client.request("GET", moved.headers["Location"], headers={"Cookie": moved.headers["Set-Cookie"].partition(";")[0]})
    page = client.getresponse().read().decode()
    client.close()
    return page


def test_a_new_clinic_gets_its_administrator_and_keeps_its_data(up: Callable[..., Up], state: Path) -> None:
    first = up("--no-demo")
    address = first.address()
    with DIRECTLY.open(f"{address}sign-in/") as answer:
        assert answer.status == 200
    assert f"CALCINOSIS_STATE={state} python3 manage.py create_administrator" in first.output()
    (link,) = re.findall(r"http://localhost:\d+(/link/\S+)", first.output())
    assert "You set up this installation" in opened(address, link)

    # While it runs, other commands find its database.
    made = manage("create_administrator", *ADMINISTRATOR, CALCINOSIS_STATE=str(state), CALCINOSIS_PASSWORD="a long enough pass phrase")
    assert made.returncode == 0, made.stderr

    everything = first.family()
    assert first.end(signal.SIGTERM) == 0, first.problems()
    assert alive(everything, patience=0) == []

    # While it does not, they start one of their own for as long as they need it.
    counted = manage("shell", "--no-imports", "-c", COUNT_PEOPLE, CALCINOSIS_STATE=str(state))
    assert counted.stdout.strip() == "1", counted.stderr

    second = up("--no-demo")
    second.address()
    assert "/link/" not in second.output(), "there is an administrator already"
    counted = manage("shell", "--no-imports", "-c", COUNT_PEOPLE, CALCINOSIS_STATE=str(state))
    assert counted.stdout.strip() == "1", counted.stderr

    refused = manage("up", "--no-demo", "--port", "0", "--state", str(state))
    assert refused.returncode == 1
    assert f"Another process uses the data in {state}" in refused.stderr
    assert second.end(signal.SIGINT) == 0, second.problems()


def test_the_demo_says_that_it_is_one_and_nothing_is_left_when_it_is_killed(up: Callable[..., Up]) -> None:
    demo = up()
    demo.address()
    assert "every person in it is invented" in demo.output()
    sign_ins = demo.output().split("Sign in with the password ")[1]
    assert "clara  Dr Clara Winter, clinician" in sign_ins
    everything = demo.family()
    names = " ".join(" ".join(process.cmdline()) for process in everything)
    for part in ("postgres", "valkey-server", "gunicorn", "worker", "beat"):
        assert part in names

    demo.end(signal.SIGKILL)
    assert alive(everything, patience=20) == []

    # What the kill interrupted is no obstacle to the next start.
    again = up()
    again.address()
    assert sign_ins.split()[0] in again.output(), "the same password on the kept data"
    assert again.end(signal.SIGTERM) == 0, again.problems()


def test_a_stop_while_the_database_is_made_leaves_nothing(up: Callable[..., Up], state: Path) -> None:
    starting = up("--no-demo")
    while not (state / "postgres").exists():
        assert starting.process.poll() is None, starting.problems()
    everything = starting.family()
    assert starting.end(signal.SIGTERM) == 0, starting.problems()
    assert alive(everything, patience=0) == []


def test_a_port_in_use_is_named_before_anything_is_started(state: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = manage("up", "--state", str(state / "unused"), "--port", str(port))
    assert done.returncode == 1
    assert f"Port {port} on 127.0.0.1 cannot be used" in done.stderr
    assert "--port" in done.stderr
    assert not (state / "unused").exists()


def test_invented_and_real_people_are_never_mixed(state: Path) -> None:
    (state / "kind").write_text("clinic")
    done = manage("up", "--state", str(state), "--port", "0")
    assert done.returncode == 1
    assert "--no-demo" in done.stderr


def test_a_demo_is_not_loaded_into_a_servers_database_by_accident() -> None:
    done = manage("up", "--port", "0", DATABASE_URL="postgresql://nobody@localhost:1/none", BROKER_URL="redis://localhost:1")
    assert done.returncode == 1
    assert "--no-demo" in done.stderr


def test_one_server_address_without_the_other_is_refused() -> None:
    done = manage("up", "--no-demo", "--port", "0", BROKER_URL="redis://localhost:1")
    assert done.returncode == 1
    assert "DATABASE_URL" in done.stderr
