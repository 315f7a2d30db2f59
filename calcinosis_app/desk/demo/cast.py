"""The people of the demo, all invented, and the published cases under invented names."""

from dataclasses import dataclass
from typing import Final

RIVERSIDE: Final = {"name": "Riverside clinic", "time_zone": "Europe/Berlin", "jurisdiction": "eu"}
HILL: Final = {"name": "Hill clinic", "time_zone": "Europe/London", "jurisdiction": "uk"}


@dataclass(frozen=True)
class Person:
    """Somebody who signs in."""

    username: str
    display_name: str
    role: str
    clinic: str


PEOPLE: Final = (
    Person("clara", "Dr Clara Winter", "clinician", "Riverside clinic"),
    Person("nadia", "Nadia Brook", "nurse", "Riverside clinic"),
    Person("karl", "Karl Ebner", "curator", "Riverside clinic"),
    Person("aya", "Aya Prince", "approver", "Riverside clinic"),
    Person("ada", "Ada Moss", "administrator", "Riverside clinic"),
    Person("sven", "Sven Holt", "clinician", "Hill clinic"),
)


@dataclass(frozen=True)
class DemoCase:
    """A published case and how far it has come: typed, recorded, assessed or signed."""

    file: str
    family_name: str
    given_name: str
    number: str
    state: str
    by: str = "clara"


CASES: Final = (
    DemoCase("O11", "Amsel", "Greta", "2001", "assessed"),
    DemoCase("O25", "Birke", "Hanna", "2002", "signed"),
    DemoCase("O34", "Carow", "Emil", "2003", "assessed"),
    DemoCase("O06", "Dorn", "Paula", "2004", "typed"),
    DemoCase("O32", "Esche", "Marta", "2005", "assessed"),
    DemoCase("O28", "Falk", "Jonas", "2006", "recorded"),
    DemoCase("O20", "Grove", "Alice", "H-11", "assessed", by="sven"),
)
