"""Imports a file of laboratory results from the command line: first a dry run, with --commit for good."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError

from calcinosis_app.accounts.models import User
from calcinosis_app.core.errors import Conflict
from calcinosis_app.laboratory.actions import commit_import, receive_file, run_again, work_off
from calcinosis_app.laboratory.files import FileRefused
from calcinosis_app.laboratory.files.written import Dates, DecimalMark, Delimiter, Encoding, Kind, Written
from calcinosis_app.laboratory.models import Import
from calcinosis_app.laboratory.models.importing import State
from calcinosis_app.laboratory.presentation import fate_in_words, kind_of_run
from calcinosis_app.laboratory.selectors import counts_of


class Command(BaseCommand):
    """The same actions as the page; what is refused waits in the same queue."""

    help = "Import laboratory results from a CSV or XLSX file. Without --commit nothing is imported: each line's fate is shown."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, on whose behalf, and how it is written."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--clinic", required=True, help="the clinic's name; it must be the clinic of --by")
        parser.add_argument("--by", required=True, metavar="USERNAME", help="the person who imports")
        parser.add_argument("--commit", action="store_true", help="import what the dry run says would be imported")
        parser.add_argument("--laboratory", required=True, help="the laboratory of the lines that name none")
        parser.add_argument("--encoding", choices=Encoding.values, default=Encoding.UTF_8.value)
        parser.add_argument("--delimiter", choices=Delimiter.values, default=Delimiter.COMMA.value)
        parser.add_argument("--decimal", choices=DecimalMark.values, default=DecimalMark.POINT.value)
        parser.add_argument("--dates", choices=Dates.values, default=Dates.ISO.value)

    def handle(self, *args: Any, **options: Any) -> None:
        """Runs it to the end.

        Raises CommandError with the remedy when the file cannot be read, or not by this person, and when lines were refused.
        """
        by = _person(options["by"], options["clinic"])
        try:
            source = self._received(by, options)
            run_again(by=by, source=source)  # a file that was tried before meets the patients and mappings of today
            source = work_off(source)
        except PermissionDenied as error:
            raise CommandError(f"{by.display_name} may not import results: {error}") from error
        except (FileRefused, Conflict) as error:
            raise CommandError(str(error)) from error
        refused = self._report(source)
        if options["commit"]:
            refused = self._report(_committed(by, source))
        else:
            self.stdout.write("Nothing was imported. Add --commit, or import it on its page.")
        if refused:
            raise CommandError(f"{refused} lines were refused. They wait in the queue, and on the page of this file.")

    def _received(self, by: User, options: dict[str, Any]) -> Import:
        path: Path = options["file"]
        try:
            content = path.read_bytes()
        except OSError as error:
            raise CommandError(f"The file cannot be opened: {error.strerror}.") from error
        kind = Kind.XLSX if path.suffix.casefold() == ".xlsx" else Kind.CSV
        if not options["laboratory"].strip():
            raise CommandError("Name the laboratory with --laboratory: its codes and units are mapped for it alone.")
        written = Written(kind, options["encoding"], options["delimiter"], options["decimal"], options["dates"])
        return receive_file(by=by, content=content, file_name=path.name, written=written, laboratory=options["laboratory"])

    def _report(self, source: Import) -> int:
        """Writes how many lines have which fate. Returns how many were refused."""
        if source.state != State.DONE:
            raise CommandError(source.say)
        counts = counts_of(source)
        imported = fate_in_words("imported", committed=source.committed)
        self.stdout.write(
            f"{kind_of_run(source)}: {counts.total} lines, {counts.imported} {imported}, "
            f"{counts.ignored} ignored, {counts.refused} refused."
        )
        for _, label, lines in counts.reasons:
            self.stdout.write(f"  {lines:6} {label}")
        return counts.refused


def _committed(by: User, source: Import) -> Import:
    try:
        return work_off(commit_import(by=by, source=source))
    except Conflict as error:
        raise CommandError(str(error)) from error


def _person(username: str, clinic: str) -> User:
    user = User.objects.select_related("clinic").filter(username=username).first()
    if user is None:
        raise CommandError(f"Nobody signs in as {username!r}.")
    if user.clinic is None or user.clinic.name != clinic:
        raise CommandError(f"{user.display_name} does not work at {clinic!r}.")
    return user
