"""Characters that nobody sees and that change what is read: a number whose digits stand in another order, a name that looks like another.

Letters of every script are welcome, and so are the marks without which some cannot be written (U+200C, U+200D).
"""

import re
from typing import Final

from django.core.exceptions import ValidationError
from django.db.models import Model

# Control characters but tab and line ends; what turns the direction of reading; blanks without width.
_CONTROLS: Final = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
_TURNING: Final = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_WITHOUT_WIDTH: Final = "\u200b\u2028\u2029\u2060\ufeff"
LINE_ENDS: Final = re.compile(r"[\t\n\r]")
UNSEEN_THERE: Final = "There is an unseen character, {} at place {}, as copied text may hold. Type it by hand instead."
UNSEEN: Final = re.compile(f"[{_CONTROLS}{_TURNING}{_WITHOUT_WIDTH}]")


def check_readable(row: Model, *names: str) -> None:
    """Passes when these fields of a row, each one line that identifies somebody or something, read as they are written.

    Raises ValidationError with the fields that hold an unseen character, and what to do.
    """
    found = {name: UNSEEN.search(getattr(row, name)) or LINE_ENDS.search(getattr(row, name)) for name in names}
    wrong = {name: one for name, one in found.items() if one}
    if wrong:
        raise ValidationError({name: UNSEEN_THERE.format(_named(one[0]), one.start() + 1) for name, one in wrong.items()})


def made_visible(text: str) -> str:
    """The text with each unseen character written out by its number."""
    return UNSEEN.sub(lambda found: f"[{_named(found[0])}]", text)


def _named(character: str) -> str:
    return f"U+{ord(character):04X}"
