"""Why a lesion has its type, why not another, and what would settle it."""

from collections.abc import Sequence

from clinical_rules.assessment import Assessment
from clinical_rules.classification import Assumed, LesionResult, inputs
from clinical_rules.derive import Picture, Pictures
from clinical_rules.explanation.places import lesion_title
from clinical_rules.explanation.views import AssumptionView, LesionView, Question, RowView, Sentence, TestView, WhyNot
from clinical_rules.explanation.words import MARKS, say_distance, say_known, say_test
from clinical_rules.findings import bands_touched
from clinical_rules.quantities import scale, shown
from clinical_rules.release import TYPE_LABELS, TYPES, Release
from clinical_rules.tables import CompiledTable, RowExplanation

ASSUMED_TEXTS = {
    ("site_exposure", "none"): "nothing was injected, infused or leaked at this site",
    ("site_exposure", "calcium, probable, procedure"): "something was injected, infused or leaked at this site",
    ("site_exposure", "probable"): "the infusion ran where the lesion is",
    ("minerals_raised", False): "calcium and phosphate are not raised",
    ("minerals_raised", True): "calcium or phosphate is raised",
    ("qualifying_local_or_autoimmune_cause", False): "there is no local or autoimmune cause",
    ("qualifying_local_or_autoimmune_cause", True): "there is a local or autoimmune cause",
    ("mineral_background", "untreated"): "no mineral disease, treatment or load stands behind the values",
    ("mineral_background", "controlled"): "a known mineral disease is treated or corrected",
    ("mineral_background", "load"): "calcium or phosphate was raised in the weeks of the load",
    ("search_negative", True): "the search for a cause is complete and negative",
    ("minerals_raised_at_onset", True): "calcium or phosphate was raised when it began",
    ("minerals_raised_at_onset", False): "calcium and phosphate were not raised when it began",
    ("bone_not_excluded", False): "histology shows no bone",
    ("bone_not_excluded", True): "histology shows bone",
    ("elastic_not_excluded", False): "histology shows no calcified elastic fibres",
    ("elastic_not_excluded", True): "histology shows calcified elastic fibres",
    ("mimic_not_excluded", False): "the look-alike is excluded: the biopsy shows calcium",
    ("mimic_not_excluded", True): "the look-alike is confirmed: the biopsy shows no calcium",
}


def lesion_view(assessment: Assessment, release: Release, one: LesionResult) -> LesionView:
    """One lesion for a page."""
    pictures = assessment.pictures
    picture = pictures.lesions[one.id]
    is_neighbour = any(release.rows[row]["table"] == "not_calcinosis" for row in one.fired)
    table = release.tables["not_calcinosis" if is_neighbour else "classification"]
    because = tuple(row_view(release, pictures, picture, table, row) for row in table.explain(picture.of(table), one.fired))
    return LesionView(
        id=one.id,
        title=lesion_title(one.id, picture),
        status=one.status,
        headline=headline(one),
        type=one.type,
        type_label=TYPE_LABELS.get(one.type or "", ""),
        marks=tuple(Sentence(mark, MARKS[mark]) for mark in one.marks),
        because=because,
        why_not=_why_not(release, pictures, picture, one),
        candidates=tuple(TYPE_LABELS[kind] for kind in one.candidates),
        leading=_leading_text(one),
        assumptions=tuple(_assumption(release, pictures, picture, one.id, each) for each in (one.leading.assumes if one.leading else ())),
        no_lead=one.no_lead,
        settle=tuple(question(release, pictures, fact, one.id) for fact in one.settle),
    )


def headline(one: LesionResult) -> str:
    """One line for a lesion."""
    if one.status == "withheld":
        second = (
            f" If not calciphylaxis: {', '.join(TYPE_LABELS[kind] for kind in one.types or one.candidates)}."
            if one.types or one.candidates
            else ""
        )
        return f"Type withheld: an emergency stands above typing.{second}"
    if one.type:
        parts = f" ({' and '.join(TYPE_LABELS[part].lower() for part in one.parts)})" if one.parts else ""
        words = {
            "controlled": "controlled",
            "transient_load": "transient load",
            "probable": "probable",
            "presumed": "presumed",
            "provisional": "provisional",
        }
        said = [word for mark, word in words.items() if mark in one.marks]
        return f"{TYPE_LABELS[one.type]}{parts}" + (f" \u2013 {', '.join(said)}" if said else "")
    return "Cannot say yet" + (f": {_leading_text(one)}" if one.leading else "")


def _leading_text(one: LesionResult) -> str | None:
    if one.leading is None:
        return None
    texts = [assumed_text(each) for each in one.leading.assumes]
    name = TYPE_LABELS[one.leading.type]
    return f"{name} leads, if {_listed(texts)}" if texts else f"{name} leads"


