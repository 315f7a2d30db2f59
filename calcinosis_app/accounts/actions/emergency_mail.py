"""Tells the administrators of a clinic by mail that one of its patients was opened in an emergency. Never which, nor by whom."""

import logging
from datetime import timedelta
from smtplib import SMTPException
from typing import Final
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from calcinosis_app.accounts.models import EmergencyAccess
from calcinosis_app.accounts.selectors import administrators_of

log = logging.getLogger(__name__)
# An older one stands on the first page since yesterday: a mail server that was set up since need not tell of it.
STILL_NEWS: Final = timedelta(days=1)
TEXT: Final = """A patient of your clinic was opened by somebody of another clinic, who gave an emergency as the reason.

Sign in to see by whom, why and what was opened, and mark it as seen:

{link}
"""


def mail_emergencies() -> int:
    """Mails every notice that waits. Returns how many. Rung twice, late or in parallel, it sends each once.

    Where the mail server refuses one, its row stays as it was and the next ring tries again, for a day.
    """
    if not settings.RESET_BY_EMAIL:
        return 0
    sent = 0
    for waiting in EmergencyAccess.objects.filter(mailed_at=None, opened_at__gt=timezone.now() - STILL_NEWS).values_list("pk", flat=True):
        try:
            sent += _mail(waiting)
        except (SMTPException, OSError) as error:
            log.warning("A notice of emergency access could not be mailed and is tried again: %s", type(error).__name__)
    return sent


@transaction.atomic
def _mail(pk: UUID) -> bool:
    access = (
        EmergencyAccess.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(pk=pk, mailed_at=None)
        .select_related("clinic")
        .first()
    )
    if access is None:
        return False
    access.mailed_at = timezone.now()
    access.save(update_fields=["mailed_at"])
    to = list(administrators_of(access.clinic).values_list("email", flat=True))
    link = settings.ADDRESS.rstrip("/") + reverse("access:list")
    if to:
        # Nobody learns from the mail who else looks after the clinic.
        EmailMessage(subject="Emergency access to a patient of your clinic", body=TEXT.format(link=link), bcc=to).send()
    return bool(to)
