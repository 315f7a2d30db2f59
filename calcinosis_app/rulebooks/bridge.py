"""Between a stored release and the rules that can be applied: each is compiled once per process.

A release never changes, so what was compiled for its hash stays right for ever.
"""

from functools import lru_cache

from django.core.exceptions import ImproperlyConfigured

from calcinosis_app.rulebooks.memo import per_request
from calcinosis_app.rulebooks.models import Release
from calcinosis_app.rulebooks.selectors import content_of, newest_release
from clinical_rules import ENGINE
from clinical_rules.exchange import FORMATS, write
from clinical_rules.exchange.archive import BROKEN as BROKEN_ARCHIVE
from clinical_rules.exchange.archive import ArchiveRefused, check_archive
from clinical_rules.exchange.archive import Limits as ArchiveLimits
from clinical_rules.explanation.places import title_from
from clinical_rules.explanation.words import EMERGENCY_LABELS, PHASE_LABELS, plain_unit, say_test
from clinical_rules.facts import Band, Fact
from clinical_rules.release import TYPE_LABELS, load
from clinical_rules.release import Release as Rules

__all__ = [
    "BROKEN_ARCHIVE",
    "EMERGENCY_LABELS",
    "ENGINE",
    "FORMATS",
    "PHASE_LABELS",
    "TYPE_LABELS",
    "ArchiveLimits",
    "ArchiveRefused",
    "Band",
    "Fact",
    "Rules",
    "check_archive",
    "current",
    "current_release",
    "plain_unit",
    "renumbered",
    "rules_of",
    "say_test",
    "shipped",
    "title_from",
    "written_as",
]

# The newest one, and a few older ones that stored assessments name.
KEPT_COMPILED = 4


class NoRelease(ImproperlyConfigured):
    """This installation holds no rules yet."""


@per_request
def current_release() -> Release:
    """The release that new assessments are made under: the newest. Raises NoRelease when none is stored."""
    release = newest_release()
    if release is None:
        raise NoRelease("No release of the rules is stored. Load the one that came with the product: python3 manage.py load_release")
    return release


def current() -> Rules:
    """The rules of the current release."""
    return rules_of(current_release())


def rules_of(release: Release) -> Rules:
    """The rules of a stored release. Raises ValueError when the stored text does not have the stored hash."""
    return _compiled(release.hash)


def shipped() -> Rules:
    """The rules that came with this version of the product."""
    return load()


def written_as(rules: Rules, form: str) -> bytes:
    """The release as a file in one of `FORMATS`."""
    return write(rules.content, form)


def renumbered(rules: Rules, number: int) -> Rules:
    """The same rules as release `number` of this installation."""
    return rules if rules.number == number else Rules({**rules.content, "number": number})


@lru_cache(maxsize=KEPT_COMPILED)
def _compiled(wanted: str) -> Rules:
    rules = Rules.from_json(content_of(wanted))
    if rules.hash != wanted:
        raise ValueError(f"The stored release {rules.number} has hash {rules.hash}, and {wanted} was written down when it was published.")
    return rules
