"""What other apps have to say beside a row."""

from django import template

from calcinosis_app.rulebooks.beside import Beside, BesideRows

register = template.Library()


@register.filter
def beside(row: str, texts: BesideRows | str) -> list[Beside]:
    """The texts beside a row; none on a page that has none."""
    return texts.of(row) if isinstance(texts, BesideRows) else []
