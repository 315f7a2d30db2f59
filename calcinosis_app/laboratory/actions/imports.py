"""Receiving a file, committing it, running refused lines again, and throwing a dry run away."""

from hashlib import sha256

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from calcinosis_app.accounts.models import User
from calcinosis_app.accounts.permissions import LABORATORY_IMPORT
from calcinosis_app.accounts.policy import require
from calcinosis_app.audit.actions import record
from calcinosis_app.core.errors import Conflict
from calcinosis_app.laboratory.codes import plain
from calcinosis_app.laboratory.fates import Fate, Reason
from calcinosis_app.laboratory.files import FileRefused, open_table
from calcinosis_app.laboratory.files.rows import storable
from calcinosis_app.laboratory.files.written import Written
from calcinosis_app.laboratory.models import Import, ImportFile, Line
from calcinosis_app.laboratory.models.importing import LABORATORY_LENGTH, State


def receive_file(*, by: User, content: bytes, file_name: str, written: Written, laboratory: str = "") -> Import:
    """Keeps a file as a dry run that is to be worked off.

    The same file, declared in the same way, is one dry run however often it is sent. Raises PermissionDenied, and
    FileRefused when it cannot be read as declared.
    """
    require(by, LABORATORY_IMPORT)
    if by.clinic is None:
        raise PermissionDenied("Results belong to a clinic's patients, and you belong to no clinic.")
    if len(plain(laboratory)) > LABORATORY_LENGTH:
        raise FileRefused(f"The laboratory's name is longer than {LABORATORY_LENGTH} letters. Shorten it.")
    unread = open_table(content, written).unread
    place = {
        "clinic": by.clinic,
        "sha256": sha256(content).hexdigest(),
        "laboratory": " ".join(laboratory.split()),
        "kind": written.kind,
        "encoding": written.encoding,
        "delimiter": written.delimiter,
        "decimal": written.decimal,
        "dates": written.dates,
    }
    try:
        with transaction.atomic():
            source = Import.objects.create(**place, file_name=storable(file_name[:200]), unread_columns=unread, received_by=by, run_by=by)
            ImportFile.objects.create(source=source, content=content)
            record(by=by, action="import.received", subject=source, sha256=place["sha256"])
    except IntegrityError:
        earlier = Import.objects.filter(**place, committed_at__isnull=True).first()
        if earlier is None:  # it was committed, or thrown away, at this very moment
            raise Conflict("This file was sent by somebody else at the same moment. Send it again.") from None
        return earlier
    return source


@transaction.atomic
def commit_import(*, by: User, source: Import) -> Import:
    """Makes a finished dry run count: its lines are judged once more, and become findings.

    A second press finds it committed and changes nothing. Raises Conflict while the dry run is not finished.
    """
    held = _hold(by, source)
    if held.committed:
        return held
    if held.state != State.DONE:
        raise Conflict("This dry run is not finished, or cannot be. Wait until every line has been judged; then import it.")
    held.committed_at, held.committed_by = timezone.now(), by
    held.save(update_fields=["committed_at", "committed_by"])
    _start(held, by, Line.objects.filter(source=held).exclude(reason=Reason.SET_ASIDE))
    record(by=by, action="import.committed", subject=held)
    return held


@transaction.atomic
def run_again(*, by: User, source: Import) -> int:
    """Judges the refused lines once more, for example after a code was mapped or a patient was created. Returns how many.

    Also takes over an import that stopped because the person who ran it may no longer do so.
    """
    held = _hold(by, source)
    if held.state not in (State.DONE, State.STOPPED):
        return 0
    lines = _start(held, by, Line.objects.filter(source=held, fate=Fate.REFUSED))
    record(by=by, action="import.run_again", subject=held, lines=lines)
    return lines


@transaction.atomic
def discard_import(*, by: User, source: Import) -> None:
    """Throws a dry run away with all its lines; nothing was imported from it. Raises Conflict once it was committed."""
    held = _hold(by, source)
    if held.committed:
        raise Conflict("This file has been imported. Its lines are kept, because findings came from them.")
    record(by=by, action="import.discarded", subject=held, sha256=held.sha256)
    held.delete()


def start_again(source: Import, by: User, lines: QuerySet[Line]) -> int:
    """Makes these lines of a held import wait, because what they mean was said anew. Returns how many."""
    return _start(source, by, lines.filter(source=source), fingerprint="", content="")


def _hold(by: User, source: Import) -> Import:
    require(by, LABORATORY_IMPORT, source)
    held = Import.objects.select_for_update(of=("self",)).select_related("clinic").filter(pk=source.pk).first()
    if held is None:
        raise Conflict("This dry run was thrown away in the meantime. Send the file again if it is still needed.")
    return held


def _start(held: Import, by: User, lines: QuerySet[Line], **changed: str) -> int:
    """What a waiting line said when it was judged last is kept, so that lines that contradict each other find each other at once."""
    again = lines.exclude(fate=Fate.WAITING).update(fate=Fate.WAITING, reason="", say="", **changed)
    unread = ImportFile.objects.filter(source=held).exists()
    if not held.unfinished:  # who runs it now goes on answering for it
        held.run_by = by
    held.state, held.say, held.finished_at = State.RECEIVED if unread else State.WORKING, "", None
    held.save(update_fields=["state", "say", "run_by", "finished_at"])
    return again
