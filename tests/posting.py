"""Posts a form over a real connection, so that it can arrive while another does."""

import http.client
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.test import Client
from django.test.client import encode_multipart

BOUNDARY = "twice"
CSRF = "c" * 32


@dataclass(frozen=True)
class Heard:
    """What one post was answered."""

    status: int
    location: str
    text: str


def post(server: str, browser: Client, path: str, fields: dict[str, Any], *, multipart: bool = False) -> Heard:
    """Sends one form with the browser's cookies, on a connection of its own; again while the server is too busy to take it.

    Ten wait at the test server's door, and the others are sent away: whether it was heard, they cannot know.
    """
    while True:
        with suppress(ConnectionResetError):
            return _post(server, browser, path, fields, multipart=multipart)
        time.sleep(0.05)


def _post(server: str, browser: Client, path: str, fields: dict[str, Any], *, multipart: bool) -> Heard:
    cookies = {name: morsel.value for name, morsel in browser.cookies.items()} | {"csrftoken": CSRF}
    sent = {"csrfmiddlewaretoken": CSRF, **fields}
    body = encode_multipart(BOUNDARY, sent) if multipart else urlencode(sent, doseq=True).encode()
    connection = http.client.HTTPConnection(urlsplit(server).netloc, timeout=120)
    try:
        connection.request(
            "POST",
            path,
            body,
            {
                "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
                "Content-Type": f"multipart/form-data; boundary={BOUNDARY}" if multipart else "application/x-www-form-urlencoded",
            },
        )
        answer = connection.getresponse()
        return Heard(answer.status, answer.headers.get("Location", ""), answer.read().decode())
    finally:
        connection.close()
