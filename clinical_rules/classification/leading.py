"""The type that leads while a lesion is open (C8), with the fewest assumptions it needs."""

from collections.abc import Sequence

from clinical_rules.classification.model import Assumed, Leading
from clinical_rules.derive import Picture, Pictures
from clinical_rules.release import Release
from clinical_rules.tables import NOT_APPLICABLE, Possible, exactly, print_value

ORDINARY = {
    "bone_not_excluded": exactly(False),
    "elastic_not_excluded": exactly(False),
    "mimic_not_excluded": exactly(False),
    "site_exposure": exactly("none"),
    "minerals_raised": exactly(False),
    "mineral_background": exactly("untreated"),
    "qualifying_local_or_autoimmune_cause": exactly(False),
    "search_negative": exactly(True),
}
MASKED = "calcium and phosphate are masked by treatment: values from before it, or from when the lesion began, settle it"
NO_ROW = "no row of the classification fits what is known: specialist opinion"
NOTHING_POINTS = "nothing recorded points to one type yet"
CONTRADICTED = "findings contradict each other: repeat or correct them before a type is assumed"
NOT_REACHED = "the type that the record points to is ruled out by what is known"


def find_leading(release: Release, pictures: Pictures, lesion: str, candidates: Sequence[str]) -> tuple[Leading | None, str | None]:
    """C8: read over what is surely true; kept only if it is a candidate, with its fewest assumptions."""
    picture = pictures.lesions[lesion]
    if not candidates:
        return None, MASKED if picture.get("mineral_background") == exactly("masked") else NO_ROW
    table = release.tables["leading"]
    sure = {fact: _only_sure(release, picture, fact) for fact in table.facts}
    decision = table.decide(sure, "type")
    if decision.row is None:
        return None, NOTHING_POINTS
    row = next(one for one in release.content["tables"]["leading"]["row"] if one["id"] == decision.row)
    kind = str(decision.outcome)
    if kind == "none":
        return None, row["say"]
    if kind not in candidates:
        return None, f"{NOT_REACHED} ({row['say']})"
    classification = release.tables["classification"]
    fixed = _contradicted(release, pictures, lesion)
    expected = {fact: release.possible(fact, value) for fact, value in row.get("expects", {}).items()}
    assumptions = classification.assumptions(picture.of(classification), "type", kind, ORDINARY | expected, fixed)
    if assumptions is None:
        return None, CONTRADICTED if fixed else NOT_REACHED
    return Leading(kind, tuple(_assumed(release, fact, value) for fact, value in assumptions), row["say"]), None


def _only_sure(release: Release, picture: Picture, fact: str) -> Possible:
    if release.domains[fact].kind == "boolean":
        return exactly(picture.truth(fact) is True)
    found = picture.get(fact)
    return found if found is not None and found.values and len(found.values) == 1 and not found.not_applicable else NOT_APPLICABLE


def _contradicted(release: Release, pictures: Pictures, lesion: str) -> frozenset[str]:
    """Columns that are open because findings contradict each other: nothing is assumed about these."""
    doubted = {clash.fact for clash in pictures.contradictions if clash.lesion in (None, lesion)}
    if pictures.calcium.contradictory:
        doubted.add("calcium_status")
    picture = pictures.lesions[lesion]
    return frozenset(
        column
        for column in release.tables["classification"].facts
        if not doubted.isdisjoint(release.rests_on(column)) and _is_open(picture.get(column))
    )


def _is_open(known: Possible | None) -> bool:
    return known is None or known.values is None or len(known.values) > 1


def _assumed(release: Release, fact: str, value: Possible) -> Assumed:
    if value.values is not None:
        chosen = sorted(value.values, key=str)
        return Assumed(fact, chosen[0] if len(chosen) == 1 else ", ".join(str(one) for one in chosen))
    low = (value.spans or ((None, None),))[0][0]
    return Assumed(fact, print_value(low, release.domains[fact]) if low is not None else "any")
