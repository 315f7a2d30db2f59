"""Sends the links that people asked for by mail."""

import logging
from smtplib import SMTPException
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from calcinosis_app.accounts.keys import hashed, new_secret
from calcinosis_app.accounts.models import OneTimeLink

log = logging.getLogger(__name__)
WAITING: Final[dict[str, Any]] = {"by_mail": True, "secret_hash": "", "ended_at": None}
TEXT: Final = """Somebody, probably you, asked for a new password for Calcinosis.

Open this link within the hour and choose one:

{link}

If it was not you, do nothing: your password stays as it is. Tell your administrator if this happens again.
"""


def mail_links() -> int:
    """Sends every link that waits. Returns how many. Rung twice, late or in parallel, it sends each once.

    Where the mail server refuses one, its row stays as it was: the next ring tries again until the link expires.
    """
    sent = 0
    for waiting in OneTimeLink.objects.filter(**WAITING, expires_at__gt=timezone.now()).values_list("pk", flat=True):
        try:
            sent += _mail(waiting)
        except (SMTPException, OSError) as error:
            log.warning("A link could not be mailed and is tried again: %s", type(error).__name__)
    return sent


@transaction.atomic
def _mail(pk: UUID) -> bool:
    link = OneTimeLink.objects.select_for_update(skip_locked=True, of=("self",)).filter(**WAITING, pk=pk).select_related("user").first()
    if link is None or link.user is None:
        return False
    secret = new_secret()
    link.secret_hash = hashed(secret)
    link.save(update_fields=["secret_hash"])
    address = settings.ADDRESS.rstrip("/") + reverse("accounts:open_link", args=[secret])
    EmailMessage(subject="A new password for Calcinosis", body=TEXT.format(link=address), to=[link.user.email]).send()
    return True
