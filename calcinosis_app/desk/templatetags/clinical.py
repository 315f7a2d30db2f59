"""How clinical words and sources are put on a page."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.urls import reverse

from calcinosis_app.assessments.bridge import Presentation
from calcinosis_app.desk.sheet import cited_for
from calcinosis_app.rulebooks.bridge import plain_unit

register = template.Library()
register.filter(cited_for)


@register.filter
def sentence(text: object) -> str:
    """The text with a capital first letter, unless its first word has capitals of its own: eGFR is not EGFR."""
    said = str(text or "")
    first = said.split(" ", 1)[0]
    return said if any(letter.isupper() for letter in first) else said[:1].upper() + said[1:]


@register.filter
def plainly(unit: str) -> str:
    """A UCUM unit as people write it."""
    return plain_unit(unit) or unit


@register.filter
def titled(label: str, said: Presentation | None) -> str:
    """What a lesion is called, by its label; the label itself where nothing could be judged."""
    return next((one.title for one in said.lesions if one.id == label), label) if said else label


@register.inclusion_tag("desk/assessment/_sources.html", takes_context=True)
def sources(context: Mapping[str, Any], keys: Iterable[str]) -> dict[str, Any]:
    """Each source by its short name, with a link to what the release knows of it."""
    said: Presentation = context["page"].said
    references = reverse("rulebooks:references", args=[said.release_number])
    return {"cited": [(said.citations.get(key, key), f"{references}#ref-{key}") for key in keys]}


@register.simple_tag
def footnotes(numbers: Mapping[str, int], keys: Iterable[str]) -> str:
    """The numbers of the sources on this sheet, as in [1,4]."""
    found = ",".join(str(numbers[key]) for key in keys if key in numbers)
    return f"[{found}]" if found else ""
