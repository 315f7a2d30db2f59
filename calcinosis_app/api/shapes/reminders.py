"""What is due, and how it ended."""

from datetime import date
from typing import Any, Final

from calcinosis_app.accounts.roles import ROLES
from calcinosis_app.api.shapes.parts import Named, answered, count, day, identifier, moment, one_of, perhaps, said, sent, text, yes_or_no
from calcinosis_app.api.shapes.persons import SOMEBODY, somebody
from calcinosis_app.followups.models import Reminder
from calcinosis_app.followups.models.reminder import TEXT_LENGTH
from calcinosis_app.followups.outcomes import CHOSEN_BY_PEOPLE, Outcome
from calcinosis_app.followups.presentation import item

REMINDER: Final = Named(
    "Reminder",
    answered(
        "One check that is due for one patient in a window of days.",
        id=identifier(),
        patient=identifier(),
        review=identifier("The signed review that it comes from."),
        standing=one_of(("overdue", "due", "upcoming", "done", "closed"), "Today.", example="due"),
        row=said("The row of the release."),
        what=said("What is to be checked."),
        because=said("What it belongs to: a treatment, or a state of the disease."),
        method=said(),
        threshold=said("When something is to be done."),
        action=said("What is to be done then."),
        interval=said("How often."),
        repeats=yes_or_no("Whether another one follows."),
        treatment=perhaps(said(example="diltiazem")),
        condition=perhaps(said(example="all")),
        lesion=perhaps(said(example="L1")),
        opens_on=day("From then on it may be worked."),
        due_on=day("It is due."),
        until_on=day("After that it is overdue."),
        owner_role=one_of(ROLES, "Whose it is.", example="nurse"),
        priority=count("1 is the gravest.", example=2),
        plan_outdated=yes_or_no("Whether a finding was recorded after the plan was signed."),
        outcome=perhaps(one_of(Outcome.values, "What became of it; null while it is open.", example="done")),
        text=said("Result or reason."),
        done_on=perhaps(day()),
        closed_at=perhaps(moment()),
        closed_by=perhaps(SOMEBODY),
        followed_by=perhaps(identifier("The one that follows.")),
    ),
)
CLOSE: Final = Named(
    "CloseReminder",
    sent(
        "What became of the check.",
        needed=("outcome",),
        outcome=one_of(
            [one.value for one in CHOSEN_BY_PEOPLE],
            "; ".join(f"{one.value}: {one.label}" for one in CHOSEN_BY_PEOPLE) + ".",
            example=Outcome.DONE.value,
        ),
        done_on=day("The next one counts from this day. Left out, it is today."),
        text=text("Result or reason; needed with not_needed.", most=TEXT_LENGTH, example="no new deposits"),
        ends=yes_or_no("That no further one is to follow."),
    ),
)


def reminder(one: Reminder, today: date) -> dict[str, Any]:
    """A reminder, with what its release says of the check."""
    words = item(one, today)
    return {
        "id": str(one.pk),
        "patient": str(one.patient_id),
        "review": str(one.review_id),
        "standing": words.standing,
        "row": one.row,
        "what": words.what,
        "because": words.because,
        "method": words.method,
        "threshold": words.threshold,
        "action": words.action,
        "interval": words.interval,
        "repeats": words.repeats,
        "treatment": one.treatment or None,
        "condition": one.condition or None,
        "lesion": one.lesion or None,
        "opens_on": one.opens_on.isoformat(),
        "due_on": one.due_on.isoformat(),
        "until_on": one.until_on.isoformat(),
        "owner_role": one.owner_role,
        "priority": one.priority,
        "plan_outdated": words.plan_outdated,
        "outcome": one.outcome or None,
        "text": one.text,
        "done_on": one.done_on.isoformat() if one.done_on else None,
        "closed_at": one.closed_at.isoformat() if one.closed_at else None,
        "closed_by": somebody(one.closed_by) if one.closed_by else None,
        "followed_by": str(words.following.pk) if words.following else None,
    }
