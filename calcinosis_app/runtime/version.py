"""Which product this is."""

import tomllib

from calcinosis_app.runtime.state import ROOT


def product_version() -> str:
    """The version in `pyproject.toml`."""
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"])
