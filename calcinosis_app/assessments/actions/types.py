"""Where the reviewer's type of a lesion differs from that of the rules."""

from django.db import transaction
from django.utils import timezone

from calcinosis_app.accounts.models import User
from calcinosis_app.assessments.actions.guard import check_length, check_reason, hold_open_review
from calcinosis_app.assessments.errors import Refused
from calcinosis_app.assessments.models import Review, TypeOverride
from calcinosis_app.assessments.models.override import CANNOT_SAY, TYPES
from calcinosis_app.assessments.standing import lesion_in, says_of
from calcinosis_app.audit.actions import record


@transaction.atomic
def override_type(*, by: User, review: Review, lesion: str, type: str, reason_group: str, text: str) -> TypeOverride:  # noqa: A002  # the word of the contract
    """Keeps the reviewer's own type of one lesion, with a reason and a text; a later one replaces it.

    Raises Refused for a lesion or type that is not there, for the type that the rules decided anyway, and without
    reason or text; Conflict for a signed or another person's review.
    """
    held = hold_open_review(by=by, review=review)
    text = text.strip()
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
def withdraw_type_override(*, by: User, review: Review, lesion: str) -> None:
    """Goes back to what the rules say; nothing happens when nothing was overridden."""
    held = hold_open_review(by=by, review=review)
    gone, _ = TypeOverride.objects.filter(review=held, lesion=lesion).delete()
    if gone:
        record(by=by, action="type.override_withdrawn", subject=held, lesion=lesion)


def _words(kind: str) -> str:
    return kind.replace("_", " ")