def assumed_text(one: Assumed) -> str:
    """An assumption in words."""
    return ASSUMED_TEXTS.get((one.fact, one.is_), f"{one.fact.replace('_', ' ')} is {one.is_}")


def _listed(texts: Sequence[str]) -> str:
    return texts[0] if len(texts) == 1 else ", ".join(texts[:-1]) + " and " + texts[-1]


def _assumption(release: Release, pictures: Pictures, picture: Picture, lesion: str, one: Assumed) -> AssumptionView:
    asks = tuple(question(release, pictures, fact, lesion) for fact in inputs(pictures, picture, one.fact))
    return AssumptionView(one.fact, one.is_, assumed_text(one), asks)


def question(release: Release, pictures: Pictures, fact: str, lesion: str | None) -> Question:
    """A fact as a question, at its lesion when it belongs to one."""
    described = release.facts[fact]
    local = lesion if described.scope == "lesion" else None
    reading = pictures.readings.get(fact)
    if reading is not None and reading.contradictions:
        why = "results contradict each other: repeat it"
    elif reading is not None and reading.too_old and not reading.results:
        why = f"the last result is too old ({reading.too_old[0].taken:%Y-%m-%d})"
    else:
        why = ""
    return Question(fact, described.label, described.question, described.kind, described.scope, local, why)


def row_view(release: Release, pictures: Pictures, picture: Picture, table: CompiledTable, row: RowExplanation) -> RowView:
    """A rule row with its tests in this patient."""
    block = release.rows[row.row]
    tests = tuple(
        TestView(
            test.fact,
            release.facts[test.fact].label,
            say_test(release, test.fact, test.text),
            say_known(pictures, picture, test.fact),
            test.truth,
            say_distance(release.facts[test.fact], test.distance) if test.truth is False else "",
        )
        for test in row.tests
    )
    return RowView(row.row, block.get("say", ""), row.truth, tests, tuple(block.get("sources", ())), bool(block.get("seen")))


def _why_not(release: Release, pictures: Pictures, picture: Picture, one: LesionResult) -> tuple[WhyNot, ...]:
    """For each type that is ruled out: its row that came nearest, and what it lacked."""
    table = release.tables["classification"]
    types = {row["id"]: row["then"]["type"] for row in release.content["tables"]["classification"]["row"]}
    named = {one.type, *one.types, *one.candidates} if one.status != "decided" else {one.type, *one.types}
    misses = table.nearest_misses(picture.of(table), len(types))
    found = []
    for kind in TYPES:
        if kind in named or kind == "not_calcinosis":
            continue
        nearest = next((row for row in misses if types[row.row] == kind), None)
        if nearest is None:
            continue
        view = row_view(release, pictures, picture, table, nearest)
        lacking = [_lacking(release, pictures, test) for test in view.tests if test.truth is False]
        found.append(WhyNot(kind, TYPE_LABELS[kind], f"Not {TYPE_LABELS[kind].lower()}: {'; '.join(lacking)}.", view))
    return tuple(found)


def _lacking(release: Release, pictures: Pictures, test: TestView) -> str:
    if test.fact == "minerals_raised" and test.asks == "yes":
        return "; ".join(_short_of(release, pictures)) or "calcium and phosphate are not raised"
    if test.fact == "minerals_raised":
        return "calcium or phosphate is raised"
    if test.fact == "search_negative":
        return "the search found something, or is not complete"
    distance = f" ({test.distance})" if test.distance else ""
    return f"{test.label}: {test.known}, must be {test.asks}{distance}"


def _short_of(release: Release, pictures: Pictures) -> list[str]:
    """How far calcium and phosphate lie below their upper limits: ``phosphate 1.40, limit 1.45 (0.05 short)``."""
    found = []
    for key in ("phosphate", "ca_ionised", "ca_adjusted", "ca_total"):
        fact, reading = release.facts[key], pictures.readings.get(key)
        values = [one.interval.high for one in reading.results if one.interval and one.interval.high is not None] if reading else []
        if key == "ca_adjusted" and not values:
            values = [one.value.high for one in pictures.computed if one.key == key and one.value.high is not None]
        own = [one.high for one in reading.results if one.high is not None] if reading else []
        limits = own or [band.high for band in bands_touched(fact, pictures.case.age, pictures.case.sex) if band.high is not None]
        if values and limits:
            value, limit = max(values), min(limits)
            said, top, gap = (shown(number, fact.precision) for number in (value, limit, limit - value))
            above = scale(value, fact.precision) > scale(limit, fact.precision)
            short = "above its range, but another value decides" if above else f"{gap} short"
            found.append(f"{fact.label.lower()} {said}, limit {top} ({short})")
    return found
