"""What belongs to the history of one thing."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Q
from django.utils.formats import date_format

from calcinosis_app.accounts.models import ApiToken, Clinic, EmergencyAccess, OneTimeLink, PermissionGranted, RoleHeld, SecondFactor, User
from calcinosis_app.assessments.models import Assessment, Review, Step, TypeOverride
from calcinosis_app.assessments.selectors import assessments_of
from calcinosis_app.audit.history import Change, changes_of
from calcinosis_app.audit.selectors import events_about
from calcinosis_app.core.past import ADDED, REMOVED
from calcinosis_app.desk.history.moments import VERBS, Difference, Line, Told, of_changes, of_event
from calcinosis_app.desk.history.words import Speech, fact
from calcinosis_app.followups.models import Plan, Reminder
from calcinosis_app.laboratory.models import CodeMapping, Import, UnitMapping
from calcinosis_app.patients.models import Case, DraftEntry, Finding, Lesion, Merge, Patient, RecordHold, RetentionRule, TransferOffer
from calcinosis_app.patients.presentation import value_in_words
from calcinosis_app.patients.selectors import group_of, in_group

# Between a field's end as a draft and its beginning as a finding lies one transaction.
AT_ONCE: Final = timedelta(seconds=10)
# Events of the log that say what no changed row says.
OF_A_PERSON: Final = {
    "password.changed": "Password changed",
    "session.ended": "Session ended",
    "session.ended_all": "All sessions ended",
    "second_factor.removed": "Second factor removed",
}
ACCESS: Final = (RoleHeld, PermissionGranted, ApiToken, OneTimeLink, SecondFactor)


@dataclass(frozen=True)
class Chain:
    """A finding that was corrected: what it said, from the first to what counts now."""

    label: str
    of: str
    findings: tuple[tuple[str, Finding], ...]


def of_patient(patient: Patient, *, alone: bool) -> list[Told]:
    """Who the patient is, the cases, and results that came from a laboratory.

    Whoever was merged with the patient once is named by number, where that one is in the same clinic; with `alone`, as in an
    emergency, nobody is who does not belong to the patient now.
    """
    own_clinic = Q(pk__in=[]) if alone else Q(clinic=patient.clinic_id)
    ids = [*Merge.objects.filter(Q(survivor=patient) | Q(duplicate=patient)).values_list("survivor", "duplicate")]
    known = Patient.objects.filter(Q(pk__in=group_of(patient.pk).values("pk")) | own_clinic & Q(pk__in={pk for pair in ids for pk in pair}))
    speech = Speech(numbers=dict(known.values_list("pk", "number")))
    told: list[Told] = []
    for one in group_of(patient.pk):
        own = _of_one_number(one, speech)
        told += own if one.pk == patient.pk else _named_after(own, f"Number {one.number}")
    merges = (change for side in ("survivor_id", "duplicate_id") for change in changes_of(Merge, **{side: patient.pk}))
    told += of_changes(merges, speech)
    return told


def _of_one_number(patient: Patient, speech: Speech) -> list[Told]:
    told = [*of_changes(changes_of(Patient, id=patient.pk), speech), *of_changes(changes_of(Case, patient_id=patient.pk), speech)]
    told += _first_event(patient, "patient.created", told, Line("Patient", "created"))
    told += of_changes([*changes_of(TransferOffer, patient_id=patient.pk), *changes_of(EmergencyAccess, record_id=patient.pk)], speech)
    told += of_changes(changes_of(RecordHold, patient_id=patient.pk), speech)
    for event in events_about(patient).filter(action="results.imported"):
        many = len(event.detail.get("findings", ()))
        told.append(of_event(event, Line("Results of a laboratory", f"imported: {many}")))
    return told


def of_case(case: Case) -> list[Told]:
    """The case with its lesions, what was typed, recorded and corrected, and what was made of it."""
    lesions = {lesion.pk: lesion.label for lesion in Lesion.objects.filter(case=case)}
    speech = Speech(lesions=lesions)
    told = list(of_changes(changes_of(Case, id=case.pk), speech))
    told += _first_event(case, "case.opened", told, Line("Case", "opened"))
    told += of_changes(changes_of(Lesion, case_id=case.pk), speech)
    findings = list(_findings(case))
    told += of_changes(_without_recorded(changes_of(DraftEntry, case_id=case.pk), findings), speech)
    told += (_told_of(finding) for finding in findings)
    told += (_assessed(one) for one in assessments_of(case))
    told += (_signed(one) for one in Review.objects.filter(assessment__case=case, signed_at__isnull=False).select_related("reviewer"))
    return told


def of_assessment(assessment: Assessment, titles: Mapping[tuple[str, str], str]) -> list[Told]:
    """The reviews of an assessment with every decision, also those that were changed, withdrawn or carried over."""
    reviews = list(Review.objects.filter(assessment=assessment).values_list("pk", flat=True))
    speech = Speech(titles=titles)
    changes = [change for model in (Step, TypeOverride) for change in changes_of(model, review_id__in=reviews)]
    return [_assessed(assessment), *of_changes([*changes_of(Review, assessment_id=assessment.pk), *changes], speech)]


def of_reminder(reminder: Reminder) -> list[Told]:
    """One reminder, and the plan from which it was written."""
    changes = [*changes_of(Reminder, id=reminder.pk), *changes_of(Plan, review_id=reminder.review_id)]
    return list(of_changes(changes, Speech()))


def of_person(person: User) -> list[Told]:
    """A person, and everything by which the person gets in."""
    told = list(of_changes(changes_of(User, id=person.pk), Speech()))
    told += _first_event(person, "user.created", told, Line(f"Person {person.display_name}", "created"))
    told += of_changes((change for model in ACCESS for change in changes_of(model, user_id=person.pk)), Speech())
    for event in events_about(person).filter(action__in=OF_A_PERSON):
        what, verb = OF_A_PERSON[event.action].rsplit(" ", 1)
        told.append(of_event(event, Line(what, verb)))
    return told


def of_clinic(clinic: Clinic) -> list[Told]:
    """A clinic, its people and their rights."""
    speech = Speech()
    people = changes_of(User, clinic_id=clinic.pk)
    keys = {change.key for change in people} | set(User.objects.filter(clinic=clinic).values_list("pk", flat=True))
    names = dict(User.objects.filter(pk__in=keys).values_list("pk", "display_name"))
    told = list(of_changes([*changes_of(Clinic, id=clinic.pk), *changes_of(RetentionRule, clinic_id=clinic.pk), *people], speech))
    for model in (RoleHeld, PermissionGranted):
        for change in changes_of(model, user_id__in=keys):
            told += _named_after(of_changes([change], speech), names.get((change.after or change.before)["user_id"], "somebody"))
    return told


def of_laboratory(clinic: Clinic) -> list[Told]:
    """What a clinic has said of codes and units, and its imports."""
    changes = [change for model in (CodeMapping, UnitMapping, Import) for change in changes_of(model, clinic_id=clinic.pk)]
    return list(of_changes(changes, Speech()))


def chains(case: Case) -> list[Chain]:
    """The findings of a case that were corrected, newest correction first."""
    findings = {finding.pk: finding for finding in _findings(case)}
    corrected = {one.corrects_id for one in findings.values()}
    ends = [one for one in findings.values() if one.corrects_id in findings and one.pk not in corrected]
    return [_chain(end, findings) for end in sorted(ends, key=lambda one: one.recorded_at, reverse=True)]


def _chain(end: Finding, findings: Mapping[Any, Finding]) -> Chain:
    found = [end]
    while (before := findings.get(found[-1].corrects_id)) is not None:
        found.append(before)
    of = end.lesion.label if end.lesion else "patient"
    return Chain(fact(end.key), of, tuple((value_in_words(one), one) for one in reversed(found)))


def _findings(case: Case) -> Iterable[Finding]:
    """Everything recorded in the case, with what it corrects, wherever that was recorded of the patient's group."""
    here = Finding.objects.filter(case=case)
    wanted = {*here.values_list("pk", flat=True)}
    while before := set(Finding.objects.filter(pk__in=wanted, corrects__isnull=False).values_list("corrects_id", flat=True)) - wanted:
        wanted |= before
    found = Finding.objects.filter(in_group(case.patient_id), pk__in=wanted)
    return found.select_related("lesion", "recorded_by", "patient", "corrects").order_by("recorded_at")


