"""Characters that nobody sees and that change what is read: a number whose digits stand in another order, a name that looks like another.

Letters of every script are welcome, and so are the marks without which some cannot be written (U+200C, U+200D).
"""

import re
from typing import Final

# Control characters but tab and line ends; what turns the direction of reading; blanks without width.
_CONTROLS: Final = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
_TURNING: Final = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_WITHOUT_WIDTH: Final = "\u200b\u2028\u2029\u2060\ufeff"
UNSEEN: Final = re.compile(f"[{_CONTROLS}{_TURNING}{_WITHOUT_WIDTH}]")


def refuse_unseen(text: str) -> None:
    """Passes for a line that reads as it is written. Raises ValueError, with what to do about the first character that nobody sees."""
    found = UNSEEN.search(text) or re.search(r"[\t\n\r]", text)
    if found:
        where = f"{_named(found[0])} at place {found.start() + 1}"
        raise ValueError(f"There is an unseen character, {where}, as copied text may hold. Type it by hand instead.")


def made_visible(text: str) -> str:
    """The text with each unseen character written out by its number."""
    return UNSEEN.sub(lambda found: f"[{_named(found[0])}]", text)


def _named(character: str) -> str:
    return f"U+{ord(character):04X}"
