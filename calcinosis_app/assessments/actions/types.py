"""Where the reviewer's type of a lesion differs from that of the rules."""

from django.db import transaction
from django.utils import timezone

from calcinosis_app.accounts.models import User
from calcinosis_app.assessments.actions.guard import check_length, check_nobody_signed, check_reason, hold_open_review
from calcinosis_app.assessments.errors import Refused
from calcinosis_app.assessments.models import Review, TypeOverride
from calcinosis_app.assessments.models.override import CANNOT_SAY, TYPES
from calcinosis_app.assessments.standing import lesion_in, says_of
from calcinosis_app.assessments.versions import TYPE, texts_of
from calcinosis_app.audit.actions import record
from calcinosis_app.core.stale import check_seen


@transaction.atomic
def override_type(
    *,
    by: User,
    review: Review,
    lesion: str,
    type: str,  # noqa: A002  # the word of the contract
    reason_group: str,
    text: str,
    seen: str | None = None,
) -> TypeOverride:
    """Keeps the reviewer's own type of one lesion, with a reason and a text; a later one replaces it.

    Raises Refused for a lesion or type that is not there, for the type that the rules decided anyway, and without
    reason or text; Conflict for a signed or another person's review, and with both versions when the lesion no longer has the
    type that the person saw (`seen`, assessments/versions.py).
    """
    held = hold_open_review(by=by, review=review)
    check_nobody_signed(held)
    text = text.strip()
    _check_seen(held, lesion, seen, {"type": type, "reason_group": reason_group, "text": text})
    says = says_of(held.assessment.outcome, lesion)
    if says is None:
        raise Refused(f"The assessment has no lesion {lesion!r}. Load the page again.")
    if type not in TYPES:
        raise Refused(f"Choose a type: {', '.join(_words(one) for one in TYPES[:-1])} or {_words(TYPES[-1])}.")
    if type == says:
        raise Refused(f"The rules say {_words(type)}, too: nothing is to be overridden.")
    if type == CANNOT_SAY and (lesion_in(held.assessment.outcome, lesion) or {}).get("status") == "open":
        raise Refused("The rules cannot say, either: nothing is to be overridden.")
    check_reason(reason_group, required=True)
    if not text:
        raise Refused("Say in a few words why this lesion has another type. Others will read it.")
    check_length("text", text)
    override, _ = TypeOverride.objects.update_or_create(
        review=held,
        lesion=lesion,
        defaults={"says": says, "type": type, "reason_group": reason_group, "text": text, "at": timezone.now()},
    )
    record(by=by, action="type.overridden", subject=held, lesion=lesion, says=says, type=type, reason_group=reason_group)
    return override


@transaction.atomic
def withdraw_type_override(*, by: User, review: Review, lesion: str, seen: str | None = None) -> None:
    """Goes back to what the rules say; nothing happens when nothing was overridden. Raises Conflict as `override_type` does."""
    held = hold_open_review(by=by, review=review)
    _check_seen(held, lesion, seen, None)
    gone, _ = TypeOverride.objects.filter(review=held, lesion=lesion).delete()
    if gone:
        record(by=by, action="type.override_withdrawn", subject=held, lesion=lesion)


def _check_seen(review: Review, lesion: str, seen: str | None, sent: dict[str, str] | None) -> None:
    stored = TypeOverride.objects.filter(review=review, lesion=lesion).first()
    check_seen(
        seen=seen,
        stored=texts_of(stored, TYPE),
        sent=sent,
        labels=TYPE,
        say="You gave this lesion another type in another tab or window while this page was open.",
        by=str(review.reviewer),
        at=stored.at if stored else None,
    )


def _words(kind: str) -> str:
    return kind.replace("_", " ")
