"""What must not live again when old rows come back: sessions, links and emergency access that were ended after the backup was made."""

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from calcinosis_app.accounts.models import EmergencyAccess, OneTimeLink
from calcinosis_app.audit.actions import record
from calcinosis_app.audit.actors import System
from calcinosis_app.core.heartbeats import beat
from calcinosis_app.core.models import Heartbeat, Part


@transaction.atomic
def note_restore(*, by: System, as_of: str, product: str) -> None:
    """Ends all sessions, open links and emergency access that came back, and leaves the event and the row that the health page shows.

    Nobody can tell any more which of them were ended since `as_of`. `product` is the version that saved the rows.
    """
    sessions, _ = Session.objects.all().delete()
    UserSession.objects.all().delete()
    links = OneTimeLink.objects.filter(ended_at=None).update(ended_at=timezone.now(), end=OneTimeLink.End.WITHDRAWN)
    emergencies = EmergencyAccess.objects.filter(ended_at=None).update(ended_at=timezone.now(), end=EmergencyAccess.End.RESTORED)
    beat(Part.RESTORE, f"as of {as_of}")
    record(
        by=by,
        action="installation.restored",
        subject=Heartbeat(part=Part.RESTORE),
        as_of=as_of,
        product=product,
        sessions_ended=sessions,
        links_ended=links,
        emergencies_ended=emergencies,
    )
