"""Judging a batch of lines. A dry run and a commit are this one function; the dry run stops before the last step."""

from collections.abc import Iterable, Mapping, Sequence

from django.db import connection, transaction

from calcinosis_app.laboratory.fates import Fate, Reason
from calcinosis_app.laboratory.judging import Judged, judge
from calcinosis_app.laboratory.known import look_up, said_in_file, taken_before, taken_elsewhere
from calcinosis_app.laboratory.models import Import, ImportedResult, Line
from calcinosis_app.patients.actions import record_results

AGAIN = "This result was imported before. Nothing changes."
CHANGED = (
    "A result of this sample and code was imported before and said something else, or was somebody else's. If the laboratory "
    "has corrected it, correct the finding in the case; then set this line aside."
)


@transaction.atomic
def judge_lines(*, source: Import, lines: Sequence[Line]) -> None:
    """Gives each waiting line its fate; of a committed import, the good ones become findings, each result once for ever."""
    known = look_up(source, lines)
    judged = [judge(line, known) for line in lines]
    _leave_out_repeated(source, judged)
    if source.committed:
        _make_findings(source, [one for one in judged if one.finding is not None])
    _store(judged)


def _leave_out_repeated(source: Import, judged: Sequence[Judged]) -> None:
    good = [one for one in judged if one.finding is not None]
    asked = {fingerprint for one in good for fingerprint in one.fingerprints}
    taken, elsewhere = taken_before(source, asked), taken_elsewhere(source, asked)
    said = said_in_file(source, [one.line.pk for one in judged], {one.fingerprint for one in judged if one.fingerprint})
    disagreeing = _disagreeing(said, judged)
    _refuse_others(said, disagreeing)
    rows = {line.fingerprint: line.row for line in reversed(said) if line.fate == Fate.IMPORTED}
    for one in good:
        if before := [taken[fingerprint] for fingerprint in sorted(one.fingerprints) if fingerprint in taken]:
            one.end(*_repeated(before[0], one))
        elif came := [content for (fingerprint, patient), content in elsewhere.items() if one.is_of(fingerprint, patient)]:
            one.end(*_repeated(came[0], one))
        elif one.fingerprint in disagreeing:
            one.end(Reason.CHANGED, _disagreement(disagreeing[one.fingerprint]))
        elif (first := rows.setdefault(one.fingerprint, one.line.row)) != one.line.row:
            one.end(Reason.AGAIN, f"Row {first} of this file says the same.")


def _repeated(content: str, one: Judged) -> tuple[Reason, str]:
    return (Reason.AGAIN, AGAIN) if one.says(content) else (Reason.CHANGED, CHANGED)


def _disagreeing(said: Iterable[Line], judged: Iterable[Judged]) -> dict[str, list[int]]:
    """By fingerprint, the rows of this file that say different things of one result, or say that it is of different patients."""
    found: dict[str, dict[int, str]] = {}
    for row, fingerprint, content in (
        *((line.row, line.fingerprint, line.content) for line in said),
        *((one.line.row, one.fingerprint, one.content) for one in judged if one.fingerprint),
    ):
        found.setdefault(fingerprint, {})[row] = content
    return {fingerprint: sorted(rows) for fingerprint, rows in found.items() if len(set(rows.values())) > 1}


def _disagreement(rows: Sequence[int]) -> str:
    shown = ", ".join(str(row) for row in rows[:10]) + (" and more" if len(rows) > 10 else "")
    return (
        f"The rows {shown} of this file contradict each other about one result: none is taken. Ask the laboratory, set the wrong ones "
        "aside, and run the refused lines again; or send a corrected file."
    )


def _refuse_others(said: Iterable[Line], disagreeing: Mapping[str, Sequence[int]]) -> None:
    """Takes back what earlier batches said of rows that turn out to be contradicted; a finding is never taken back."""
    for line in said:
        if line.fingerprint in disagreeing and line.finding_id is None and line.fate in (Fate.IMPORTED, Fate.IGNORED):
            say = _disagreement(disagreeing[line.fingerprint])
            Line.objects.filter(pk=line.pk).update(fate=Fate.REFUSED, reason=Reason.CHANGED, say=say)


def _make_findings(source: Import, good: Sequence[Judged]) -> None:
    """The last step. What another import takes at this very moment is left to it."""
    claims = [
        ImportedResult(clinic_id=source.clinic_id, fingerprint=one.fingerprint, content=one.content, finding=one.finding) for one in good
    ]
    # In one order, so that two imports that meet wait for each other once and never in a circle.
    ImportedResult.objects.bulk_create(sorted(claims, key=lambda claim: claim.fingerprint), ignore_conflicts=True)
    ours = set(ImportedResult.objects.filter(finding__in=[claim.finding_id for claim in claims]).values_list("finding_id", flat=True))
    lost = [one for one in good if one.finding is not None and one.finding.pk not in ours]
    taken = taken_before(source, {one.fingerprint for one in lost})
    for one in lost:
        one.end(*_repeated(taken[one.fingerprint], one))
    record_results(by=source.run_by, findings=[one.finding for one in good if one.finding is not None], source=source.pk)


STORE = """
UPDATE laboratory_line AS line
SET fate = new.fate, reason = new.reason, say = new.say, laboratory = new.laboratory, system = new.system, code = new.code,
    unit = new.unit, key = new.key, fingerprint = new.fingerprint, content = new.content, finding_id = new.finding_id
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
            %s::text[], %s::uuid[])
    AS new (id, fate, reason, say, laboratory, system, code, unit, key, fingerprint, content, finding_id)
WHERE line.id = new.id AND line.fate = %s
"""


def _store(judged: Sequence[Judged]) -> None:
    """All fates in one statement, and only of lines that still wait."""
    committed = [one.finding is not None and one.finding.recorded_by_id is not None for one in judged]
    with connection.cursor() as cursor:
        cursor.execute(
            STORE,
            [
                [one.line.pk for one in judged],
                [one.fate.value for one in judged],
                [str(one.reason) for one in judged],
                [one.say for one in judged],
                [one.laboratory for one in judged],
                [one.system for one in judged],
                [one.code for one in judged],
                [one.unit for one in judged],
                [one.key for one in judged],
                [one.fingerprint for one in judged],
                [one.content for one in judged],
                [str(one.finding.pk) if kept and one.finding else None for one, kept in zip(judged, committed, strict=True)],
                Fate.WAITING.value,
            ],
        )
        if cursor.rowcount != len(judged):
            raise RuntimeError(f"{len(judged) - cursor.rowcount} lines were judged elsewhere in the meantime.")
