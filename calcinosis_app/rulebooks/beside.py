"""What other apps have to say beside a row, on the pages that show rows.

An app that has something to say names a function as `beside_rows` in its AppConfig, as a dotted path; the function gets the reader and
the rules, and gives a text by row. Nothing here knows the apps above it, and a text disappears together with its app.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.apps import apps
from django.utils.functional import cached_property
from django.utils.module_loading import import_string

from calcinosis_app.accounts.models import User
from calcinosis_app.rulebooks.bridge import Rules


@dataclass(frozen=True)
class Beside:
    """One text, and the page behind it."""

    text: str
    url: str


Asked = Callable[[User, Rules], dict[str, Beside]]


class BesideRows:
    """Asked once for a page, and only when the page shows a row."""

    def __init__(self, user: User, rules: Rules) -> None:
        self.user, self.rules = user, rules

    @cached_property
    def _texts(self) -> list[dict[str, Beside]]:
        named = (getattr(config, "beside_rows", "") for config in apps.get_app_configs())
        asked: list[Asked] = [import_string(name) for name in named if name]
        return [ask(self.user, self.rules) for ask in asked]

    def of(self, row: str) -> list[Beside]:
        """What is said beside one row."""
        return [texts[row] for texts in self._texts if row in texts]
