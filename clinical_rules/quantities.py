"""Exact numbers with their units, each bound to an analyte, and the formulas of the dossier (section k).

Conversion and derivation are exact (fractions); rounding happens once, half to even, when a test compares.
"""

import math
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import NamedTuple

from clinical_rules.tables import Possible, between


class Unit(NamedTuple):
    """A unit in which one analyte may be reported: canonical value = value x factor."""

    code: str
    factor: Fraction
    spellings: tuple[str, ...] = ()

    def is_called(self, text: str) -> bool:
        """Whether a person or a laboratory means this unit by the text."""
        wanted = plain_unit(text)
        return any(wanted == plain_unit(name) for name in (self.code, unit_in_words(self.code), *self.spellings) if name)


def plain_unit(text: str) -> str:
    """A unit's spelling without case, blanks and the two micro signs, so that equal units compare equal."""
    return text.replace("\u00b5", "u").replace("\u03bc", "u").replace(" ", "").casefold()


WORDS_OF_UNITS = {"a": "years", "d": "days", "wk": "weeks", "mo": "months", "h": "hours", "min": "minutes"}
PARTS_OF_UNITS = (
    ("[Hg]", "Hg"),
    ("{1.73_m2}", "1.73 m\u00b2"),
    ("{urea_nitrogen}", " (urea nitrogen)"),
    ("{urea}", " (urea)"),
    ("umol", "\u00b5mol"),
    ("ug/", "\u00b5g/"),
    ("u[IU]", "\u00b5IU"),
    ("[IU]", "IU"),
    ("[arb'U]", "U"),
    ("/uL", "/\u00b5L"),
    ("10*9", "10\u2079"),
    ("mmol2/L2", "mmol\u00b2/L\u00b2"),
    ("/m2", "/m\u00b2"),
    ("[pH]", ""),
    ("[in_i]", "in"),
    ("[lb_av]", "lb"),
)


def unit_in_words(code: str | None) -> str:
    """A UCUM unit as people write it; empty for a mere annotation like ``{score}``."""
    text = code or ""
    for part, said in PARTS_OF_UNITS:
        text = text.replace(part, said)
    return "" if text.startswith("{") else WORDS_OF_UNITS.get(text, text)


class Interval(NamedTuple):
    """An exact closed interval; ``None`` is without limit. A known value has equal ends."""

    low: Fraction | None
    high: Fraction | None

    @classmethod
    def at(cls, value: Fraction) -> "Interval":
        """A known value."""
        return cls(value, value)

    @property
    def is_point(self) -> bool:
        """Whether it is one value."""
        return self.low is not None and self.low == self.high

    def scaled(self, precision: int) -> Possible:
        """What a test may see: each end rounded half to even to the fact's precision, as scaled integers."""
        low = None if self.low is None else scale(self.low, precision)
        high = None if self.high is None else scale(self.high, precision)
        return between(low, high)


def scale(value: Fraction, precision: int) -> int:
    """The value as an integer of its last decimal, rounded half to even: 1.4530 at 2 is 145."""
    return int(round(value * 10**precision))  # noqa: RUF046  (Fraction.__round__ is untyped)


def unscale(value: int, precision: int) -> Decimal:
    """The decimal that a scaled integer stands for."""
    return Decimal(value).scaleb(-precision)


def exact(value: object) -> Fraction | None:
    """The exact value of a JSON number or a decimal text; ``None`` when it is neither, or not finite."""
    if isinstance(value, bool):
        return None
    if isinstance(value, Fraction):
        return value
    if isinstance(value, int | float | str | Decimal):
        text = value.strip() if isinstance(value, str) else str(value)
        if len(text) > 40:
            return None
        try:
            number = Decimal(text)
        except InvalidOperation:
            return None
        if not number.is_finite() or abs(number.adjusted()) > 30:
            return None
        return Fraction(number)
    return None


def decimals_of(value: object) -> int:
    """How many decimals a number was written with."""
    text = str(value)
    return len(text.partition(".")[2]) if "e" not in text.lower() else 0


def shown(value: Fraction, precision: int) -> str:
    """The value for people, rounded half to even."""
    return f"{unscale(scale(value, precision), precision):.{precision}f}"


