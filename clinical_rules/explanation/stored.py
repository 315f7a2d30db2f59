"""A stored result stands, whatever today's engine would say: its types and statuses on today's page."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from clinical_rules.explanation.views import LesionView, OptionView, PhaseView, Presentation
from clinical_rules.explanation.words import STATUS_LABELS, STATUS_TEXTS
from clinical_rules.release import TYPE_LABELS


def as_stored(said: Presentation, outcome: Mapping[str, Any]) -> Presentation:
    """The page with status and type of each lesion and option as they were stored (``outcome`` is the stored assessment)."""
    lesions = {one["id"]: one for one in outcome["lesions"]}
    statuses = {(one["treatment"], one["lesion"]): one["status"] for one in outcome["options"]}
    shown = tuple(_lesion(one, lesions[one.id]) if one.id in lesions else one for one in said.lesions)
    return replace(
        said,
        headline="; ".join(one.headline if len(shown) == 1 else f"{one.title}: {one.headline}" for one in shown),
        status=outcome["status"],
        engine=outcome["engine"],
        lesions=shown,
        phases=tuple(_phase(one, statuses) for one in said.phases),
    )


def _lesion(view: LesionView, stored: Mapping[str, Any]) -> LesionView:
    label = TYPE_LABELS.get(stored["type"] or "", "")
    leads = f", {TYPE_LABELS[stored['leading']['type']]} leads" if stored["leading"] else ""
    words = {"withheld": "Type withheld: an emergency stands above typing", "open": f"Cannot say yet{leads}"}
    return replace(
        view, status=stored["status"], type=stored["type"], type_label=label, headline=f"{words.get(stored['status'], label)} (as stored)"
    )


def _phase(view: PhaseView, statuses: Mapping[tuple[str, str | None], str]) -> PhaseView:
    return replace(view, options=tuple(_option(one, statuses.get((one.treatment, one.lesion), one.status)) for one in view.options))


def _option(view: OptionView, status: str) -> OptionView:
    if view.never_offered:
        return replace(view, status=status)
    return replace(view, status=status, status_label=STATUS_LABELS[status], status_text=STATUS_TEXTS[status])
