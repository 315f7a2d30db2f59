"""The main navigation, declared by each app beside its own pages.

An app that wants an entry lists it as `navigation` in its AppConfig. Nothing here knows the apps
above it, and an entry disappears together with its app.
"""

from dataclasses import dataclass

from django.apps import apps


@dataclass(frozen=True)
class NavigationItem:
    """One link of the main navigation.

    `url_name` is a name that `reverse` accepts, `permission` the one that opens the page behind it,
    `order` its place from left to right.
    """

    label: str
    url_name: str
    permission: str
    order: int

    @property
    def section(self) -> str:
        """The URL namespace, by which a page knows that it lies under this entry."""
        return self.url_name.partition(":")[0]


def navigation_items() -> tuple[NavigationItem, ...]:
    """All declared entries, in the order in which they stand on the page."""
    declared = [item for config in apps.get_app_configs() for item in getattr(config, "navigation", ())]
    return tuple(sorted(declared, key=lambda item: item.order))
