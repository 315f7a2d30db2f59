"""The dictionary: what may be known of a patient or a lesion, and how it is entered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal, NamedTuple

from clinical_rules.quantities import Unit, exact, scale
from clinical_rules.tables import Domain

FactKind = Literal["number", "boolean", "code", "codes", "date"]
Scope = Literal["patient", "lesion"]


class Code(NamedTuple):
    """One value of a coded fact."""

    code: str
    label: str


class Error(NamedTuple):
    """How far a method may stray from the true value and still pass: a fixed distance up to a value, a share above it."""

    fixed: Fraction
    up_to: Fraction
    share: Fraction
    seen: bool
    sources: tuple[str, ...]

    def at(self, value: Fraction) -> Fraction:
        """The distance at a value, in the canonical unit."""
        return self.fixed if value <= self.up_to else value * self.share


class Band(NamedTuple):
    """A reference range for an age and sex: days inclusive, limits in the canonical unit."""

    row: str
    age_days: tuple[int, int]
    sex: str
    low: Fraction | None
    high: Fraction | None
    critical_low: Fraction | None
    critical_high: Fraction | None
    soft_low: Fraction | None
    soft_high: Fraction | None
    seen: bool
    sources: tuple[str, ...]
    notes: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that may be known. ``derived`` facts are computed and cannot be entered."""

    key: str
    label: str
    question: str
    kind: FactKind
    scope: Scope
    section: str
    unit: str | None = None
    units: tuple[Unit, ...] = ()
    precision: int = 0
    hard: tuple[Fraction | None, Fraction | None] = (None, None)
    soft: tuple[Fraction | None, Fraction | None] = (None, None)
    codes: tuple[Code, ...] = ()
    members: tuple[str, ...] = ()
    both: tuple[str, ...] = ()
    exhaustive: bool = False
    true_when: tuple[Mapping[str, str], ...] = ()
    false_when: tuple[Mapping[str, str], ...] = ()
    answer_wins: bool = False
    shelf_life_days: int | None = None
    applies: str | None = None
    aliases: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    derived: bool = False
    bands: tuple[Band, ...] = ()
    error: Error | None = None
    """What the method's error may be; only of the analytes that decide a type."""
    hint: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def needs_unit(self) -> bool:
        """A bare number is refused when the fact has a real unit; ``{score}`` and the like are only annotations."""
        return self.kind == "number" and bool(self.unit) and not str(self.unit).startswith("{")

    def unit_called(self, text: str) -> Unit | None:
        """The unit that a text means for this fact, or ``None``."""
        return next((unit for unit in self.units if unit.is_called(text)), None)

    def domain(self) -> Domain:
        """What a table needs to know of the fact."""
        if self.kind == "code":
            return Domain(self.key, "code", codes=tuple(code.code for code in self.codes))
        if self.kind == "number":
            low, high = self.hard
            return Domain(
                self.key,
                "number",
                self.precision,
                None if low is None else scale(low, self.precision),
                None if high is None else scale(high, self.precision),
            )
        if self.kind == "date":
            return Domain(self.key, "date")
        return Domain(self.key, "boolean")


EXTRA_UNITS: Mapping[str, tuple[tuple[str, str, tuple[str, ...]], ...]] = {
    "mm": (("mm", "1", ()), ("cm", "10", ())),
    "kg": (("kg", "1", ()), ("g", "1/1000", ()), ("[lb_av]", "0.45359237", ("lb", "lbs"))),
    "cm": (("cm", "1", ()), ("m", "100", ()), ("[in_i]", "2.54", ("in", "inch"))),
    "wk": (
        ("wk", "1", ("week", "weeks", "w")),
        ("d", "1/7", ("day", "days")),
        ("mo", "4.348125", ("month", "months")),
        ("a", "52.1775", ("year", "years", "y")),
    ),
    "h": (("h", "1", ("hour", "hours", "hr")), ("d", "24", ("day", "days")), ("min", "1/60", ())),
    "mo": (("mo", "1", ("month", "months")), ("wk", "1/4.348125", ("week", "weeks")), ("a", "12", ("year", "years"))),
    "mm[Hg]": (("mm[Hg]", "1", ("mmHg", "mm Hg")),),
    "/min": (("/min", "1", ("bpm", "1/min", "min-1")),),
    "kg/m2": (("kg/m2", "1", ("kg/m\u00b2",)),),
    "mL/min": (("mL/min", "1", ("ml/min",)),),
    "mg/d": (("mg/d", "1", ("mg/day", "mg daily")),),
}
"""Units of facts that are not laboratory results, with exact factors to the canonical one."""


