"""Facts, laboratory ranges, conditions and drugs, as tables."""

from dataclasses import dataclass

from calcinosis_app.rulebooks.bridge import Rules
from calcinosis_app.rulebooks.presentation import words
from calcinosis_app.rulebooks.presentation.places import PAGE_OF_SECTION
from calcinosis_app.rulebooks.presentation.rows import Link, fact_link, source_link


@dataclass(frozen=True)
class FactLine:
    """One fact that can be entered."""

    key: str
    label: str
    question: str
    kind: str
    of: str
    shelf_life: str
    covers: tuple[Link, ...]
    synonyms: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class BandLine:
    """The range of one analyte for one age and sex."""

    row: str
    ages: str
    sex: str
    reference: str
    critical: str
    usual: str
    notes: str
    sources: tuple[Link, ...]
    mark: str


@dataclass(frozen=True)
class Analyte:
    """One laboratory result: its units, what is possible, its ranges."""

    key: str
    name: str
    unit: str
    other_units: tuple[str, ...]
    possible: str
    precision: int
    synonyms: str
    hint: str
    bands: tuple[BandLine, ...]


@dataclass(frozen=True)
class ConditionLine:
    """One condition."""

    key: str
    label: str
    group: str
    of: str
    codes: str
    synonyms: str
    implies: tuple[Link, ...]
    sources: tuple[Link, ...]
    mark: str
    enterable: bool


@dataclass(frozen=True)
class DrugLine:
    """One drug of the coded list."""

    key: str
    label: str
    synonyms: str
    counts_as: tuple[Link, ...]


def fact_sections(rules: Rules) -> dict[str, list[FactLine]]:
    """The facts that can be entered and have no page of their own, by section."""
    found: dict[str, list[FactLine]] = {}
    for fact in rules.facts.values():
        if fact.derived or fact.section in PAGE_OF_SECTION or fact.kind == "codes":
            continue
        found.setdefault(words.humanised(fact.section).capitalize(), []).append(
            FactLine(
                key=fact.key,
                label=fact.label,
                question=fact.question,
                kind=words.kind_of(fact),
                of=fact.scope,
                shelf_life=f"{fact.shelf_life_days} days" if fact.shelf_life_days else "",
                covers=tuple(fact_link(rules, member) for member in fact.members),
                synonyms=", ".join(fact.synonyms),
                codes=(*fact.aliases, *(code.code for code in fact.codes)),
            )
        )
    return dict(sorted(found.items()))


def analytes(rules: Rules) -> list[Analyte]:
    """The laboratory results with their ranges."""
    return [
        Analyte(
            key=one["key"],
            name=one["name"],
            unit=words.unit_of(one["unit"]),
            other_units=tuple(
                f"1 {words.unit_of(unit['code'])} = {unit['factor']} {words.unit_of(one['unit'])}"
                for unit in one["units"]
                if unit["code"] != one["unit"]
            ),
            possible=words.limits(one["hard"], one["unit"]),
            precision=one["precision"],
            synonyms=", ".join(one.get("synonyms", ())),
            hint=one.get("unit_error_hint", ""),
            bands=tuple(
                BandLine(
                    row=band["row"],
                    ages=words.ages(*band["age_days"]),
                    sex="any" if band["sex"] == "any" else band["sex"],
                    reference=words.limits(band.get("reference", ()), ""),
                    critical=words.limits(band.get("critical", ()), ""),
                    usual=words.limits(band.get("soft", ()), ""),
                    notes=band.get("notes", ""),
                    sources=tuple(source_link(rules, key) for key in band["sources"]),
                    mark=words.seen_mark(band),
                )
                for band in one["bands"]
            ),
        )
        for one in rules.content["laboratory"]
    ]


def conditions(rules: Rules) -> dict[str, list[ConditionLine]]:
    """The conditions, by group."""
    found: dict[str, list[ConditionLine]] = {}
    for one in rules.content["conditions"]:
        found.setdefault(words.humanised(one["group"]).capitalize(), []).append(
            ConditionLine(
                key=one["key"],
                label=one["label"],
                group=one["group"],
                of=one["scope"],
                codes=", ".join(f"{words.humanised(system).upper()} {code}" for system, code in one.get("codes", {}).items()),
                synonyms=", ".join(one.get("synonyms", ())),
                implies=tuple(fact_link(rules, key) for key in one.get("implies", ())),
                sources=tuple(source_link(rules, key) for key in one.get("sources", ())),
                mark=words.seen_mark(one),
                enterable=one.get("enterable", True) is not False,
            )
        )
    return found


def drugs(rules: Rules) -> list[DrugLine]:
    """The drugs of the coded list."""
    return [
        DrugLine(
            one["code"], one["label"], ", ".join(one.get("synonyms", ())), tuple(fact_link(rules, key) for key in one.get("groups", ()))
        )
        for one in rules.content["drugs"]
    ]
