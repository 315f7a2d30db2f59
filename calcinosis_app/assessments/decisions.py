"""What a clinician can decide about one step of a pathway, and what each decision asks for."""

from typing import Final

from django.db import models


class Decision(models.TextChoices):
    """One answer to one step. The last two are neutral: they say what is so, without judging the option."""

    ACCEPT = "accept", "accept"
    CHANGE = "change", "accept with changes"
    DEFER = "defer", "defer"
    DECLINE = "decline", "decline"
    ORDERED_ALREADY = "ordered_already", "ordered already"
    WILL_REVIEW = "will_review", "will review"


NEEDS_A_REASON: Final = (Decision.CHANGE, Decision.DEFER, Decision.DECLINE)
# The option is to be carried out: the rules must allow it.
TAKES_UP: Final = (Decision.ACCEPT, Decision.CHANGE)
# The treatment is, or will be, in use: its checks fall due.
IN_USE: Final = (*TAKES_UP, Decision.ORDERED_ALREADY)
# Long enough to hold a reason that somebody else can understand.
SHORTEST_OVERRIDE_TEXT: Final = 10
