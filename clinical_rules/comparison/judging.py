"""Judging a stored case again: whole, or only the treatments of which a gate changed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from clinical_rules.assessment import assess
from clinical_rules.classification import Flag, Leading, LesionResult, recall_type
from clinical_rules.classification.model import Assumed
from clinical_rules.comparison.outcome import Outcome, gates_of, outcome_of, place_of, split_place
from clinical_rules.derive import build_pictures
from clinical_rules.errors import CaseError
from clinical_rules.findings import read_case
from clinical_rules.follow_up import schedule
from clinical_rules.pathway import ACCEPTABLE, Option, Pathway
from clinical_rules.release import Release

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Terms:
    """What cases are judged under besides the release: the day of a case without any date, and the jurisdiction."""

    today: date | None = None
    jurisdiction: str | None = None


def judge(document: Document, release: Release, terms: Terms) -> Outcome:
    """The outcome of a case; ``{"error": ...}`` where the release refuses it."""
    try:
        return outcome_of(assess(document, release, jurisdiction=terms.jurisdiction, today=terms.today))
    except CaseError as error:
        return {"error": error.as_json()}


def judge_options(document: Document, release: Release, terms: Terms, before: Outcome, treatments: Collection[str]) -> Outcome:
    """The outcome where nothing but these treatments' gates changed since ``before``: type and flags are taken from there."""
    case = read_case(document, release.facts, today=terms.today)
    pictures = build_pictures(case, release)
    flags = tuple(Flag(*split_place(name), tuple(rows)) for name, rows in before["emergencies"].items())
    results = tuple(_result(lesion, given) for lesion, given in before["lesions"].items())
    for result in results:
        recall_type(pictures, result, flags)
    pathway = Pathway(release, pictures, results, flags, terms.jurisdiction)
    options = dict(before["options"])
    turned = False
    for name in treatments:
        for one in pathway.options_of(release.treatments[name]):
            place = place_of(name, one.lesion)
            was = options[place]
            options[place] = {
                "phase": one.phase,
                "status": one.status,
                "because": list(one.because),
                "needs": list(one.needs),
                "gates": gates_of(one),
            }
            turned = turned or (was["status"] in ACCEPTABLE) != (one.status in ACCEPTABLE) or was["phase"] != one.phase
    found = {**before, "options": options}
    if turned:
        listed = [Option(*split_place(place), given["phase"], given["status"], (), ()) for place, given in options.items()]
        found["schedule"] = [one.as_json() for one in schedule(release, pictures, results, flags, listed)]
    return found


def _result(lesion: str, given: Mapping[str, Any]) -> LesionResult:
    leading = given["leading"]
    return LesionResult(
        lesion,
        given["status"],
        given["type"],
        tuple(given["parts"]),
        tuple(given["types"]),
        tuple(given["candidates"]),
        given["candidates_exact"],
        tuple(given["marks"]),
        tuple(given["fired"]),
        leading and Leading(leading["type"], tuple(Assumed(one["fact"], one["is"]) for one in leading["assumes"]), ""),
        given["no_lead"],
        tuple(given["settle"]),
    )
