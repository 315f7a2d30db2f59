"""The whole page of an assessment."""

from collections.abc import Mapping
from typing import Any

from clinical_rules.assessment import Assessment
from clinical_rules.classification import Flag
from clinical_rules.derive import Contradiction, Reading
from clinical_rules.explanation.lesions import headline, lesion_view, row_view
from clinical_rules.explanation.options import option_view
from clinical_rules.explanation.places import lesion_title
from clinical_rules.explanation.sources import say_source
from clinical_rules.explanation.views import DueView, EmergencyView, PhaseView, Presentation, StepView, ValueView, WarningView
from clinical_rules.explanation.words import (
    EMERGENCY_LABELS,
    KINDS,
    PHASE_LABELS,
    plain_unit,
    range_of_age,
    reference_range,
    typed_value,
)
from clinical_rules.findings import Result
from clinical_rules.follow_up import Due
from clinical_rules.pathway import PHASES, Step
from clinical_rules.quantities import shown
from clinical_rules.release import TYPE_LABELS, Release


def present(assessment: Assessment, release: Release) -> Presentation:
    """Sentences for everything an assessment holds. ``release`` must be the one that made it."""
    if release.hash != assessment.hash:
        raise ValueError(f"release {release.number} did not make this assessment: load release {assessment.release}")
    content = release.content
    return Presentation(
        headline=_headline(assessment),
        status=assessment.status,
        emergencies=tuple(_emergency(assessment, release, flag) for flag in assessment.emergencies),
        lesions=tuple(lesion_view(assessment, release, one) for one in assessment.lesions),
        values=_values(assessment, release),
        contradictions=tuple(_contradiction(assessment, release, one) for one in assessment.contradictions),
        warnings=tuple(
            WarningView(one.fact, release.label(one.fact), one.value, one.say, one.lesion, _place(assessment, one.lesion))
            for one in assessment.warnings
        ),
        phases=_phases(assessment, release),
        schedule=tuple(_due(assessment, release, one) for one in assessment.schedule),
        release_number=assessment.release,
        release_hash=assessment.hash,
        engine=assessment.engine,
        on=assessment.on,
        jurisdiction=assessment.jurisdiction,
        intended_use=content["intended_use"],
        not_for=content["not_for"],
        limits=tuple(content["limits"]),
        citations={one["key"]: say_source(one) for one in content["references"]},
    )


def _place(assessment: Assessment, lesion: str | None) -> str:
    """The title of a lesion; empty for the patient."""
    return lesion_title(lesion, assessment.pictures.lesions[lesion]) if lesion else ""


def _headline(assessment: Assessment) -> str:
    if len(assessment.lesions) == 1:
        return headline(assessment.lesions[0])
    if assessment.status == "decided" and assessment.type:
        return TYPE_LABELS[assessment.type]
    words = {
        "several": "Several types",
        "open": "Cannot say yet for every lesion",
        "withheld": "Type withheld: an emergency stands above typing",
    }
    each = "; ".join(f"{_place(assessment, one.id)}: {headline(one)}" for one in assessment.lesions)
    return f"{words.get(assessment.status, assessment.status)}. {each}"


def _emergency(assessment: Assessment, release: Release, flag: Flag) -> EmergencyView:
    table = release.tables["emergencies"]
    picture = assessment.pictures.lesions[flag.lesion or next(iter(assessment.pictures.lesions))]
    rows = tuple(row_view(release, assessment.pictures, picture, table, row) for row in table.explain(picture.of(table), flag.because))
    block = release.rows[flag.because[0]]
    return EmergencyView(
        flag.key,
        EMERGENCY_LABELS[flag.key],
        "; ".join(dict.fromkeys(row.say for row in rows)),
        block["do"],
        block["urgency"],
        flag.lesion,
        _place(assessment, flag.lesion),
        rows,
    )


def _values(assessment: Assessment, release: Release) -> tuple[ValueView, ...]:
    """Every laboratory value and measure, those too old included, then what was computed."""
    pictures = assessment.pictures
    found = [
        view
        for reading in pictures.readings.values()
        if release.facts[reading.fact].kind == "number"
        for view in _results(assessment, release, reading)
    ]
    for one in pictures.computed:
        fact = release.facts[one.key]
        low, high = one.value.low, one.value.high
        if low is not None and high is not None:
            text = shown(low, fact.precision) if low == high else f"{shown(low, fact.precision)} to {shown(high, fact.precision)}"
            position = pictures.patient.get(f"{one.key}_position") if f"{one.key}_position" in release.facts else None
            said = " or ".join(sorted(str(value) for value in position.values)) if position and position.values else ""
            note = f"computed from {', '.join(release.label(key).lower() for key in one.rests_on)}" + (f"; {one.also}" if one.also else "")
            reference = range_of_age(pictures, fact) if fact.bands else ""
            found.append(ValueView(one.key, fact.label, "", text, plain_unit(fact.unit), reference, said, None, "computed", note))
    return tuple(found)


