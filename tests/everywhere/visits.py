"""Calling one address as one person, and saying in a word what came of it."""

from django.db import transaction
from django.test import Client

from tests.everywhere.described import example_of
from tests.everywhere.world import World

OF_PAGES = ("GET", "POST")
METHODS = (*OF_PAGES, "PUT", "PATCH", "DELETE")
FORM = "application/x-www-form-urlencoded"
SIGN_IN = ("/sign-in/", "/admin/login/")
REFUSALS = {401: "sign in", 403: "forbidden", 404: "hidden", 405: "no such method"}


def address(route: str, thing: str, world: World) -> str:
    """The address of that thing in that world."""
    names = world.names(thing)
    parts = route.split("<")
    filled = parts[0]
    for part in parts[1:]:
        converter, _, rest = part.partition(">")
        filled += str(names[converter.rpartition(":")[2]]) + rest
    return f"/{filled}"


def outcome(client: Client, method: str, url: str, route: str = "") -> str:
    """Says "in", or in which way the person was kept out. Nothing that the visit did stays."""
    client.raise_request_exception = False
    cookies = client.cookies.copy()
    with transaction.atomic():
        query, kind, body = example_of(route, method) if route.startswith("api/") else ("", FORM, "")
        response = client.generic(method, f"{url}?{query}" if query else url, body, content_type=kind)
        transaction.set_rollback(True)
    client.cookies = cookies
    if response.status_code == 302 and response["Location"].startswith(SIGN_IN):
        return "sign in"
    if response.status_code == 302 and response["Location"] == "/admin/":
        return "hidden"  # in the words of Django's own pages: it does not exist
    if response.status_code >= 500:
        return f"error {response.status_code}"
    return REFUSALS.get(response.status_code, "in")
