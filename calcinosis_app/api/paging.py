"""A part of a list, with how much there is."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)
LIMIT = 50


def a_page(found: QuerySet[Row], asked: Mapping[str, Any], show: Callable[[Row], dict[str, Any]]) -> dict[str, Any]:
    """As `shapes.parts.a_page_of` describes it."""
    limit, offset = asked.get("limit", LIMIT), asked.get("offset", 0)
    return {"items": [show(one) for one in found[offset : offset + limit]], "total": found.count(), "limit": limit, "offset": offset}
