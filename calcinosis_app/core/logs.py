"""Keeps the content of rows out of the logs."""

import logging
import re

# In its error messages PostgreSQL repeats, after these words, the refused row or the statement: names, birth dates and all.
TELLING = re.compile(r"\s*(DETAIL|CONTEXT|QUERY|LINE \d+):")
# A repeated value may itself run over several lines; only these begin something of Python's again.
NEXT = re.compile(r"(Traceback \(most recent|The above exception|During handling)")


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