def _results(assessment: Assessment, release: Release, reading: Reading) -> list[ValueView]:
    fact = release.facts[reading.fact]
    set_aside = [one for clash in reading.contradictions if clash.kind == "range_of_another_test" for one in clash.findings]
    views = []
    for one, state in (
        [(one, reading.state) for one in reading.results]
        + [(one, "too_old") for one in reading.too_old]
        + [(one, "set_aside") for one in set_aside]
    ):
        unit = one.unit.code if one.unit else fact.unit
        typed = f"{one.comparator}{typed_value(one.typed)} {plain_unit(unit)}".strip() if one.interval else f"flagged {one.flag}"
        position = " or ".join(sorted(reading.positions)) if reading.positions and state not in ("too_old", "set_aside") else ""
        reference = reference_range(assessment.pictures, fact, reading) if fact.bands else ""
        taken = one.taken.date() if one.taken and one.dated else None
        views.append(
            ValueView(fact.key, fact.label, typed, one.canonical(fact), plain_unit(fact.unit), reference, position, taken, state, "")
        )
    return views


def _contradiction(assessment: Assessment, release: Release, one: Contradiction) -> str:
    said = [_said(result) for result in one.findings]
    place = f" at {_place(assessment, one.lesion)}" if one.lesion else ""
    return f"{release.label(one.fact)}{place}: {KINDS[one.kind]} ({'; '.join(said)}). Repeat or correct it."


def _said(result: Result) -> str:
    """A result as it was typed: ``2.72 mmol/L, flagged normal``."""
    value = str(result.typed or result.flag or result.answer)
    unit = f" {plain_unit(result.unit.code)}".rstrip() if result.unit else ""
    flag = f", flagged {result.flag}" if result.flag and result.typed else ""
    return f"{value}{unit}{flag}"


def _phases(assessment: Assessment, release: Release) -> tuple[PhaseView, ...]:
    options = [option_view(assessment, release, one) for one in assessment.options]
    steps = [(one.phase, _step(assessment, release, one)) for one in assessment.steps]
    return tuple(
        PhaseView(
            phase,
            PHASE_LABELS[phase],
            tuple(one for one in options if one.phase == phase),
            tuple(view for where, view in steps if where == phase),
        )
        for phase in PHASES
    )


def _step(assessment: Assessment, release: Release, step: Step) -> StepView:
    place = _place(assessment, step.lesion)
    if step.step == "c1.32":
        return StepView(
            step.step,
            "choice",
            "No row of the choice table fits",
            "Specialist opinion, cause control and advice.",
            "",
            "",
            "",
            step.lesion,
            place,
            ("EXPERT_RULE",),
            False,
        )
    row = release.rows[step.step]
    title, text = _words_of(row)
    return StepView(
        step.step,
        row["table"],
        title,
        text,
        "" if row["table"] == "emergencies" else row.get("do", ""),
        row.get("urgency", ""),
        row.get("to", ""),
        step.lesion,
        place,
        tuple(row.get("sources", ())),
        bool(row.get("seen")),
    )


_HOW_SOON = {"same day": "the same day", "urgent": "urgently", "routine": "as a routine"}


def _words_of(row: Mapping[str, Any]) -> tuple[str, str]:
    """What is to be done, and the words that go with it."""
    match row["table"]:
        case "emergencies":
            return EMERGENCY_LABELS[row["key"]], "Do what stands at the top of this page."
        case "referrals":
            urgency = row["urgency"]
            soon = _HOW_SOON.get(urgency, f"within {urgency}" if urgency[:1].isdigit() else urgency)
            return f"Refer to {row['to']} {soon}", f"because: {row['text']}"
        case "advice":
            return row["title"], row["text"]
        case "causes":
            return row["cause"], row["text"]
        case _:
            return row.get("step") or f"How common: {row['disease']}", row.get("text", "")


def _due(assessment: Assessment, release: Release, one: Due) -> DueView:
    row = release.rows[f"follow_up:{one.row}"]
    return DueView(
        one.row,
        row["what_to_check"],
        row.get("method", ""),
        row.get("action_threshold", ""),
        row.get("action", ""),
        row.get("owner_role", "nurse"),
        one.from_,
        one.due,
        one.until,
        one.treatment,
        release.treatments[one.treatment].content["treatment"]["name"] if one.treatment else "",
        one.condition,
        one.lesion,
        _place(assessment, one.lesion),
    )
