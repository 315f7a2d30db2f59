"""The versions that the forms of a review, and the quick answers of case entry, were made from."""

from typing import Literal
from uuid import UUID

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from calcinosis_app.assessments.models import Review, Step, TypeOverride
from calcinosis_app.assessments.versions import version_of_note, version_of_review, version_of_step, version_of_type
from calcinosis_app.desk.entry.page import Entry

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


@register.simple_tag
def field_seen(entry: Entry, key: str, lesion_id: UUID | Literal[""] | None) -> SafeString:
    """A hidden field: what was typed into the first field of a fact, as the page knows it."""
    return format_html('<input type="hidden" name="seen" value="{}">', entry.seen(key, lesion_id or None))
