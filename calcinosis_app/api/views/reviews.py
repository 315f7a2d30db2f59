"""Assessments, and the review of them."""

from typing import Any
from uuid import UUID

from calcinosis_app.accounts.permissions import ASSESS, PATIENT_READ, REVIEW_SIGN
from calcinosis_app.api.endpoint import Endpoint
from calcinosis_app.api.operation import Call, Made, operation
from calcinosis_app.api.shapes import assessments
from calcinosis_app.api.shapes.parts import SEEN, answered, listed, text
from calcinosis_app.api.views.cases import lesion_of, refusing
from calcinosis_app.assessments.access import enter_assessment, enter_review
from calcinosis_app.assessments.actions import (
    Answer,
    answer_and_assess,
    decide_step,
    override_type,
    sign,
    start_review,
    withdraw_step,
    withdraw_type_override,
    write_note,
)
from calcinosis_app.assessments.selectors import open_review, reviews_of

TAG = "assessments"
OTHERS = "It is signed, superseded, or another person's review; or it was changed since you saw it: both versions."


class AssessmentView(Endpoint):
    """One assessment."""

    @operation(
        "read_assessment",
        "One assessment: findings in, result out, and its reviews",
        "The result as it was judged: emergencies, the type of each lesion or what would settle it, options with what speaks against "
        "them, steps, and what would fall due.",
        tag=TAG,
        gives=assessments.STORED,
        places=["assessment_id"],
    )
    def get(self, call: Call, assessment_id: UUID) -> Any:
        """Whole."""
        return assessments.assessment(enter_assessment(by=call.by, permission=PATIENT_READ, assessment_id=assessment_id))


class AnswersView(Endpoint):
    """Answering what an assessment asks."""

    @operation(
        "answer_questions",
        "Answer open questions, and assess again",
        "The answers are recorded at once, the case is assessed again, and your open review is carried over where it still fits.",
        tag=TAG,
        body=assessments.ANSWERS,
        gives=assessments.STORED,
        places=["assessment_id"],
        refuses="An answer is in error, or the case cannot be judged; nothing was recorded.",
        conflicts="The review cannot be carried over.",
    )
    def post(self, call: Call, assessment_id: UUID) -> Any:
        """The newest assessment of the case."""
        found = enter_assessment(by=call.by, permission=ASSESS, assessment_id=assessment_id)
        said = [Answer(one["key"], lesion_of(call.by, ASSESS, found.case, one.get("lesion")), one["entry"]) for one in call.body["answers"]]
        with refusing("answers", ", ".join(one.key for one in said)):
            return assessments.assessment(answer_and_assess(by=call.by, assessment=found, answers=said))


class ReviewsView(Endpoint):
    """The reviews of an assessment."""

    @operation(
        "list_reviews",
        "The reviews of an assessment, newest first",
        tag=TAG,
        gives=answered(items=listed(assessments.REVIEW)),
        places=["assessment_id"],
    )
    def get(self, call: Call, assessment_id: UUID) -> Any:
        """Without those that went on with a newer assessment."""
        found = enter_assessment(by=call.by, permission=PATIENT_READ, assessment_id=assessment_id)
        return {"items": [assessments.review(one) for one in reviews_of(found)]}

    @operation(
        "start_review",
        "Begin your own review, or go on with it",
        "What you had decided in an open review of an earlier assessment of the case is carried over wherever the new one says the same.",
        tag=TAG,
        gives=assessments.REVIEW,
        status=201,
        also={200: "Your open review, begun before"},
        places=["assessment_id"],
        conflicts="The assessment is signed already, or there is a newer one.",
    )
    def post(self, call: Call, assessment_id: UUID) -> Any:
        """Each person has one."""
        found = enter_assessment(by=call.by, permission=REVIEW_SIGN, assessment_id=assessment_id)
        begun = open_review(found, call.by)
        return Made(assessments.review(start_review(by=call.by, assessment=found)), 200 if begun else 201)


class ReviewView(Endpoint):
    """One review."""

    @operation("read_review", "One review, with everything decided in it", tag=TAG, gives=assessments.REVIEW, places=["review_id"])
    def get(self, call: Call, review_id: UUID) -> Any:
        """Open or signed."""
        return assessments.review(enter_review(by=call.by, permission=PATIENT_READ, review_id=review_id))


