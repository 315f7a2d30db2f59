"""Which result it is: what makes an import that is repeated change nothing."""

import json
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from uuid import UUID


@dataclass(frozen=True)
class Result:
    """What a line says, in one form however it was written.

    `taken` has the time of day, where one was given; `key` is the fact; `unit` is the rules' name of the unit.
    """

    laboratory: str
    sample: str
    patient: UUID
    system: str
    code: str
    key: str
    taken: str
    value: str
    comparator: str
    unit: str
    flag: str

    @property
    def fingerprint(self) -> str:
        """Laboratory, code and sample. Without a sample, what was found in whom and when, whoever reports it."""
        if self.sample:
            return of_sample(self.laboratory, self.system, self.code, self.sample)
        # A flag says which result it is only where there is no value.
        return _hash("", str(self.patient), self.key, self.taken, self.value, self.comparator, self.unit, "" if self.value else self.flag)

    @property
    def content(self) -> str:
        """Whose it is and what it says: a sample that comes again with another content is no repetition."""
        return _hash(str(self.patient), self.key, self.taken, self.value, self.comparator, self.unit, self.flag)


def of_sample(laboratory: str, system: str, code: str, sample: str) -> str:
    """The fingerprint of a result whose sample is known: neither its time nor its value make it another one."""
    return _hash(laboratory, system, code, sample)


def plain_number(text: str) -> str:
    """The number without idle zeros: 2.40 and 2.4 are one result. Empty for an empty text."""
    if not text:
        return ""
    number = Decimal(text)
    return "0" if not number else f"{number.normalize():f}"


def _hash(*parts: str) -> str:
    return sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()
