"""What is wrong with a case or a release, said so that the person can mend it."""

import json
from decimal import Decimal


class CaseError(ValueError):
    """Something in a case cannot be read. ``say`` names what is wrong and what to do."""

    def __init__(self, key: str, value: object, say: str, *, case: str = "", lesion: str | None = None) -> None:
        self.key = key
        self.value = value
        self.say = say
        self.case = case
        self.lesion = lesion
        super().__init__(str(self))

    def at(self, *, case: str | None = None, lesion: str | None = None) -> "CaseError":
        """The same error with its place filled in."""
        return CaseError(
            self.key, self.value, self.say, case=self.case if case is None else case, lesion=self.lesion if lesion is None else lesion
        )

    def __str__(self) -> str:
        place = f"case {self.case}: " if self.case else ""
        lesion = f"lesion {self.lesion}: " if self.lesion else ""
        return f"{place}{lesion}{self.key}: {show_value(self.value)}: {self.say}"

    def as_json(self) -> dict[str, object]:
        """The error as data: case, lesion, key, value and what to do."""
        return {"case": self.case, "lesion": self.lesion, "key": self.key, "value": show_value(self.value), "say": self.say}


class ReleaseError(ValueError):
    """A release that does not hold together: names file or block, and what to do."""


def show_value(value: object) -> str:
    """A value as it stands in a case file, short enough for a message."""
    if isinstance(value, str | int | Decimal) and not isinstance(value, bool):
        text = str(value)
    else:
        text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 80 else text[:77] + "..."
