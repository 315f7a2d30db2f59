"""What a lesion is called: its label with what is known of where it is and what it looks like."""

from clinical_rules.derive import Picture

SIDES = ("left", "right", "midline")


def lesion_title(label: str, picture: Picture) -> str:
    """The label alone until site or form is known: ``L1 · left hip, ulcer``."""
    site, side, form = (_said(picture, key) for key in ("site", "side", "form"))
    if not form and picture.truth("ulcerated") is True:
        form = "ulcer"
    where = f"{side} {site}" if site and side in SIDES else ", ".join(filter(None, (site, side)))
    described = ", ".join(filter(None, (where, form)))
    return f"{label} \u00b7 {described}" if described else label


def _said(picture: Picture, key: str) -> str:
    """The label of the one code that a fact surely has."""
    known = picture.get(key)
    codes = {code.code: code.label for code in picture.release.facts[key].codes}
    return codes.get(str(known.only), "") if known is not None and not known.not_applicable else ""
