"""Judging the release's own cases as a patient's case is judged, and noticing when an answer is not what it was."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from calcinosis_app.assessments.bridge import canonical, judge
from calcinosis_app.assessments.recompute import differences_between
from calcinosis_app.core.turns import nobody_else
from calcinosis_app.rulebooks.bridge import ENGINE, Rules, current_release, rules_of
from calcinosis_app.rulebooks.models import Release
from calcinosis_app.watching.actions.alarms import mend, raise_alarm
from calcinosis_app.watching.models import Alarm, Answer, Run
from calcinosis_app.watching.models.alarm import Kind
from calcinosis_app.watching.rows import against_rows, counted_rows, fired
from calcinosis_app.watching.selectors import (
    accepted_digests,
    answer_with,
    answers_first,
    answers_now,
    last_run,
    open_alarms,
    run_before,
)

EVERY: Final = timedelta(hours=1)
MOST_DIFFERENCES: Final = 40
ERROR: Final = "error: "


@dataclass(frozen=True)
class _Judged:
    """What a case comes to: canonical JSON without the engine's version, or what went wrong."""

    result: str
    rows: tuple[str, ...]

    @property
    def digest(self) -> str:
        return sha256(self.result.encode()).hexdigest()


@transaction.atomic
def run_cases(*, now: bool = False) -> Run | None:
    """Judges every case of the release in force, when it is time or `now`; nothing when it is not, or another process is at it.

    It is time once an hour, and at once under another release or engine. Nothing of a patient is read or written: a case goes the way
    of a patient's case from the stored release on, through the same bridge, and its answer stays in a table of its own.
    """
    if not nobody_else("watching.run"):
        return None
    release = current_release()
    if not now and not _is_due(release):
        return None
    began = time.perf_counter()
    rules = rules_of(release)
    judged = {str(case["id"]): _judge(case, rules, release.published_at.date()) for case in rules.content["cases"]}
    before = answers_now(release)
    new = {case: one for case, one in judged.items() if case not in before or before[case].digest != one.digest}
    run = Run.objects.create(
        release=release,
        engine=ENGINE,
        cases=len(judged),
        changed=sum(case in before for case in new),
        milliseconds=round((time.perf_counter() - began) * 1000),
    )
    Answer.objects.bulk_create(
        [
            Answer(
                run=run,
                case=case,
                digest=one.digest,
                result=one.result,
                rows=one.rows,
                differences=_differences(before[case].result, one.result) if case in before else [],
            )
            for case, one in new.items()
        ]
    )
    _watch_answers(run, judged)
    _watch_rows(run, judged, rules)
    return run


def _is_due(release: Release) -> bool:
    last = last_run()
    return last is None or (last.release_id, last.engine) != (release.pk, ENGINE) or timezone.now() - last.at >= EVERY


def _judge(case: Mapping[str, Any], rules: Rules, day: date) -> _Judged:
    """On the case's own day, so that nothing grows old; on `day` when it has none. A case that fails is an answer, too."""
    try:
        outcome = judge(case, rules, today=day).as_json()
        rows = tuple(sorted(fired(outcome, against_rows(rules))))
    except Exception as error:  # whatever is wrong with one case, the others are judged
        return _Judged(f"{ERROR}{type(error).__name__}: {error}", ())
    outcome.pop("engine")
    return _Judged(canonical(outcome), rows)


def _differences(then: str, now: str) -> list[str]:
    if then.startswith(ERROR) or now.startswith(ERROR):
        return [f"{_short(then)}, now {_short(now)}"]
    return differences_between(json.loads(then), json.loads(now))[:MOST_DIFFERENCES]


def _short(result: str) -> str:
    return result[:300] if result.startswith(ERROR) else "an answer"


def _watch_answers(run: Run, judged: Mapping[str, _Judged]) -> None:
    """An answer has to stay what it was under the same release, until a person takes another one as right."""
    release = run.release
    accepted = accepted_digests(Kind.ANSWER, release)
    first = answers_first(release)
    standing = {one.subject: one for one in open_alarms(Kind.ANSWER)}
    for subject, alarm in standing.items():
        if alarm.release_id != release.pk:
            mend(alarm, f"Release {release.number} is in force: its own answers count from now on.")
        elif subject not in judged:
            mend(alarm, "The release has no such case any more.")
    for case, one in judged.items():
        known = accepted.get(case, first[case].digest)
        if one.digest == known and (not one.result.startswith(ERROR) or case in accepted):
            if case in standing and standing[case].release_id == release.pk:
                mend(standing[case], "The answer is back: it is again what it was.")
            continue
        right = first[case] if known == first[case].digest else answer_with(release, case, known) or first[case]
        raise_alarm(
            kind=Kind.ANSWER,
            subject=case,
            release=release,
            digest=one.digest,
            says=_says(case, release, one, right),
            differences=_differences(right.result, one.result) if one.digest != right.digest else [_short(one.result)],
        )


def _says(case: str, release: Release, one: _Judged, right: Answer) -> str:
    if one.result.startswith(ERROR):
        return f"Case {case} can no longer be judged under release {release.number}"
    engine = "" if right.run.engine == ENGINE else f"; the engine was {right.run.engine} then and is {ENGINE} now"
    return f"Case {case} has another answer under release {release.number} than before{engine}"


def _watch_rows(run: Run, judged: Mapping[str, _Judged], rules: Rules) -> None:
    """A row that fired in some case, under this release or the one before it, has to go on firing in some, as long as it exists."""
    release = run.release
    now = {row for one in judged.values() for row in one.rows}
    known = counted_rows(rules).keys()
    used = {row for answer in answers_first(release).values() for row in answer.rows}
    earlier = run_before(release)
    if earlier is not None:
        used |= {row for answer in answers_now(earlier.release).values() for row in answer.rows}
    standing: dict[str, Alarm] = {one.subject: one for one in open_alarms(Kind.SILENT)}
    for row, alarm in standing.items():
        if row in now:
            mend(alarm, f"The row fires again in a case of release {release.number}.")
        elif row not in known:
            mend(alarm, f"Release {release.number} has no such row.")
    silent = (used | standing.keys()) - now
    accepted = accepted_digests(Kind.SILENT, release)
    for row in sorted(silent & known - accepted.keys()):
        raise_alarm(
            kind=Kind.SILENT,
            subject=row,
            release=release,
            says=f"Row {row} fired in a case before and fires in none under release {release.number}, which still has it",
        )
