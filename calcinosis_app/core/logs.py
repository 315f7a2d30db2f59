"""Logs: what happened, never to whom. Keeps the content of rows and the addresses that people typed out of them."""

import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime

# In its error messages PostgreSQL repeats, after these words, the refused row or the statement: names, birth dates and all.
TELLING = re.compile(r"\s*(DETAIL|CONTEXT|QUERY|LINE \d+):")
# A repeated value may itself run over several lines; only these begin something of Python's again.
NEXT = re.compile(r"(Traceback \(most recent|The above exception|During handling)")
NO_ROUTE = "(no such address)"
# Ties together all lines that were written during one request.
REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")


class WithoutRowValues(logging.Formatter):
    """A formatter that leaves out what the database quotes from its rows."""

    def format(self, record: logging.LogRecord) -> str:
        """The formatted record without such lines."""
        kept = []
        telling = False
        for line in super().format(record).splitlines():
            telling = bool(TELLING.match(line)) or (telling and not NEXT.match(line))
            if not telling:
                kept.append(line)
        return "\n".join(kept)


class AsJson(logging.Formatter):
    """One line of JSON per record, with what the record carries as `fields`; it, too, without values from rows."""

    words = WithoutRowValues("%(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line."""
        said = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": self.words.format(record),
            "request": REQUEST_ID.get(),
            **getattr(record, "fields", {}),
        }
        return json.dumps({key: value for key, value in said.items() if value != ""}, ensure_ascii=False, default=str)


class WithoutAddresses(logging.Filter):
    """Puts the route in the place of the address wherever Django repeats one: somebody may have typed a name into it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Lets every record pass, changed where it tells too much."""
        request = getattr(record, "request", None)
        path = getattr(request, "path", None)
        if not isinstance(path, str):
            return True
        written = {path, path.encode("unicode_escape").decode("ascii")}
        if record.name.startswith("django.security") and not record.name.endswith(".csrf"):
            # Its words repeat what was sent.
            record.msg, record.args, record.exc_info = f"Refused: {record.name.rpartition('.')[2]}", (), None
        elif isinstance(record.args, tuple):
            record.args = tuple(route_of(request) if one in written else one for one in record.args)
        return True


def route_of(request: object) -> str:
    """The pattern of the address, as `/cases/<uuid:case_id>/`, without what stood in its places."""
    match = getattr(request, "resolver_match", None)
    return f"/{match.route}" if match is not None else NO_ROUTE
