"""How a reminder can end, and whether the next one follows."""

from typing import Final

from django.db import models


class State(models.TextChoices):
    """Where a reminder stands."""

    OPEN = "open", "open"
    DONE = "done", "done"
    CLOSED = "closed", "closed without being done"


class Outcome(models.TextChoices):
    """What became of the check."""

    DONE = "done", "done"
    DONE_ELSEWHERE = "done_elsewhere", "done elsewhere, result seen"
    DECLINED = "declined", "not done: the patient declined"
    NOT_REACHED = "not_reached", "not done: did not come, or not reached"
    NOT_POSSIBLE = "not_possible", "not done: not possible now"
    NOT_NEEDED = "not_needed", "not done: no longer needed"
    TAKEN_OVER = "taken_over", "taken over by a newer plan"


# What a person can choose; the last one is the sweep's own.
CHOSEN_BY_PEOPLE: Final = tuple(outcome for outcome in Outcome if outcome is not Outcome.TAKEN_OVER)
STATE_AFTER: Final = {outcome: State.DONE if outcome in (Outcome.DONE, Outcome.DONE_ELSEWHERE) else State.CLOSED for outcome in Outcome}
# Ends a repeated check for good, so it asks for a word of explanation.
ENDS_AND_NEEDS_A_TEXT: Final = Outcome.NOT_NEEDED
