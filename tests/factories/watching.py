"""Makes what watching the rules finds."""

from django.db import transaction

from calcinosis_app.rulebooks.bridge import current_release
from calcinosis_app.watching.actions.alarms import raise_alarm
from calcinosis_app.watching.models import Alarm
from calcinosis_app.watching.models.alarm import Kind


@transaction.atomic
def make_alarm(kind: Kind = Kind.ANSWER, subject: str = "G06") -> Alarm:
    """One that holds, of the release in force; the same when it is raised already."""
    differences = ["lesions[0].type: metastatic, now mixed"]
    release = None if kind == Kind.TOUCHED else current_release()
    raise_alarm(kind=kind, subject=subject, says=f"{subject} is not what it was", release=release, differences=differences, digest="0" * 64)
    return Alarm.objects.get(kind=kind, subject=subject, closed_at__isnull=True)
