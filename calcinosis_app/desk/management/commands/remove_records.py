"""Removes the records whose time has come. Done by the owner of the tables, deliberately: without --go it only says what it would do."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from calcinosis_app.accounts.models import Clinic
from calcinosis_app.desk.held.due import Due, due_in
from calcinosis_app.desk.held.removal import NotRemoved, contents_of, forget_dry_runs, remove_record
from calcinosis_app.laboratory.actions import clear_dry_runs


class Command(BaseCommand):
    """Each record is removed whole or not at all; one that is refused does not stop the others."""

    help = "Remove the records of a clinic that are due under its retention rule. Without --go nothing is removed: what would be is shown."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which clinic, which records, and whether it is meant."""
        parser.add_argument("--clinic", required=True, help="the clinic's name")
        parser.add_argument("--number", action="append", help="only the record of this number; may be given several times")
        parser.add_argument("--go", action="store_true", help="remove, for good")
        parser.add_argument("--without-export", action="store_true", help="remove also what was not exported since the last activity")

    def handle(self, *args: Any, **options: Any) -> None:
        """Goes through what is due. Raises CommandError when a number is not due, and when something was refused."""
        clinic = Clinic.objects.filter(name=options["clinic"]).first()
        if clinic is None:
            raise CommandError(f"There is no clinic {options['clinic']!r}.")
        due = self._chosen(due_in(clinic), options["number"])
        refused = [one.patient.number for one in due if not self._one(one, options["go"], options["without_export"])]
        cleared = clear_dry_runs() if options["go"] else 0
        if options["go"]:
            forget_dry_runs()
        if cleared:
            self.stdout.write(f"{cleared} dry runs of laboratory files were removed.")
        if not due:
            self.stdout.write("No record is due.")
        elif not options["go"]:
            self.stdout.write("Nothing was removed. Make a backup, then add --go.")
        if refused:
            raise CommandError(f"Not removed: {', '.join(refused)}.")

    def _chosen(self, due: list[Due], numbers: list[str] | None) -> list[Due]:
        if not numbers:
            return due
        by_number = {one.patient.number: one for one in due}
        if missing := [number for number in numbers if number not in by_number]:
            raise CommandError(f"Not due: {', '.join(missing)}.")
        return [by_number[number] for number in numbers]

    def _one(self, due: Due, go: bool, waived: bool) -> bool:
        """Says what is held under the number, and removes it when that is meant. Returns whether nothing stood in the way."""
        state = "held back" if due.hold else "exported" if due.exported else "not exported"
        self.stdout.write(f"{due.patient.number}: last activity {due.last}, due since {due.since}, {state}")
        if not go:
            for name, rows in contents_of(due.patient).items():
                self.stdout.write(f"  {rows:6} {name}")
            return True
        try:
            removed = remove_record(due.patient, waived=waived)
        except NotRemoved as refused:
            self.stdout.write(f"  {refused}")
            return False
        except DatabaseError as error:
            self.stdout.write(f"  The database refused it, and nothing of it was removed: {str(error).strip().splitlines()[0]}")
            return False
        self.stdout.write(f"  removed: {sum(removed.rows.values())} rows, SHA-256 {removed.sha256}")
        return True
