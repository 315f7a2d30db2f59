"""The health check of a container: each part by itself."""

import socket

import pytest
from django.db import connection

from calcinosis_app.core import heartbeats
from calcinosis_app.core.models import Heartbeat, Part
from calcinosis_app.runtime import alive
from calcinosis_app.runtime.local import addresses
from tests import settings as test_settings
from tests.runtime.running import Up


@pytest.fixture
def here(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", addresses(test_settings.SOCKETS, database=connection.settings_dict["NAME"]).database)


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("part", ["worker", "beat"])
def test_a_part_is_alive_while_it_leaves_signs(part: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert alive.main([part]) == 1, "never heard of"
    heartbeats.beat(Part(part))
    assert alive.main([part]) == 0
    Heartbeat.objects.update(seen_at="2020-01-01T00:00:00Z")
    assert alive.main([part]) == 1
    assert f"Nothing was heard of {part} in 5 minutes" in capsys.readouterr().err


def test_without_its_database_a_part_is_not_alive(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody:secret@127.0.0.1:1/none")
    assert alive.main(["worker"]) == 1
    assert "secret" not in capsys.readouterr().err


def test_the_web_server_is_alive_when_it_answers(behind_proxy: Up, monkeypatch: pytest.MonkeyPatch) -> None:
    port = behind_proxy.address().rstrip("/").rpartition(":")[2]
    monkeypatch.setenv("CALCINOSIS_ALLOWED_HOSTS", "clinic.example")
    assert alive.main(["web", port]) == 0


def test_a_web_server_that_is_not_there_is_not_alive(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    assert alive.main(["web", port]) == 1
    assert "does not answer" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["database"], ["web", "beat"], ["web", "80", "80"]])
def test_another_word_is_refused(arguments: list[str]) -> None:
    assert alive.main(arguments) == 2
