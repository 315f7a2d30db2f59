"""Makes releases, through the same action as the product."""

from calcinosis_app.audit.actors import System
from calcinosis_app.rulebooks.actions import load_release
from calcinosis_app.rulebooks.models import Release

TESTS = System("tests")


def stored_release() -> Release:
    """The rules that came with the product, stored when they are not there."""
    return load_release(by=TESTS).release