class StepsView(Endpoint):
    """The decisions of a review."""

    @operation(
        "decide_step",
        "Decide about one option or step",
        "Accept, accept with changes, defer, decline, ordered already, or will review. A later decision replaces an earlier one.",
        tag=TAG,
        body=assessments.DECIDE,
        gives=assessments.STEP,
        places=["review_id"],
        refuses="The step is not there, a reason is missing, or the rules do not allow the option.",
        conflicts=OTHERS,
    )
    def put(self, call: Call, review_id: UUID) -> Any:
        """One step."""
        review = enter_review(by=call.by, permission=REVIEW_SIGN, review_id=review_id)
        return assessments.step(decide_step(by=call.by, review=review, **call.body))

    @operation(
        "withdraw_step",
        "Take a decision back",
        "Nothing happens when there is none.",
        tag=TAG,
        gives=None,
        query={
            "treatment": text("The option's treatment.", most=100, example="diltiazem"),
            "row": text("The row of another step.", most=120),
            "lesion": text("The lesion's label; left out for what belongs to the patient.", most=64),
            "seen": SEEN,
        },
        places=["review_id"],
        conflicts=OTHERS,
    )
    def delete(self, call: Call, review_id: UUID) -> Any:
        """As if it had not been decided."""
        review = enter_review(by=call.by, permission=REVIEW_SIGN, review_id=review_id)
        withdraw_step(by=call.by, review=review, **call.query)


class TypesView(Endpoint):
    """The reviewer's own type of a lesion."""

    @operation(
        "override_type",
        "Give a lesion your own type",
        tag=TAG,
        body=assessments.OVERRIDE,
        gives=assessments.TYPE_OVERRIDE,
        places=["review_id", "lesion"],
        refuses="There is no such lesion, or the rules say the same.",
        conflicts=OTHERS,
    )
    def put(self, call: Call, review_id: UUID, lesion: str) -> Any:
        """Where it differs from that of the rules."""
        review = enter_review(by=call.by, permission=REVIEW_SIGN, review_id=review_id)
        return assessments.type_override(override_type(by=call.by, review=review, lesion=lesion, **call.body))

    @operation(
        "withdraw_type",
        "Go back to the type of the rules",
        tag=TAG,
        gives=None,
        query={"seen": SEEN},
        places=["review_id", "lesion"],
        conflicts=OTHERS,
    )
    def delete(self, call: Call, review_id: UUID, lesion: str) -> Any:
        """Nothing happens when none was given."""
        review = enter_review(by=call.by, permission=REVIEW_SIGN, review_id=review_id)
        withdraw_type_override(by=call.by, review=review, lesion=lesion, **call.query)


class NoteView(Endpoint):
    """The reviewer's own words."""

    @operation(
        "write_note",
        "Write the note of a review",
        tag=TAG,
        body=assessments.NOTE,
        gives=assessments.REVIEW,
        places=["review_id"],
        refuses="The note is too long.",
        conflicts=OTHERS,
    )
    def put(self, call: Call, review_id: UUID) -> Any:
        """About the whole assessment."""
        review = enter_review(by=call.by, permission=REVIEW_SIGN, review_id=review_id)
        return assessments.review(write_note(by=call.by, review=review, **call.body))


class SignatureView(Endpoint):
    """The end of a review."""

    @operation(
        "sign_review",
        "Sign your review; it is final",
        "What falls due by it appears in the list of reminders within a minute. Signing again changes nothing.",
        tag=TAG,
        body=assessments.SIGN,
        gives=assessments.REVIEW,
        places=["review_id"],
        refuses="Nothing is decided yet, and no note is written.",
        conflicts="Somebody else has signed, or the case, the rules or the day are no longer what was assessed.",
    )
    def post(self, call: Call, review_id: UUID) -> Any:
        """From then on it is a plan."""
        review = enter_review(by=call.by, permission=REVIEW_SIGN, review_id=review_id)
        return assessments.review(sign(by=call.by, review=review, **call.body))
