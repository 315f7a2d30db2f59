"""What speaks for and against each option in this patient."""

from clinical_rules.assessment import Assessment
from clinical_rules.explanation.lesions import question, row_view
from clinical_rules.explanation.places import lesion_title
from clinical_rules.explanation.views import GateView, OptionView, RowView, TestView
from clinical_rules.explanation.words import (
    NEVER_OFFERED_LABEL,
    NEVER_OFFERED_TEXT,
    STATUS_LABELS,
    STATUS_TEXTS,
    say_known,
    say_possible,
    say_test,
)
from clinical_rules.pathway import GateResult, Option
from clinical_rules.release import Release, Treatment


def option_view(assessment: Assessment, release: Release, option: Option) -> OptionView:
    """One option for a page."""
    treatment = release.treatments[option.treatment]
    head = treatment.content["treatment"]
    child = assessment.pictures.patient.truth("is_child")
    never = treatment.category == "avoid"
    for_children = bool(head.get("child_specialist")) and child is not False
    return OptionView(
        key=f"{option.treatment}:{option.lesion or ''}",
        treatment=option.treatment,
        name=head["name"],
        lesion=option.lesion,
        place=lesion_title(option.lesion, assessment.pictures.lesions[option.lesion]) if option.lesion else "",
        phase=option.phase,
        status=option.status,
        status_label=NEVER_OFFERED_LABEL if never else STATUS_LABELS[option.status],
        status_text=NEVER_OFFERED_TEXT if never else STATUS_TEXTS[option.status],
        grade=head.get("grade", ""),
        indications=_indications(assessment, release, option),
        gates=tuple(_gate(assessment, release, treatment, option, gate) for gate in option.gates),
        needs=tuple(
            question(release, assessment.pictures, fact, option.lesion or _lesion_of(assessment, release, fact)) for fact in option.needs
        ),
        held_back=tuple(release.rows[row].get("say", row) for row in option.held_back_by),
        dose="" if never else _NO_CHILD_DOSE[child] if for_children else head.get("dose", ""),
        doses=() if never or for_children else tuple(row for row in treatment.content.get("dose", ()) if row.get("display", True)),
        time_to_effect=head.get("time_to_effect", ""),
        responses=tuple(treatment.content.get("response", ())),
        monitoring=tuple(row for row, _ in release.conditional["follow_up"] if row.get("treatment") == option.treatment),
        stops=tuple(treatment.content.get("stop", ())),
        sources=tuple(head.get("sources", ())),
        specialist_reason=head.get("specialist_reason", ""),
        indication_text=head.get("indication", ""),
        seen=bool(head.get("seen")),
        disputes=tuple(
            row.get("display", row.get("text", ""))
            for row, _ in release.conditional["controversies"]
            if option.treatment in row.get("treatments", ())
        ),
        never_offered=never,
    )


_NO_CHILD_DOSE = {
    True: "No dose is shown for a child: the paediatric specialist sets it.",
    None: "No dose is shown while the age is not known.",
}


def _lesion_of(assessment: Assessment, release: Release, fact: str) -> str | None:
    """A lesion's fact that a patient-wide option needs is asked of the first lesion that lacks it."""
    if release.facts[fact].scope == "patient":
        return None
    return next((name for name, picture in assessment.pictures.lesions.items() if picture.get(fact) is None), None)


def _indications(assessment: Assessment, release: Release, option: Option) -> tuple[RowView, ...]:
    """The choice and emergency rows that bring the option forward, or may."""
    shown = []
    lesions = [option.lesion] if option.lesion else list(assessment.pictures.lesions)
    for row, truth in option.indications:
        if truth is False:
            continue
        table = release.tables["emergencies" if release.rows[row]["table"] == "emergencies" else "choice"]
        for lesion in lesions:
            picture = assessment.pictures.lesions[lesion]
            explained = table.explain(picture.of(table), (row,))[0]
            if explained.truth is not False:
                shown.append(row_view(release, assessment.pictures, picture, table, explained))
                break
    return tuple(shown)


def _gate(assessment: Assessment, release: Release, treatment: Treatment, option: Option, gate: GateResult) -> GateView:
    block = treatment.gate_rows[gate.row]
    pictures = assessment.pictures
    tests = []
    for fact, test in block["when"].items():
        if option.lesion is not None:
            known = say_known(pictures, pictures.lesions[option.lesion], fact)
        elif release.facts[fact].scope == "patient":
            known = say_known(pictures, pictures.patient, fact)
        else:
            known = say_possible(release.facts[fact], pictures.any_lesion(fact))
        tests.append(TestView(fact, release.facts[fact].label, say_test(release, fact, test), known, gate.truth))
    return GateView(
        row=gate.row,
        severity=gate.severity,
        truth=gate.truth,
        label=" and ".join(test.label for test in tests),
        asks=" and ".join(test.asks for test in tests),
        known=" and ".join(test.known for test in tests),
        tests=tuple(tests),
        action=block.get("action", ""),
        reason=block.get("reason", ""),
        sources=tuple(block.get("sources", ())),
        seen=bool(block.get("seen")),
    )
