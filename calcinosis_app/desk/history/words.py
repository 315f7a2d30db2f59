"""Rows and their columns as people name them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, Final

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst

from calcinosis_app.accounts.models import (
    ApiToken,
    Clinic,
    EmergencyAccess,
    OneTimeLink,
    PermissionGranted,
    RoleHeld,
    SecondFactor,
    User,
)
from calcinosis_app.accounts.permissions import MEANING
from calcinosis_app.assessments.models import Review, Step, TypeOverride
from calcinosis_app.audit.history import Row
from calcinosis_app.followups.models import Plan, Reminder
from calcinosis_app.laboratory.models import CodeMapping, Import, UnitMapping
from calcinosis_app.patients.bridge import fact_of
from calcinosis_app.patients.models import Case, DraftEntry, Lesion, Merge, Patient, RecordHold, RetentionRule, TransferOffer
from calcinosis_app.patients.presentation import STATES
from calcinosis_app.patients.typed import text
from calcinosis_app.rulebooks.bridge import current, plain_unit

NOTHING: Final = "nothing"
Named = Callable[[Row], str]


@dataclass(frozen=True)
class Words:
    """How rows of one model are named, and their columns. `quiet` columns only repeat what the line says anyway."""

    named: Named
    labels: Mapping[str, str] = field(default_factory=dict)
    quiet: frozenset[str] = frozenset()


def fact(key: str) -> str:
    """A fact by its label; by its key where the current release no longer knows it."""
    found = fact_of(key)
    return capfirst(found.label) if found else key


def treatment(key: str) -> str:
    """A treatment by its name."""
    found = current().treatments.get(key)
    return str(found.name) if found else key


def typed(key: str, raw: Mapping[str, Any]) -> str:
    """What was typed into a field, as it was typed: "9.80 mg/dL, 3 Mar 2026"."""
    codes = {one.code: one.label for one in found.codes} if (found := fact_of(key)) else {}
    said = " ".join(
        part for part in (text(raw, "comparator") + text(raw, "value"), plain_unit(text(raw, "unit")) if text(raw, "unit") else "") if part
    )
    code, state, answer = text(raw, "code"), text(raw, "state"), text(raw, "answer")
    parts = [said, codes.get(code, code), answer, STATES.get(state, state), text(raw, "flag")]
    low, high = text(raw, "low"), text(raw, "high")
    if low or high:
        parts.append(f"own range {low or '…'} to {high or '…'}")
    if text(raw, "date"):
        parts.append(f"of {text(raw, 'date')}")
    if raw.get("confirmed"):
        parts.append("checked")
    return ", ".join(part for part in parts if part) or NOTHING


def _at(label: str) -> str:
    return f" ({label})" if label else ""


def _step(row: Row) -> str:
    what = treatment(row["treatment"]) if row["treatment"] else row["row"]
    return f"Decision on {what}{_at(row['lesion'])}"


def _reminder(row: Row) -> str:
    return f"Reminder {row['row']}{_at(row['lesion'])}"


WORDS: Final[Mapping[type[models.Model], Words]] = {
    Patient: Words(
        lambda row: "Patient",
        {"sex": "sex", "clinic_id": "clinic", "number": "number"},
        frozenset({"created_at"}),
    ),
    Merge: Words(
        lambda row: "Merge of two records",
        {"duplicate_id": "merged", "survivor_id": "into", "unmerged_at": "unmerged", "unmerge_reason": "reason to unmerge"},
        frozenset({"merged_at", "merged_by_id", "unmerged_by_id"}),
    ),
    RecordHold: Words(
        lambda row: "Hold against removal",
        {"lifted_at": "lifted"},
        frozenset({"patient_id", "held_at", "held_by_id", "lifted_by_id"}),
    ),
    RetentionRule: Words(
        lambda row: "How long records are kept",
        {"years": "years after the last activity", "until_age": "in any case until the age of"},
        frozenset({"clinic_id", "changed_at", "changed_by_id"}),
    ),
    TransferOffer: Words(
        lambda row: "Transfer to another clinic",
        {"from_clinic_id": "from", "to_clinic_id": "to", "end": "ended because"},
        frozenset({"patient_id", "offered_at", "offered_by_id", "ended_at", "ended_by_id"}),
    ),
    EmergencyAccess: Words(
        lambda row: "Emergency access",
        {"user_id": "by", "end": "ended because", "seen_at": "seen", "seen_by_id": "seen by"},
        frozenset({"record_id", "opened_at", "ended_at", "clinic_id"}),
    ),
    Case: Words(
        lambda row: f"Case {row['title']}".strip(), {"patient_id": "patient"}, frozenset({"opened_at", "opened_by_id", "patient_id"})
    ),
    Lesion: Words(
        lambda row: f"Lesion {row['label']}",
        {"case_id": "case", "removed_at": "removed"},
        frozenset({"added_at", "added_by_id", "removed_by_id", "case_id", "label"}),
    ),
    DraftEntry: Words(
        lambda row: f"Typed: {fact(row['key'])}",
        {"raw": "typed"},
        frozenset({"saved_at", "saved_by_id", "case_id", "lesion_id", "key", "slot"}),
    ),
    Review: Words(
        lambda row: "Review",
        {"signed_at": "signed", "superseded_by_id": "went on with"},
        frozenset({"started_at", "assessment_id", "reviewer_id"}),
    ),
    Step: Words(
        _step,
        {"reason_group": "reason", "details": "what is changed", "is_override": "past an absolute gate", "review_id": "review"},
        frozenset({"decided_at", "review_id", "treatment", "row", "lesion"}),
    ),
    TypeOverride: Words(
        lambda row: f"Type of {row['lesion']}",
        {"says": "the rules say", "reason_group": "reason", "review_id": "review"},
        frozenset({"at", "review_id", "lesion"}),
    ),
    Plan: Words(lambda row: "Plan", {}, frozenset({"written_at", "review_id"})),
    Reminder: Words(
        _reminder,
        {"opens_on": "opens", "due_on": "due", "until_on": "at the latest", "owner_role": "owned by", "state": "standing"},
        frozenset(
            {
                *("clinic_id", "patient_id", "review_id", "step_id", "follows_id", "row", "treatment", "condition", "lesion"),
                *("written_at", "priority", "closed_at", "closed_by_id"),
            }
        ),
    ),
    User: Words(
        lambda row: f"Person {row['display_name']}",
        {"username": "signs in as", "is_active": "may sign in", "clinic_id": "clinic", "email": "e-mail address"},
        frozenset({"date_joined", "is_staff", "is_superuser", "display_name"}),
    ),
    RoleHeld: Words(lambda row: f"Role {row['role']}", {"user_id": "person"}, frozenset({"user_id", "role"})),
    PermissionGranted: Words(
        lambda row: f"Permission to {MEANING.get(row['permission'], row['permission'])}",
        {"user_id": "person"},
        frozenset({"user_id", "permission", "granted_by_id", "at"}),
    ),
    ApiToken: Words(
        lambda row: f"Token for programs \u201c{row['label']}\u201d", {"revoked_at": "revoked"}, frozenset({"user_id", "label", "made_at"})
    ),
    OneTimeLink: Words(
        lambda row: f"One-time link ({OneTimeLink.Kind(row['kind']).label})",
        {"expires_at": "good until", "end": "ended because", "by_mail": "by e-mail"},
        frozenset({"user_id", "kind", "made_at", "ended_at"}),
    ),
    SecondFactor: Words(lambda row: f"Second factor ({row['type']})", {"user_id": "person"}, frozenset({"user_id", "type", "created_at"})),
    Clinic: Words(lambda row: f"Clinic {row['name']}", {}, frozenset()),
    CodeMapping: Words(
        lambda row: f"Code {row['code']}{_at(row['laboratory'])}",
        {"key": "means"},
        frozenset({"clinic_id", "laboratory", "made_at", "made_by_id", "code", "system"}),
    ),
    UnitMapping: Words(
        lambda row: f"Unit \u201c{row['spelling']}\u201d of {fact(row['key'])}{_at(row['laboratory'])}",
        {},
        frozenset({"clinic_id", "laboratory", "made_at", "made_by_id", "code", "system", "key", "spelling"}),
    ),
    Import: Words(
        lambda row: "Import of a file",
        {"state": "standing", "committed_at": "committed", "run_by_id": "run by"},
        frozenset(
            {
                *("clinic_id", "file_name", "sha256", "kind", "encoding", "delimiter", "decimal", "dates", "unread_columns"),
                *("received_at", "received_by_id", "committed_by_id", "finished_at"),
            }
        ),
    ),
}


class Speech:
    """Says values. It remembers names that it has looked up: a page names the same few people again and again."""

    def __init__(
        self,
        *,
        titles: Mapping[tuple[str, str], str] | None = None,
        lesions: Mapping[Any, str] | None = None,
        numbers: Mapping[Any, str] | None = None,
    ) -> None:
        self.titles = titles or {}
        self.lesions = lesions or {}
        self.numbers = numbers or {}

    @cached_property
    def _names(self) -> dict[tuple[type[models.Model], Any], str]:
        return {}

    def label(self, model: type[models.Model], column: str) -> str:
        """A column's name."""
        if column in WORDS[model].labels:
            return WORDS[model].labels[column]
        found = _field(model, column)
        return str(getattr(found, "verbose_name", column.removesuffix("_id").replace("_", " ")))

    def value(self, model: type[models.Model], column: str, row: Row) -> str:
        """A column's value: codes by their labels, days and times as on the clinic's calendar and clock, empty as "nothing"."""
        value = row.get(column)
        if column == "raw" and model is DraftEntry:
            return typed(row["key"], value or {})
        if value is None or value == "":
            return NOTHING
        found = _field(model, column)
        if isinstance(found, models.ForeignKey):
            return self._named(found.related_model, value)
        if column == "key":
            return fact(value)
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, datetime):
            return date_format(timezone.localtime(value), "j M Y, H:i")
        if isinstance(value, date):
            return date_format(value, "j M Y")
        choices = dict(found.flatchoices) if found is not None else {}
        return str(choices.get(value, str(value).replace("_", " ") if column == "type" else value))

    def named(self, model: type[models.Model], row: Row) -> str:
        """What a row is called."""
        if model is Step and (title := self.titles.get((row["treatment"] or row["row"], row["lesion"]))):
            return f"Decision on {title}"
        return WORDS[model].named(row) + _at(self.lesions.get(row.get("lesion_id"), ""))

    def _named(self, model: Any, key: Any) -> str:
        """Another row by its name, a patient only by a number that the reader may know; where it has none, it is another one."""
        if model is Patient and key in self.numbers:
            return f"number {self.numbers[key]}"
        if (model, key) not in self._names:
            self._names[model, key] = _looked_up(model, key)
        return self._names[model, key]


def _looked_up(model: Any, key: Any) -> str:
    if model is Review:
        review = Review.objects.filter(pk=key).select_related("assessment").first()
        return f"the assessment of {date_format(timezone.localtime(review.assessment.made_at), 'j M Y, H:i')}" if review else "none"
    if model in (User, Clinic):
        return str(model.objects.filter(pk=key).first() or "not there any more")
    return "another one"


def _field(model: type[models.Model], column: str) -> "models.Field[Any, Any] | None":
    return next((one for one in model._meta.concrete_fields if one.attname == column), None)
