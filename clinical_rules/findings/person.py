"""Age and sex. An age in whole years is the whole year; decimals mean half their last digit more or less."""

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from clinical_rules.errors import CaseError
from clinical_rules.findings.dates import read_day
from clinical_rules.findings.model import UNKNOWN_AGE, Age
from clinical_rules.quantities import decimals_of, exact


def read_age(patient: Mapping[str, Any], on: date) -> Age:
    """The age on a day, from years, days or a birth date. Raises ``CaseError``."""
    given = [name for name in ("age_years", "age_days", "birth_date") if patient.get(name) is not None]
    if not given:
        return UNKNOWN_AGE
    if len(given) > 1:
        raise CaseError(given[1], patient[given[1]], f"give one of {', '.join(given)}")
    name, value = given[0], patient[given[0]]
    if name == "birth_date":
        return _age_since(read_day(value, name), value, on)
    number = exact(value)
    if number is None or isinstance(value, str) or not 0 <= number <= (55000 if name == "age_days" else 150):
        raise CaseError(name, value, "write the age as a number (0 to 150 years)")
    if name == "age_days":
        days = int(number)
        return Age((days, days), (int(days / 365.25), int(days / 365.25)))
    places = decimals_of(value) if not isinstance(value, int) else 0
    if places == 0:
        low, high = number, number + 1
        years = (int(number), int(number))
        return Age((int(low * Fraction("365.25")), -int(-high * Fraction("365.25") // 1) - 1), years)
    half = Fraction(1, 2 * 10**places)
    low, high = max(number - half, Fraction(0)), number + half
    return Age((int(low * Fraction("365.25")), int(high * Fraction("365.25"))), (int(low), int(high)))


def _age_since(born: date | None, value: Any, on: date) -> Age:
    if born is None or born > on or on - born > timedelta(days=55000):
        raise CaseError("birth_date", value, "the birth date lies after the assessment or too far back: correct it")
    days = (on - born).days
    years = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return Age((days, days), (years, years))


def read_sex(value: Any) -> str | None:
    """Female, male, or ``None`` when not known. Raises ``CaseError``."""
    if value in (None, "", "unknown"):
        return None
    if value in ("female", "male"):
        return str(value)
    raise CaseError("sex", value, "write female, male or null")
