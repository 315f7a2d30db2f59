"""The versions that the forms of a review were made from."""

from django import template

from calcinosis_app.assessments.models import Review, Step, TypeOverride
from calcinosis_app.assessments.versions import version_of_note, version_of_review, version_of_step, version_of_type

register = template.Library()


@register.filter
def step_seen(step: Step | None) -> str:
    """What is decided about a step, as the page shows it."""
    return version_of_step(step)


@register.filter
def type_seen(override: TypeOverride | None) -> str:
    """Which type a lesion was given, as the page shows it."""
    return version_of_type(override)


@register.filter
def note_seen(review: Review) -> str:
    """The note, as the page shows it."""
    return version_of_note(review)


@register.filter
def review_seen(review: Review) -> str:
    """All that is decided, as the page shows it."""
    return version_of_review(review)