# Formulas. Arguments are in canonical units unless the name says otherwise; sources: dossier section k.


def adjusted_calcium(total: Fraction, albumin: Fraction) -> Fraction:
    """Albumin-adjusted calcium, mmol/L, from total calcium (mmol/L) and albumin (g/L) [CALC_FORMULA]."""
    return total + Fraction(2, 100) * (40 - albumin)


def adjusted_calcium_conventional(total: Fraction, albumin: Fraction) -> Fraction:
    """Albumin-adjusted calcium, mg/dL, from total calcium (mg/dL) and albumin (g/dL) [CALC_FORMULA]."""
    return total + Fraction(8, 10) * (4 - albumin)


def calcium_phosphate_product(calcium: Fraction, phosphate: Fraction) -> Fraction:
    """Ca x P in mmol2/L2. Shown, never a gate [KDIGO2017]."""
    return calcium * phosphate


def product_conventional(product: Fraction) -> Fraction:
    """Ca x P in mg2/dL2 from mmol2/L2 [UNITS]."""
    return product / Fraction("0.08056")


MG_DL_CREATININE = Fraction("88.4")
"""Micromoles per litre in one mg/dL of creatinine [UNITS]."""


def egfr_adult(creatinine: Fraction, age_years: int, sex: str) -> Fraction:
    """CKD-EPI 2021, mL/min/1.73 m2, from creatinine in umol/L and completed years [CKDEPI2021]."""
    kappa, alpha = (0.7, -0.241) if sex == "female" else (0.9, -0.302)
    ratio = float(creatinine / MG_DL_CREATININE) / kappa
    rate = 142 * min(ratio, 1.0) ** alpha * max(ratio, 1.0) ** -1.200 * 0.9938**age_years
    return _settled(rate * 1.012 if sex == "female" else rate)


def egfr_child(creatinine: Fraction, height: Fraction) -> Fraction:
    """Bedside Schwartz, mL/min/1.73 m2, from creatinine in umol/L and height in cm [SCHWARTZ2009]."""
    return Fraction("0.413") * height / (creatinine / MG_DL_CREATININE)


def creatinine_clearance(creatinine: Fraction, age_years: int, weight: Fraction, sex: str) -> Fraction:
    """Cockcroft-Gault, mL/min, from creatinine in umol/L, completed years and weight in kg [EXPERT_RULE]."""
    base = (140 - age_years) * weight / (72 * creatinine / MG_DL_CREATININE)
    return base * Fraction("0.85") if sex == "female" else base


def ideal_weight(height: Fraction, sex: str) -> Fraction:
    """Devine's ideal body weight, kg, from height in cm; not below 60 inches' value [general knowledge]."""
    inches_over = max(height / Fraction("2.54") - 60, Fraction(0))
    return (Fraction("45.5") if sex == "female" else Fraction(50)) + Fraction("2.3") * inches_over


def height_at_bmi_30(weight: Fraction) -> Fraction:
    """The height in cm at which this weight (kg) makes a body mass index of 30."""
    return _settled(100 * math.sqrt(float(weight) / 30))


def tubular_reabsorption(
    urine_phosphate: Fraction, serum_creatinine: Fraction, serum_phosphate: Fraction, urine_creatinine: Fraction
) -> Fraction:
    """TRP in per cent; each pair in one unit [ENG_LIMITS]."""
    return 100 * (1 - urine_phosphate * serum_creatinine / (serum_phosphate * urine_creatinine))


GRAMS_PER_MOLE_OF_THIOSULFATE = {"pentahydrate": Fraction("248.2"), "anhydrous": Fraction("158.1")}
"""Sodium thiosulfate as the pharmacopoeia injection and as the anhydrous salt [USP_STS; STSGAP]."""


def sodium_of_thiosulfate(grams: Fraction, salt: str) -> Fraction:
    """Sodium in mmol that a dose of sodium thiosulfate brings: two per molecule. Show both salts."""
    return 2 * 1000 * grams / GRAMS_PER_MOLE_OF_THIOSULFATE[salt]


def _settled(value: float) -> Fraction:
    """A computed float cut to six decimals: the same on every machine, far finer than any comparison."""
    return Fraction(round(value * 1_000_000), 1_000_000)
