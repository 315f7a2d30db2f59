"""The buttons under an assumption of the leading type: the answers that confirm or refute it, in words that fit it."""

from typing import Final

from calcinosis_app.assessments.bridge import AssumptionView

BUTTONS: Final = {
    "site_exposure": ("No, there was none", "Yes, there was"),
    "qualifying_local_or_autoimmune_cause": ("No, there is none", "Yes, there is"),
    "mineral_background": ("No, there was none", "Yes, there was"),
    "minerals_raised": ("No, they are not raised", "Yes, one is raised"),
    "minerals_raised_at_onset": ("No, they were not raised", "Yes, one was raised"),
    "bone_not_excluded": ("No, histology shows none", "Yes, histology shows bone"),
    "elastic_not_excluded": ("No, histology shows none", "Yes, histology shows them"),
    "mimic_not_excluded": ("No, it shows no calcium", "Yes, it shows calcium"),
}
PLAIN: Final = ("No", "Yes")
# What an assumption of absence comes to: a no to all its questions answers it.
ABSENT: Final = (False, "none", "untreated")


def is_answered_here(view: AssumptionView) -> bool:
    """Whether yes and no settle it on the spot: an assumption of absence, or any with a single question of that kind."""
    if not view.asks or any(one.kind != "boolean" for one in view.asks):
        return False
    return len(view.asks) == 1 or is_of_absence(view)


def is_of_absence(view: AssumptionView) -> bool:
    """Whether it says that something is not there."""
    return any(view.is_ is absent or view.is_ == absent for absent in ABSENT)


def buttons_of(view: AssumptionView) -> tuple[str, str]:
    """What a no and a yes are called for this assumption."""
    return BUTTONS.get(view.fact, PLAIN) if is_of_absence(view) else PLAIN
