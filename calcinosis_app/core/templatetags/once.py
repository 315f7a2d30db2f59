"""The once-only key of a form, made when the page is made."""

from uuid import uuid4

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from calcinosis_app.core.once import FIELD

register = template.Library()


@register.simple_tag
def once_key() -> SafeString:
    """A hidden field for a form that makes something; core/once.py says what becomes of it."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, uuid4())