def _told_of(finding: Finding) -> Told:
    label = f"{fact(finding.key)}{f' ({finding.lesion.label})' if finding.lesion else ''}"
    before = value_in_words(finding.before) if finding.before else ""
    verb = "corrected" if finding.corrects_id else "recorded"
    line = Line(label, verb, (Difference("finding", before, value_in_words(finding)),))
    return Told(finding.recorded_at, str(finding.recorded_by), "", False, line, None)


def _assessed(one: Assessment) -> Told:
    said = f"For {date_format(one.on, 'j M Y')}, under release {one.release.number}."
    return Told(one.made_at, str(one.made_by), "", False, Line("Assessment", "made", said=(said,)), None)


def _signed(one: Review) -> Told:
    return Told(one.signed_at or one.started_at, str(one.reviewer), "", False, Line("Review", "signed"), None)


def _without_recorded(changes: Iterable[Change], findings: Iterable[Finding]) -> Iterator[Change]:
    """Typed fields, but not their end where they became findings: the finding says it."""
    became: dict[tuple[Any, Any, str], datetime] = {(one.key, one.lesion_id, str(one.raw)): one.recorded_at for one in findings}
    for change in changes:
        recorded = became.get((change.before.get("key"), change.before.get("lesion_id"), str(change.before.get("raw"))))
        if change.label == REMOVED and recorded is not None and abs(recorded - change.at) < AT_ONCE:
            continue
        yield change


def _first_event(subject: Any, action: str, told: list[Told], line: Line) -> list[Told]:
    """How it began, from the log, where the row is older than the tables of the past."""
    if any(one.line.verb == VERBS[ADDED] for one in told):
        return []
    return [of_event(event, line) for event in events_about(subject).filter(action=action)]


def _named_after(told: Iterable[Told], name: str) -> Iterator[Told]:
    for one in told:
        line = Line(f"{name}: {one.line.what}", one.line.verb, one.line.differences, one.line.said)
        yield Told(one.at, one.who, one.how, one.outside, line, one.together)
