"""What a code means: a fact of the release, and the property that the code's own definition gives it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from calcinosis_app.rulebooks.bridge import Fact, Rules

LOINC: Final = "loinc"
NAMES_OF_LOINC: Final = re.compile(
    r"loinc\b.*|loinc[\d_].*|lnc?|(?:https?://)?(?:www\.)?loinc\.org.*|(?:urn:oid:)?2\.16\.840\.1\.113883\.6\.1"
)
MASS, MOLAR = "mass", "molar"
MASS_UNIT: Final = re.compile(r"[kmunp]?g")
SUBSTANCE: Final = re.compile(r"\{([^}]*)\}")
# The release knows such a code and says that its sources disagree: a person has to decide.
UNSURE: Final = "unconfirmed"
# A code of one part of what the fact is, such as vitamin D3 of the total: a person has to say that it is enough here.
A_PART: Final = " only"
# Codes that say of which substance a mass is, where the fact has units of several.
SUBSTANCES: Final = {"3094-0": "urea_nitrogen"}


@dataclass(frozen=True)
class Meaning:
    """The fact that a code stands for; `measures` (mass or molar) and `substance` where the code says so, else empty."""

    key: str
    measures: str = ""
    substance: str = ""


@dataclass(frozen=True)
class Codes:
    """The LOINC codes of a release, and those that it says must never be counted, with the reason."""

    known: Mapping[str, Meaning]
    never: Mapping[str, str] = field(default_factory=dict)


def plain(text: str) -> str:
    """A name of a laboratory or of a code system without regard to capitals and blanks."""
    return " ".join(text.split()).casefold()


def system_called(text: str) -> str:
    """A code system by one name, however it was written; empty for the laboratory's own codes."""
    name = plain(text)
    return LOINC if NAMES_OF_LOINC.fullmatch(name) else name


def codes_of(rules: Rules) -> Codes:
    """What the release says of LOINC codes. A code that two facts claim means neither."""
    known: dict[str, Meaning] = {}
    never: dict[str, str] = {}
    claimed_twice: set[str] = set()
    for fact in laboratory_facts(rules):
        loinc = fact.details.get("loinc", {})
        for code, meaning in _meanings(fact, loinc):
            if code in known:
                claimed_twice.add(code)
            known[code] = meaning
        never |= {one["code"]: one["note"] for one in loinc.get("never", ())}
    kept = {code: meaning for code, meaning in known.items() if code not in claimed_twice}
    return Codes(kept, {code: note for code, note in never.items() if code not in kept})


def laboratory_facts(rules: Rules) -> list[Fact]:
    """The facts that a laboratory can report, by name."""
    found = (fact for fact in rules.facts.values() if fact.section == "laboratory" and fact.scope == "patient" and not fact.derived)
    return sorted(found, key=lambda fact: fact.label.casefold())


def measured_in(unit: str) -> str:
    """Mass or molar, by what stands above the line of a UCUM unit; empty where it is neither."""
    above = re.sub(r"\{[^}]*\}", "", unit).partition("/")[0]
    if "mol" in above or above.endswith("eq"):
        return MOLAR
    return MASS if MASS_UNIT.fullmatch(above) else ""


def contradicts(meaning: Meaning, unit: str) -> bool:
    """Whether the code says mass and the UCUM unit amount, or the other way round, or they name two substances."""
    measured, named = measured_in(unit), SUBSTANCE.search(unit)
    if meaning.measures and measured and measured != meaning.measures:
        return True
    return bool(meaning.substance and named and named[1] != meaning.substance)


def _meanings(fact: Fact, loinc: Mapping[str, Any]) -> list[tuple[str, Meaning]]:
    found = []
    if code := loinc.get("mass"):
        # The dossier puts the only code of a test under this heading, also of one that is no mass, such as an enzyme's.
        is_mass = any(measured_in(unit.code) == MASS for unit in fact.units)
        found.append((code, Meaning(fact.key, MASS if is_mass else "", SUBSTANCES.get(code, ""))))
    if code := loinc.get("molar"):
        found.append((code, Meaning(fact.key, MOLAR)))
    for other in loinc.get("other", ()):
        note = other.get("note", "")
        if not note.startswith(UNSURE) and not note.endswith(A_PART):
            found.append((other["code"], Meaning(fact.key, next((one for one in (MASS, MOLAR) if one in note.split()), ""))))
    return found
