"""Turning what was signed into reminders. The signed review is the message; this finds it."""

import logging

from calcinosis_app.audit.actors import System
from calcinosis_app.core.errors import Conflict
from calcinosis_app.followups.actions.write import write_plan
from calcinosis_app.followups.selectors import unwritten_reviews

SWEEP = System("follow-up sweep")
logger = logging.getLogger(__name__)


def sweep() -> int:
    """Writes the reminders of every signed review that has none yet. Returns how many reviews it wrote for.

    Twice, late or in parallel does no harm: each review is claimed by a row of its own. A review that fails is logged
    and tried again by the next sweep; it does not hold up the others.
    """
    written = 0
    for review in unwritten_reviews():
        try:
            written += write_plan(by=SWEEP, review=review)
        except Conflict:
            logger.info("The patient of review %s was just transferred; the next sweep writes its reminders.", review.pk)
        except Exception:  # whatever is wrong with one plan, the others must be written
            logger.exception("The reminders of review %s could not be written.", review.pk)
    return written
