"""No address of the product opens for somebody who is not signed in, but the few that must."""

from uuid import UUID

import pytest
from django.test import Client

from tests.url_map import addresses

PUBLIC = {
    "sign-in/",
    "sign-in/forgotten/",
    "sign-out/",
    "link/",
    "link/<str:secret>/",
    "session/time-left/",
    "session/lock/",
    "healthz",
    "favicon.ico",
    "api/v1/schema/",
    "api/v1/docs/",
}
STAND_INS = {"uuid": str(UUID(int=7)), "int": "7", "str": "x", "slug": "x", "path": "x"}


def filled(route: str) -> str:
    """The address with something in each of its places."""
    for kind, text in STAND_INS.items():
        while f"<{kind}:" in route:
            start = route.index(f"<{kind}:")
            route = route[:start] + text + route[route.index(">", start) + 1 :]
    return route


ROUTES = sorted(one.route for one in addresses() if one.route not in PUBLIC)


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("route", ROUTES)
def test_nobody_enters_without_signing_in(client: Client, route: str, method: str) -> None:
    response = getattr(client, method)(f"/{filled(route)}")

    sent_to_sign_in = response.status_code == 302 and response["Location"].startswith("/sign-in/")
    assert sent_to_sign_in or response.status_code in (401, 403, 405), f"{route}: {response.status_code}"


def test_there_are_doors_to_try() -> None:
    assert len(ROUTES) > 30