def fact_from(block: Mapping[str, Any]) -> Fact:
    """A fact from one ``[[fact]]`` block of the knowledge."""
    unit = block.get("unit")
    return Fact(
        key=block["key"],
        label=block["label"],
        question=" ".join(block.get("question", block["label"]).split()),
        kind=block["kind"],
        scope=block["scope"],
        section=block["section"],
        unit=unit,
        units=_units(unit) if unit else (),
        precision=block.get("precision", 0),
        hard=_limits(block.get("hard", ())),
        soft=_limits(block.get("soft", ())),
        codes=tuple(Code(one["code"], one["label"]) for one in block.get("codes", ())),
        members=tuple(block.get("members", ())),
        both=tuple(block.get("both", ())),
        exhaustive=block.get("exhaustive", False),
        true_when=tuple(block.get("true_when", ())),
        false_when=tuple(block.get("false_when", ())),
        answer_wins=block.get("answer_wins", False),
        shelf_life_days=block.get("shelf_life_days"),
        applies=block.get("applies"),
        aliases=tuple(block.get("aliases", ())),
        synonyms=tuple(block.get("synonyms", ())),
        sources=tuple(block.get("sources", ())),
    )


def laboratory_fact(block: Mapping[str, Any]) -> Fact:
    """A laboratory result from one ``[[laboratory]]`` block: shelf life 90 days."""
    bands = tuple(_band(one) for one in block["bands"])
    return Fact(
        key=block["key"],
        label=block["name"],
        question=block["name"],
        kind="number",
        scope="patient",
        section="laboratory",
        unit=block["unit"],
        units=tuple(Unit(one["code"], _fraction(one["factor"]), tuple(one.get("spellings", ()))) for one in block["units"]),
        precision=block["precision"],
        hard=_limits(block["hard"]),
        soft=(
            min((b.soft_low for b in bands if b.soft_low is not None), default=None),
            max((b.soft_high for b in bands if b.soft_high is not None), default=None),
        ),
        shelf_life_days=90,
        aliases=tuple(block.get("aliases", ())),
        synonyms=tuple(block.get("synonyms", ())),
        sources=tuple(dict.fromkeys(source for band in bands for source in band.sources)),
        bands=bands,
        error=_error(block["error"]) if "error" in block else None,
        hint=" ".join(block.get("unit_error_hint", "").split()),
        details=block,
    )


def condition_fact(block: Mapping[str, Any]) -> Fact:
    """A condition from one ``[[condition]]`` block; each code is a yes/no fact of its own."""
    return Fact(
        key=block["key"],
        label=block["label"],
        question=f"{block['label']}?",
        kind="boolean",
        scope=block["scope"],
        section="conditions",
        synonyms=tuple(block.get("synonyms", ())),
        sources=tuple(block.get("sources", ())),
        derived=block.get("enterable", True) is False,
        details=block,
    )


def drug_fact(block: Mapping[str, Any]) -> Fact:
    """A drug of the coded drug list; counts for 90 days from the date of the list."""
    return Fact(
        key=block["code"],
        label=block["label"],
        question=f"Takes {block['label']}?",
        kind="boolean",
        scope="patient",
        section="drug_list",
        shelf_life_days=90,
        synonyms=tuple(block.get("synonyms", ())),
        details=block,
    )


def _units(unit: str) -> tuple[Unit, ...]:
    known = EXTRA_UNITS.get(unit, ((unit, "1", ()),))
    return tuple(Unit(code, _fraction(factor), spellings) for code, factor, spellings in known)


def _fraction(text: str) -> Fraction:
    numerator, _, denominator = str(text).partition("/")
    return Fraction(numerator) / Fraction(denominator or "1")


def _limits(pair: Any) -> tuple[Fraction | None, Fraction | None]:
    low, high = pair or (None, None)
    return _limit(low), _limit(high)


def _limit(value: Any) -> Fraction | None:
    return None if value in (None, "") else exact(value)


def _error(block: Mapping[str, Any]) -> Error:
    fixed, up_to, percent = (_fraction(block[name]) for name in ("fixed", "up_to", "percent"))
    return Error(fixed, up_to, percent / 100, block["seen"], tuple(block["sources"]))


def _band(block: Mapping[str, Any]) -> Band:
    reference, critical, soft = (_limits(block.get(name, ())) for name in ("reference", "critical", "soft"))
    low, high = block["age_days"]
    return Band(
        row=block["row"],
        age_days=(low, high),
        sex=block["sex"],
        low=reference[0],
        high=reference[1],
        critical_low=critical[0],
        critical_high=critical[1],
        soft_low=soft[0],
        soft_high=soft[1],
        seen=block["seen"],
        sources=tuple(block["sources"]),
        notes=block.get("notes", ""),
    )
