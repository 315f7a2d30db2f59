"""Text that somebody typed, made harmless for whatever opens a file: a browser, a spreadsheet, a terminal."""

import re
from typing import Final

# Control characters, and those that turn the direction of what follows: they are shown by number instead of acting.
ACTING: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
# Also the wide forms of the signs, which some spreadsheets read as the signs themselves.
FORMULA: Final = re.compile(r"[\s]*[=+\-@\t\r|%＝＋－＠]")
NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def visible(text: object) -> str:
    """The text with everything that acts written out as its number."""
    return ACTING.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", str(text))


def cell(text: object) -> str:
    """A cell of a table: nothing in it is a formula, wherever the file is opened."""
    said = visible("" if text is None else text)
    return f"'{said}" if FORMULA.match(said) and not NUMBER.fullmatch(said) else said
