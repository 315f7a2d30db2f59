"""Assessments, and what clinicians made of them."""

from typing import Any, Final

from calcinosis_app.api.schema import ASSESSMENT, CASE
from calcinosis_app.api.shapes.findings import ENTRY, KEY
from calcinosis_app.api.shapes.parts import (
    SEEN,
    VERSION,
    Named,
    answered,
    count,
    day,
    identifier,
    listed,
    moment,
    one_of,
    perhaps,
    said,
    sent,
    text,
    yes_or_no,
)
from calcinosis_app.api.shapes.persons import SOMEBODY, somebody
from calcinosis_app.assessments.decisions import NEEDS_A_REASON, SHORTEST_OVERRIDE_TEXT, Decision
from calcinosis_app.assessments.models import Assessment, Review, Step, TypeOverride
from calcinosis_app.assessments.models.override import TYPES
from calcinosis_app.assessments.models.review import NOTE_LENGTH
from calcinosis_app.assessments.models.step import TEXT_LENGTH
from calcinosis_app.assessments.reasons import ReasonGroup
from calcinosis_app.assessments.selectors import left_behind, outdated, reviews_of, steps_of, type_overrides_of
from calcinosis_app.assessments.versions import version_of_note, version_of_review, version_of_step, version_of_type

DECISION: Final = one_of(
    Decision.values, "; ".join(f"{one.value}: {one.label}" for one in Decision) + ".", example=Decision.ORDERED_ALREADY.value
)
REASON: Final = one_of(
    ReasonGroup.values,
    f"Why an option is not followed as it stands; needed with {', '.join(NEEDS_A_REASON)}. "
    + "; ".join(f"{one.value}: {one.label}" for one in ReasonGroup)
    + ".",
    example=ReasonGroup.BAD_MOMENT.value,
)
TYPE: Final = one_of(TYPES, "The reviewer's own type.", example="dystrophic")
LABEL: Final = text("The lesion's label; left out for what belongs to the patient.", most=64, example="L1")
STEP: Final = Named(
    "Step",
    answered(
        "One decision about one option (treatment) or one other step of the pathway (row).",
        treatment=perhaps(said(example="diltiazem")),
        row=perhaps(said(example="work_up.history")),
        lesion=perhaps(said(example="L1")),
        status=perhaps(said("The option's status when it was decided.", example="offered")),
        decision=DECISION,
        reason_group=perhaps(REASON),
        text=said(),
        details=said("What is changed, in words."),
        override=yes_or_no("Whether an absolute gate was overridden."),
        version=VERSION,
        decided_at=moment(),
    ),
)
TYPE_OVERRIDE: Final = Named(
    "TypeOverride",
    answered(
        "The reviewer's own type of one lesion.",
        lesion=said(example="L1"),
        says=perhaps(said("The type of the rules; null while they cannot say.", example="metastatic")),
        type=TYPE,
        reason_group=REASON,
        text=said(),
        version=VERSION,
        at=moment(),
    ),
)
REVIEW: Final = Named(
    "Review",
    answered(
        "What one clinician made of one assessment; final once it is signed.",
        id=identifier(),
        assessment=identifier(),
        reviewer=SOMEBODY,
        started_at=moment(),
        signed_at=perhaps(moment()),
        note=said("The reviewer's own words."),
        note_version=said("Send it back as seen when you change the note."),
        version=said("Of everything decided in it: send it back as seen when you sign."),
        steps=listed(STEP),
        types=listed(TYPE_OVERRIDE),
        left_behind=listed(STEP, "What the reviewer had decided on an earlier assessment and does not fit this one."),
        outdated=yes_or_no("Whether a finding was recorded after it was signed."),
    ),
)
ASSESSMENT_IN_LIST: Final = Named(
    "AssessmentInList",
    answered(
        "One assessment in short.",
        id=identifier(),
        on=day("For which day the case was judged."),
        made_at=moment(),
        made_by=SOMEBODY,
        release=count("Under which release.", least=1, example=1),
        status=one_of(("decided", "open", "several", "withheld"), "Of the case.", example="open"),
        type=perhaps(said("Where the case is decided.", example="metastatic")),
    ),
)
STORED: Final = Named(
    "StoredAssessment",
    answered(
        "An assessment as it is kept: findings, release and day in, result out. None of it ever changes.",
        id=identifier(),
        case=identifier(),
        patient=identifier(),
        on=day("For which day the case was judged."),
        jurisdiction=one_of(("uk", "us", "eu"), "Whose drug labels counted.", example="eu"),
        release=count(least=1, example=1),
        hash=said("Of the release."),
        engine=said("The version of the evaluation.", example="1"),
        sha256=said("Of the result as canonical JSON."),
        made_at=moment(),
        made_by=SOMEBODY,
        findings=CASE,
        result=ASSESSMENT,
        reviews=listed(REVIEW, "Newest first."),
    ),
)
NEW_ASSESSMENT: Final = Named(
    "NewAssessment", sent("For which day. Left out, it is today.", on=day("The day for which the case is judged."))
)
DECIDE: Final = Named(
    "DecideStep",
    sent(
        "The decision about one step. Name a treatment or a row, never both.",
        needed=("decision",),
        treatment=text("The option's treatment.", most=100, example="diltiazem"),
        row=text("The row of another step.", most=120),
        lesion=LABEL,
        decision=DECISION,
        reason_group=REASON,
        text=text("Your own words.", most=TEXT_LENGTH, example="started by rheumatology last week"),
        details=text("What is changed; needed with change.", most=TEXT_LENGTH),
        override=yes_or_no(
            "That an absolute gate is overridden knowingly. It needs the permission, a reason, and a text of "
            f"{SHORTEST_OVERRIDE_TEXT} letters."
        ),
        seen=SEEN,
    ),
)
OVERRIDE: Final = Named(
    "OverrideType",
    sent(
        "Your own type of one lesion, where it differs from that of the rules.",
        needed=("type", "reason_group", "text"),
        type=TYPE,
        reason_group=REASON,
        text=text("Why. Others will read it.", most=TEXT_LENGTH, least=1, example="biopsy shows dystrophic calcification"),
        seen=SEEN,
    ),
)
NOTE: Final = Named(
    "Note",
    sent(
        "Your own words about the whole assessment.",
        needed=("note",),
        note=text(most=NOTE_LENGTH, example="Seen with the patient."),
        seen=SEEN,
    ),
)
SIGN: Final = Named("SignReview", sent("What you sign.", seen=SEEN))
ANSWERS: Final = Named(
    "Answers",
    sent(
        "Answers to open questions. They are recorded, and nothing else of the draft; the case is assessed again.",
        needed=("answers",),
        answers=listed(
            sent(needed=("key", "entry"), key=KEY, lesion=perhaps(identifier("Which lesion; left out for the patient.")), entry=ENTRY),
            least=1,
            most=100,
        ),
    ),
)


