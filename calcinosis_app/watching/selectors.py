"""What is read of counts, answers, alarms, checks and sources."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Max, QuerySet, Sum

from calcinosis_app.accounts.models import Clinic
from calcinosis_app.rulebooks.models import Release
from calcinosis_app.watching.models import Alarm, Answer, Check, ReviewInterval, RowCount, Run, Share, SourceCheck
from calcinosis_app.watching.models.count import What
from calcinosis_app.watching.models.source import MONTHS


@dataclass
class Counted:
    """What came of one row, in cases. `reasons` is for what was not followed: by what became of it, and the reason given."""

    of: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    reasons: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))

    @property
    def fired(self) -> int:
        """In how many assessed cases it held."""
        return self.of.get(What.FIRED, 0)

    @property
    def decided(self) -> int:
        """In how many signed cases something was decided that rests on it."""
        return self.of.get(What.DECIDED, 0)

    @property
    def against(self) -> int:
        """In how many of them it was declined or overridden."""
        return self.of.get(What.AGAINST, 0)


@dataclass(frozen=True)
class Totals:
    """How many cases were counted, and when the oldest of the counts was made."""

    assessed: int
    signed: int


def shares(release: Release | None, clinic: Clinic | None, since: date | None) -> QuerySet[Share]:
    """The shares of one release or all, one clinic or all, from a month on."""
    found = Share.objects.all()
    found = found.filter(release=release) if release else found
    found = found.filter(clinic=clinic) if clinic else found
    return found.filter(month__gte=since) if since else found


def totals(of: QuerySet[Share]) -> Totals:
    """How many cases these shares hold."""
    found = of.aggregate(assessed=Sum("assessed"), signed=Sum("signed"))
    return Totals(found["assessed"] or 0, found["signed"] or 0)


def counts(of: QuerySet[Share], rows: Iterable[str] | None = None) -> dict[str, Counted]:
    """What these shares hold of each row, or of some rows."""
    lines = RowCount.objects.filter(share__in=of)
    lines = lines if rows is None else lines.filter(row__in=list(rows))
    found: dict[str, Counted] = defaultdict(Counted)
    for row, what, reason, cases in lines.order_by().values_list("row", "what", "reason").annotate(cases=Sum("cases")):
        if reason:
            found[row].reasons[what, reason] = cases
        else:
            found[row].of[what] = cases
    return dict(found)


def by_release(row: str, clinic: Clinic | None) -> dict[int, Counted]:
    """What all months hold of one row, by the release's number."""
    found: dict[int, Counted] = defaultdict(Counted)
    lines = RowCount.objects.filter(row=row, **({"share__clinic": clinic} if clinic else {}))
    for number, what, reason, cases in (
        lines.order_by().values_list("share__release__number", "what", "reason").annotate(cases=Sum("cases"))
    ):
        if reason:
            found[number].reasons[what, reason] = cases
        else:
            found[number].of[what] = cases
    return dict(found)


def assessed_by_release(clinic: Clinic | None) -> dict[int, int]:
    """How many cases were assessed under each release, by its number."""
    found = Share.objects.filter(clinic=clinic) if clinic else Share.objects.all()
    return dict(found.order_by().values_list("release__number").annotate(cases=Sum("assessed")))


def last_counted() -> datetime | None:
    """When anything was counted last."""
    at: datetime | None = Share.objects.aggregate(at=Max("counted_at"))["at"]
    return at


def last_run(release: Release | None = None) -> Run | None:
    """The newest run, of one release or any."""
    runs = Run.objects.select_related("release").defer("release__content")
    return (runs.filter(release=release) if release else runs).first()


def run_before(release: Release) -> Run | None:
    """The newest run of another release: the one that was in force before."""
    return Run.objects.exclude(release=release).select_related("release").defer("release__content").first()


def answers_now(release: Release) -> dict[str, Answer]:
    """What each case comes to now under a release."""
    found = Answer.objects.filter(run__release=release).order_by("case", "-pk").distinct("case")
    return {one.case: one for one in found}


def answers_first(release: Release) -> dict[str, Answer]:
    """What each case came to when the release was first run."""
    found = Answer.objects.filter(run__release=release).order_by("case", "pk").distinct("case").select_related("run")
    return {one.case: one for one in found}


def answer_with(release: Release, case: str, digest: str) -> Answer | None:
    """The answer of a case under a release that has this digest."""
    return Answer.objects.filter(run__release=release, case=case, digest=digest).select_related("run").first()


def answers_of(case: str, release: Release | None) -> QuerySet[Answer]:
    """What one case came to, the newest first."""
    found = Answer.objects.filter(case=case).select_related("run__release").defer("run__release__content", "result")
    return found.filter(run__release=release) if release else found


def accepted_digests(kind: str, release: Release | None) -> dict[str, str]:
    """By subject what a person has taken as right, the last time; of the alarms of one release."""
    found = Alarm.objects.filter(kind=kind, release=release, accepted=True).order_by("closed_at", "pk")
    return dict(found.values_list("subject", "digest"))


def open_alarms(*kinds: str) -> QuerySet[Alarm]:
    """What holds now, the newest first; of some kinds or all."""
    found = Alarm.objects.filter(closed_at__isnull=True).select_related("release").defer("release__content")
    return found.filter(kind__in=kinds) if kinds else found


def closed_alarms() -> QuerySet[Alarm]:
    """What has ended, the last one first."""
    return Alarm.objects.filter(closed_at__isnull=False).select_related("release").defer("release__content").order_by("-closed_at")


def last_check() -> Check | None:
    """The newest check."""
    return Check.objects.first()


def noted_ends() -> list[tuple[int, str]]:
    """The ends of the log's chain that checks have noted."""
    return list(Check.objects.filter(position__gt=0).values_list("position", "hash").distinct().order_by("position"))


def interval_of(clinic: Clinic | None) -> int:
    """After how many months a source is due for this clinic."""
    found = ReviewInterval.objects.filter(clinic=clinic).first() if clinic else None
    return found.months if found else MONTHS


def last_source_checks() -> dict[str, SourceCheck]:
    """By key the last time that somebody looked at a source."""
    found = SourceCheck.objects.select_related("checked_by").order_by("key", "-checked_at", "-pk").distinct("key")
    return {one.key: one for one in found}
