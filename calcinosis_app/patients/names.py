"""When two spellings are one name."""

import unicodedata


def folded(name: str) -> str:
    """A name without regard to capitals, blanks and the way in which accents are stored."""
    return " ".join(unicodedata.normalize("NFC", name).split()).casefold()