def assessment_in_list(one: Assessment) -> dict[str, Any]:
    """In short."""
    return {
        "id": str(one.pk),
        "on": one.on.isoformat(),
        "made_at": one.made_at.isoformat(),
        "made_by": somebody(one.made_by),
        "release": one.release.number,
        "status": one.outcome["status"],
        "type": one.outcome["type"],
    }


def assessment(one: Assessment) -> dict[str, Any]:
    """Whole, as it was judged."""
    return {
        "id": str(one.pk),
        "case": str(one.case_id),
        "patient": str(one.case.patient_id),
        "on": one.on.isoformat(),
        "jurisdiction": one.jurisdiction,
        "release": one.release.number,
        "hash": one.release.hash,
        "engine": one.engine,
        "sha256": one.sha256,
        "made_at": one.made_at.isoformat(),
        "made_by": somebody(one.made_by),
        "findings": one.document,
        "result": one.outcome,
        "reviews": [review(each) for each in reviews_of(one)],
    }


def review(one: Review) -> dict[str, Any]:
    """With everything that was decided in it."""
    return {
        "id": str(one.pk),
        "assessment": str(one.assessment_id),
        "reviewer": somebody(one.reviewer),
        "started_at": one.started_at.isoformat(),
        "signed_at": one.signed_at.isoformat() if one.signed_at else None,
        "note": one.note,
        "note_version": version_of_note(one),
        "version": version_of_review(one),
        "steps": [step(each) for each in steps_of(one)],
        "types": [type_override(each) for each in type_overrides_of(one)],
        "left_behind": [step(each) for each in left_behind(one)],
        "outdated": outdated(one),
    }


def step(one: Step) -> dict[str, Any]:
    """A decision."""
    return {
        "treatment": one.treatment or None,
        "row": one.row or None,
        "lesion": one.lesion or None,
        "status": one.status or None,
        "decision": one.decision,
        "reason_group": one.reason_group or None,
        "text": one.text,
        "details": one.details,
        "override": one.is_override,
        "version": version_of_step(one),
        "decided_at": one.decided_at.isoformat(),
    }


def type_override(one: TypeOverride) -> dict[str, Any]:
    """The reviewer's own type."""
    return {
        "lesion": one.lesion,
        "says": one.says or None,
        "type": one.type,
        "reason_group": one.reason_group,
        "text": one.text,
        "version": version_of_type(one),
        "at": one.at.isoformat(),
    }
