"""What the page about the installation says of watching."""

from datetime import timedelta
from typing import Final

from django.utils import timezone
from django.utils.timesince import timesince

from calcinosis_app.core import heartbeats
from calcinosis_app.core.installation import Group, Line
from calcinosis_app.watching.models import Check
from calcinosis_app.watching.models.alarm import Kind
from calcinosis_app.watching.selectors import last_check, last_run, open_alarms

RUN_IS_LATE: Final = timedelta(hours=3)
CHECK_IS_LATE: Final = timedelta(hours=36)
MOST_NAMED: Final = 3


def watching_group() -> Group:
    """Whether cases are judged, answers stay, and nothing was touched."""
    return Group("watching", "The rules, watched", (_run(), _alarms(), _check()))


def _run() -> Line:
    label, run = "Cases of the release judged", last_run()
    if run is None:
        return _not_yet(label, RUN_IS_LATE, "Look at the worker: an answer that changes would not be noticed.")
    late = timezone.now() - max(run.at, heartbeats.STARTED) > RUN_IS_LATE
    value = f"{timesince(run.at)} ago: {run.cases} cases of release {run.release.number}"
    return Line(label, value, "danger" if late else "good", "Look at the worker: an answer that changes is not noticed." if late else "")


def _alarms() -> Line:
    found = list(open_alarms(Kind.ANSWER, Kind.SILENT))
    if not found:
        return Line("Answers and rows", "as they were", "good")
    named = "; ".join(one.says for one in found[:MOST_NAMED])
    more = f"; {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
    remedy = "An answer changed although no release did: find out why before anybody rests on it. Rules, Watching shows the differences."
    return Line("Answers and rows", named + more, "danger", remedy)


def _check() -> Line:
    label, check, touched = "Hashes worked out again", last_check(), list(open_alarms(Kind.TOUCHED))
    if check is None and not touched:
        return _not_yet(label, CHECK_IS_LATE, "Look at the worker: what is touched would not be noticed.", tone="warning")
    value = _what(check) if check else "never"
    if touched:
        named = "; ".join(one.says for one in touched[:MOST_NAMED])
        return Line(label, f"{value}. {named}", "danger", "Somebody changed the database past the application: compare with a backup.")
    if check is None or timezone.now() - max(check.at, heartbeats.STARTED) > CHECK_IS_LATE:
        return Line(label, value, "warning", "Look at the worker: there should be a check every night.")
    return Line(label, value, "good")


def _what(check: Check) -> str:
    value = f"{timesince(check.at)} ago: releases {check.releases}, events {check.events}, assessments {check.assessments}"
    return f"{value}; the log ends at {check.position} with {check.hash[:12]}" if check.hash else value


def _not_yet(label: str, patience: timedelta, remedy: str, *, tone: str = "danger") -> Line:
    if timezone.now() - heartbeats.STARTED <= patience:
        return Line(label, "not yet: this server has just started")
    return Line(label, "never", tone, remedy)
