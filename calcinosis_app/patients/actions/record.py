"""Turning the draft into findings."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from calcinosis_app.accounts.models import User
from calcinosis_app.accounts.permissions import CASE_WRITE
from calcinosis_app.accounts.policy import require
from calcinosis_app.audit import actions as audit
from calcinosis_app.patients.actions.locking import hold
from calcinosis_app.patients.bridge import CaseError, finding_from
from calcinosis_app.patients.models import Case, DraftEntry, Finding
from calcinosis_app.patients.selectors import draft_of


@dataclass(frozen=True)
class EntryRefused:
    """One field that cannot be recorded, and why."""

    entry: DraftEntry
    error: CaseError


class EntriesRefused(Exception):
    """Nothing was recorded, because some fields are in error. They are listed."""

    def __init__(self, refused: tuple[EntryRefused, ...]) -> None:
        super().__init__(f"{len(refused)} entries are in error; nothing was recorded.")
        self.refused = refused


@transaction.atomic
def record(*, by: User, case: Case, only: Iterable[DraftEntry] | None = None) -> list[Finding]:
    """Records everything typed for the case, or nothing; with `only`, those entries and no others.

    The draft is empty afterwards, so that a second press records nothing and returns nothing.
    Raises EntriesRefused with every field in error; the draft then stays as it was typed.
    """
    require(by, CASE_WRITE, case)
    hold(case)
    wanted = None if only is None else {entry.pk for entry in only}
    entries = [entry for entry in draft_of(case) if wanted is None or entry.pk in wanted]
    findings, refused = _read(entries, by)
    if refused:
        raise EntriesRefused(tuple(refused))
    if not entries:
        return []
    Finding.objects.bulk_create(findings)
    DraftEntry.objects.filter(pk__in=[entry.pk for entry in entries]).delete()
    audit.record(
        by=by,
        action="findings.recorded",
        subject=case,
        findings=[str(finding.pk) for finding in findings],
    )
    return findings


def _read(entries: list[DraftEntry], by: User) -> tuple[list[Finding], list[EntryRefused]]:
    now = timezone.now()
    findings: list[Finding] = []
    refused: list[EntryRefused] = []
    corrected: set[UUID] = set()
    for entry in entries:
        try:
            finding = finding_from(entry)
            if finding.corrects_id in corrected:
                raise CaseError(entry.key, "", "is corrected by another line already: keep one of the two, and clear the other")
        except CaseError as error:
            refused.append(EntryRefused(entry, error))
            continue
        if finding.corrects_id is not None:
            corrected.add(finding.corrects_id)
        finding.recorded_by, finding.recorded_at = by, now
        findings.append(finding)
    return findings, refused
