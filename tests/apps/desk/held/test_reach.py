"""Nothing that is held on a patient is missing where everything is asked for."""

from django.apps import apps
from django.db import models

from calcinosis_app.accounts.models import User
from calcinosis_app.audit.models import Event
from calcinosis_app.desk.held.declared import APPS, MODELS
from calcinosis_app.desk.held.reach import held_on, pointing, untied
from calcinosis_app.laboratory.models import Line
from calcinosis_app.patients.actions import merge_patients, unmerge_patients
from calcinosis_app.patients.models import Finding, Patient
from tests.factories.case import make_case, record_finding
from tests.factories.full_patient import make_full_patient
from tests.factories.laboratory import csv_of, dry_run, result_of
from tests.factories.patient import make_patient


def named(model: type[models.Model]) -> str:
    return model._meta.label_lower


def test_of_every_table_somebody_has_said_whether_it_holds_something_on_a_patient() -> None:
    """A new table that leads to a patient is found by itself. Any other has to be named in desk/held: as one that does, or does not."""
    found = {named(model) for model in (*pointing(), *untied())}
    for model in apps.get_models():
        of_nobody = model._meta.app_label in APPS or named(getattr(model, "pgh_tracked_model", model)) in MODELS
        assert (named(model) in found) != of_nobody, f"{named(model)}: is anything held in it on a patient? Say so in desk/held."


def test_what_is_declared_exists() -> None:
    assert {named(model) for model in apps.get_models()} >= set(MODELS)
    assert {config.label for config in apps.get_app_configs()} >= set(APPS)


def test_something_is_found_in_every_table_that_can_hold_something(clara: User, ada: User) -> None:
    full = make_full_patient(clara, ada)
    empty = {one.name for one in held_on(full.survivor) if not one.keys}

    assert not {name for name in empty if name.partition(".")[2] not in NOT_FILLED_HERE and not name.endswith("past")}, empty


# Made by other doors than those through which the full patient came; the rows are found by their foreign key all the same.
NOT_FILLED_HERE = {"oncekey", "practice", "fieldturn", "emergencyaccess", "transferoffer", "pastnumber"}


def test_asked_under_either_number_the_same_is_held(clara: User, ada: User) -> None:
    full = make_full_patient(clara, ada)

    assert held_on(full.survivor) == held_on(full.duplicate)


def test_nothing_of_anybody_else_is_found(clara: User, ada: User) -> None:
    full, other = make_full_patient(clara, ada), make_full_patient(clara, ada, number="OTHER-1")
    of_one, of_other = ({one.name: set(one.keys) for one in held_on(each.survivor)} for each in (full, other))

    assert {name for name in of_one if of_one[name] & of_other[name]} == set()


def test_everything_in_a_database_of_one_patient_is_found(clara: User, ada: User) -> None:
    """Whatever no one has thought of would be left over here."""
    full = make_full_patient(clara, ada)
    stranger = Patient.objects.exclude(pk__in=[full.survivor.pk, full.duplicate.pk]).get()
    held = {one.model: set(one.keys) for one in held_on(full.survivor)}
    for model in pointing():
        rows = model._base_manager.exclude(cells={}) if named(model).startswith("laboratory.line") else model._base_manager.all()
        left = set(rows.values_list("pk", flat=True)) - held[model]
        assert left <= ({stranger.pk} if model is Patient else set()) or named(model) == "patients.patientpast", named(model)
    left_events = Event.objects.exclude(pk__in=held[Event])
    assert set(left_events.exclude(subject_id=str(stranger.pk)).values_list("action", flat=True)) <= {
        "clinic.created", "user.created", "role.given", "import.received", "import.committed", "import.ended", "release.published",
    }  # fmt: skip


def test_of_two_of_one_name_each_has_the_lines_with_the_own_number(clara: User) -> None:
    one, other = make_patient(clara, number="A-17"), make_patient(clara, number="A-18")
    dry_run(clara, csv_of(result_of(one), result_of(other)))

    [lines] = [held for held in held_on(one) if held.model is Line]

    assert list(lines.rows.values_list("row", flat=True)) == [2]


def test_lines_that_name_the_patient_are_found_also_without_a_finding(clara: User) -> None:
    vera = make_patient(clara, number="A-17")
    dry_run(
        clara, csv_of(result_of(vera), result_of(vera, **{"patient number": "typo"}), result_of(make_patient(clara, family_name="Berg")))
    )

    [lines] = [one for one in held_on(vera) if one.model is Line]

    assert sorted(lines.rows.values_list("row", flat=True)) == [2, 3]


def test_a_finding_of_somebody_else_who_was_merged_once_does_not_come_along(clara: User) -> None:
    one, other = make_case(clara), make_case(clara)
    wrong = record_finding(clara, one, "phosphate", value="1.9", unit="mmol/L")
    merge_patients(by=clara, survivor=one.patient, duplicate=other.patient, reason="x")
    right = record_finding(clara, other, "phosphate", value="1.1", unit="mmol/L", corrects=str(wrong.pk))
    unmerge_patients(by=clara, duplicate=other.patient, reason="x")

    [findings] = [held for held in held_on(one.patient) if held.model is Finding]

    assert findings.keys == (wrong.pk,)
    assert right.corrects_id == wrong.pk
