"""Deciding one step of the pathway."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from calcinosis_app.accounts.models import User
from calcinosis_app.accounts.permissions import OVERRIDE_ABSOLUTE
from calcinosis_app.accounts.policy import require
from calcinosis_app.assessments.actions.guard import check_length, check_nobody_signed, check_reason, hold_open_review
from calcinosis_app.assessments.decisions import NEEDS_A_REASON, SHORTEST_OVERRIDE_TEXT, TAKES_UP, Decision
from calcinosis_app.assessments.errors import Refused
from calcinosis_app.assessments.models import Review, Step
from calcinosis_app.assessments.standing import option_in, steps_in
from calcinosis_app.assessments.versions import STEP, texts_of
from calcinosis_app.audit.actions import record
from calcinosis_app.core.stale import check_seen


@dataclass(frozen=True)
class _Answer:
    """What the reviewer says, with blanks around texts gone."""

    decision: str
    reason_group: str
    text: str
    details: str
    override: bool


@transaction.atomic
def decide_step(
    *,
    by: User,
    review: Review,
    decision: str,
    treatment: str = "",
    row: str = "",
    lesion: str = "",
    reason_group: str = "",
    text: str = "",
    details: str = "",
    override: bool = False,
    seen: str | None = None,
) -> Step:
    """Keeps the decision about one option (`treatment`) or one other step (`row`); a later one replaces it.

    `lesion` is the lesion's label, empty for the patient's. `override` is the second click of a person who accepts past
    an absolute gate. Raises Refused with what is in the way: a missing reason, an option that cannot be taken up; and
    PermissionDenied for an override without the permission, Conflict for a signed or another person's review, and with both
    versions when the step is no longer decided as the person saw it (`seen`, assessments/versions.py).
    """
    held = hold_open_review(by=by, review=review)
    check_nobody_signed(held)
    answer = _Answer(decision, reason_group, text.strip(), details.strip(), override)
    sent = {name: getattr(answer, name) for name in STEP}
    _check_seen(held, {"treatment": treatment, "row": row, "lesion": lesion}, seen, sent)
    _check_words(answer)
    status, is_override = _check_place(by, held, answer, treatment, row, lesion)
    step, _ = Step.objects.update_or_create(
        review=held,
        treatment=treatment,
        row=row,
        lesion=lesion,
        defaults={
            "status": status,
            "decision": answer.decision,
            "reason_group": answer.reason_group,
            "text": answer.text,
            "details": answer.details,
            "is_override": is_override,
            "decided_at": timezone.now(),
        },
    )
    record(
        by=by,
        action="step.decided",
        subject=held,
        step=treatment or row,
        lesion=lesion,
        decision=answer.decision,
        status=status,
        reason_group=answer.reason_group,
        override=is_override,
    )
    return step


@transaction.atomic
def withdraw_step(*, by: User, review: Review, treatment: str = "", row: str = "", lesion: str = "", seen: str | None = None) -> None:
    """Takes a decision back; nothing happens when there is none. Raises Conflict as `decide_step` does."""
    held = hold_open_review(by=by, review=review)
    _check_seen(held, {"treatment": treatment, "row": row, "lesion": lesion}, seen, None)
    gone, _ = Step.objects.filter(review=held, treatment=treatment, row=row, lesion=lesion).delete()
    if gone:
        record(by=by, action="step.withdrawn", subject=held, step=treatment or row, lesion=lesion)


def _check_seen(review: Review, place: dict[str, str], seen: str | None, sent: dict[str, str] | None) -> None:
    stored = Step.objects.filter(review=review, **place).first()
    check_seen(
        seen=seen,
        stored=texts_of(stored, STEP),
        sent=sent,
        labels=STEP,
        say="You decided this step otherwise in another tab or window while this page was open.",
        by=str(review.reviewer),
        at=stored.decided_at if stored else None,
    )


def _check_words(answer: _Answer) -> None:
    if answer.decision not in Decision.values:
        raise Refused(f"Choose one: {', '.join(Decision.labels[:-1])} or {Decision.labels[-1]}.")
    check_reason(answer.reason_group, required=answer.decision in NEEDS_A_REASON)
    check_length("text", answer.text)
    check_length("description of the change", answer.details)
    if answer.decision == Decision.CHANGE and not (answer.details or answer.text):
        raise Refused("Say what is changed, so that whoever carries it out knows.")


def _check_place(by: User, review: Review, answer: _Answer, treatment: str, row: str, lesion: str) -> tuple[str, bool]:
    """The option's status and whether an absolute gate is overridden. Raises where the step may not be decided so."""
    outcome = review.assessment.outcome
    if bool(treatment) == bool(row):
        raise Refused("A step is a treatment or a row of the rules: name one of the two.")
    if row:
        if (row, lesion) not in steps_in(outcome):
            raise Refused(f"The assessment has no step {row!r} for {_whom(lesion)}. Load the page again.")
        return "", False
    option = option_in(outcome, treatment, lesion)
    if option is None:
        raise Refused(f"The assessment has no option {treatment!r} for {_whom(lesion)}. Load the page again.")
    if answer.decision not in TAKES_UP:
        return option["status"], False
    return option["status"], _check_taking_up(by, review, answer, option)


def _check_taking_up(by: User, review: Review, answer: _Answer, option: dict[str, Any]) -> bool:
    """Whether taking up the option overrides an absolute gate. Raises Refused where it cannot be taken up."""
    because, needs = tuple(option["because"]), tuple(option["needs"])
    match option["status"]:
        case "not_indicated":
            raise Refused("No row of the rules puts this option forward for this patient, so it cannot be accepted.", because=because)
        case "unassessable":
            raise Refused(
                "It is not known whether something forbids this option. Answer its open questions and assess again, then accept it.",
                needs=needs,
                because=because,
            )
        case "provisional":
            raise Refused(
                "This option rests on the leading type, which is assumed. Confirm or refute the assumptions and assess again.",
                needs=needs,
                because=because,
            )
        case "blocked":
            _check_override(by, review, answer, because)
            return True
    return False


def _check_override(by: User, review: Review, answer: _Answer, because: tuple[str, ...]) -> None:
    if not answer.override:
        raise Refused("An absolute gate blocks this option. To accept it all the same, override it with a reason.", because=because)
    require(by, OVERRIDE_ABSOLUTE, review)
    check_reason(answer.reason_group, required=True)
    if len(answer.text) < SHORTEST_OVERRIDE_TEXT:
        raise Refused(
            f"Say in at least {SHORTEST_OVERRIDE_TEXT} letters why this patient should have it past the gate. Others will read it.",
            because=because,
        )


def _whom(lesion: str) -> str:
    return f"lesion {lesion}" if lesion else "the patient"
