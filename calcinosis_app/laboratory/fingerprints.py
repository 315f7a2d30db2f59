"""Which result it is: what makes an import that is repeated change nothing."""

import json
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from uuid import UUID


@dataclass(frozen=True)
class Result:
    """What a line says, in one form however it was written. `taken` has the time of day, where one was given."""

    laboratory: str
    sample: str
    patient: UUID
    system: str
    code: str
    taken: str
    value: str
    comparator: str
    unit: str
    flag: str

    @property
    def fingerprint(self) -> str:
        """Laboratory, sample, code and time; without a sample, patient, code, time and value in place of it."""
        of_sample = (self.sample,) if self.sample else ("", str(self.patient), *self._said)
        return _hash(self.laboratory, self.system, self.code, self.taken, *of_sample)

    @property
    def content(self) -> str:
        """Whose it is and what it says: a sample that comes again with another content is no repetition."""
        return _hash(str(self.patient), *self._said)

    @property
    def _said(self) -> tuple[str, ...]:
        return self.value, self.comparator, self.unit, self.flag


def plain_number(text: str) -> str:
    """The number without idle zeros: 2.40 and 2.4 are one result. Empty for an empty text."""
    if not text:
        return ""
    number = Decimal(text)
    return "0" if not number else f"{number.normalize():f}"


def _hash(*parts: str) -> str:
    return sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()
