"""What a lesion is called: its label with what is known of where it is and what it looks like."""

from collections.abc import Mapping
from typing import Any

from clinical_rules.derive import Picture
from clinical_rules.facts import Fact

SIDES = ("left", "right", "midline")


def lesion_title(label: str, picture: Picture) -> str:
    """The label alone until site or form is known: ``L1 · left hip, ulcer``."""
    site, side, form = (_said(picture, key) for key in ("site", "side", "form"))
    return _title(label, site, side, form, is_ulcer=picture.truth("ulcerated") is True)


def title_from(label: str, findings: Mapping[str, Any], facts: Mapping[str, Fact]) -> str:
    """The same from the lesion's findings in a case, where nothing was judged."""
    site, side, form = (_written(findings.get(key), facts.get(key)) for key in ("site", "side", "form"))
    return _title(label, site, side, form, is_ulcer=_value(findings.get("ulcerated")) is True)


def _title(label: str, site: str, side: str, form: str, *, is_ulcer: bool) -> str:
    if not form and is_ulcer:
        form = "ulcer"
    where = f"{side} {site}" if site and side in SIDES else ", ".join(filter(None, (site, side)))
    described = ", ".join(filter(None, (where, form)))
    return f"{label} \u00b7 {described}" if described else label


def _said(picture: Picture, key: str) -> str:
    """The label of the one code that a fact surely has."""
    known = picture.get(key)
    codes = {code.code: code.label for code in picture.release.facts[key].codes}
    return codes.get(str(known.only), "") if known is not None and not known.not_applicable else ""


def _written(finding: Any, fact: Fact | None) -> str:
    """The label of the code that a finding names; nothing when it names none, or one the fact has not."""
    value = _value(finding)
    return next((code.label for code in fact.codes if code.code == value), "") if fact else ""


def _value(finding: Any) -> Any:
    return finding.get("value") if isinstance(finding, Mapping) else finding
