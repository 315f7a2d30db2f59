"""Rows that can change keep their past, whoever changes them; and nobody who serves pages can touch what was kept."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, models, transaction

from calcinosis_app.accounts.actions import set_roles
from calcinosis_app.accounts.models import RoleHeld, User
from calcinosis_app.audit.actors import System
from calcinosis_app.core.acting import acting
from calcinosis_app.core.past import KEPT
from calcinosis_app.core.written_once import WrittenOnce
from calcinosis_app.patients.models import Case, DraftEntry, Lesion, Patient
from calcinosis_app.runtime import roles
from tests.cast import SignIn
from tests.factories.case import make_case, only_lesion
from tests.factories.patient import make_patient

# Whoever adds a model that can change keeps its past, or says here why not.
NO_PAST = {
    "core.Heartbeat": "a sign of life: only the last one counts, and it is about nobody",
    "core.OnceKey": "kept for a while, so that what arrives twice is done once; what it did keeps its own past",
    "accounts.CacheEntry": "counts of wrong passwords, kept for minutes",
    "patients.FieldTurn": "who wrote a field last, to keep late requests out; what was written keeps its past as a draft entry",
    "patients.Practice": "the mark of an invented patient: the database lets nobody change or delete it, but put it away",
    "laboratory.ImportFile": "the bytes of a file until its lines are rows, which is all that is ever done with them",
    "audit.Link": "only the database writes it; a link that is changed is found by the nightly check",
    "watching.Alarm": "raising and closing one are events of the log; the answers and checks themselves are written once",
    "watching.Share": "counts, which can be counted again from what is kept",
    "watching.RowCount": "counts, which can be counted again from what is kept",
    "auth.Permission": "opens nothing here (accounts/policy.py)",
    "auth.Group": "opens nothing here (accounts/policy.py)",
    "admin.LogEntry": "Django's own log of its admin; what is done there stands in ours",
    "contenttypes.ContentType": "Django's list of models",
    "sessions.Session": "ends with the working day; signing in and out are events of the log",
    "usersessions.UserSession": "ends with the working day; signing in and out are events of the log",
    "account.EmailAddress": "not used here: a person's address stands in accounts.User",
    "account.EmailConfirmation": "not used here",
    "pghistory.Context": "not used here: each row of the past holds its own context",
}


def models_that_can_change() -> list[type[models.Model]]:
    kept_by = {kept.past for kept in KEPT.values()}
    return [
        model
        for model in apps.get_models()
        if model not in kept_by and not issubclass(model, WrittenOnce) and model._meta.managed and not model._meta.proxy
    ]


@pytest.mark.parametrize("model", models_that_can_change(), ids=lambda model: model._meta.label)
def test_every_model_that_can_change_keeps_its_past_or_says_why_not(model: type[models.Model]) -> None:
    kept = {one._meta.concrete_model for one in KEPT}
    assert (model._meta.concrete_model in kept) != (model._meta.label in NO_PAST), f"{model._meta.label}: see core/past.py"


def test_what_is_named_as_an_exception_is_there() -> None:
    assert set(NO_PAST) <= {model._meta.label for model in apps.get_models()}


@pytest.mark.django_db
@pytest.mark.parametrize("model", list(KEPT), ids=lambda model: model._meta.label)
def test_the_triggers_are_in_the_database(model: type[models.Model]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), bool_and(tgenabled = 'O') FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname LIKE 'pgtrigger_past_%%'",
            [model._meta.db_table],
        )
        assert cursor.fetchone() == (3 if KEPT[model].added else 2, True)


@pytest.mark.parametrize("model", list(KEPT), ids=lambda model: model._meta.label)
def test_no_secret_is_in_the_past(model: type[models.Model]) -> None:
    names = {field.name for field in KEPT[model].past._meta.fields}
    assert not [name for name in names if "password" in name or "secret" in name or name == "data"]


def past_of(row: models.Model) -> list[tuple[str, object]]:
    past = KEPT[type(row)].past
    return [(one.pgh_label, one) for one in past._default_manager.filter(pgh_obj_id=row.pk).order_by("pgh_id")]


@pytest.fixture(params=["application", "owner"])
def raw(request: pytest.FixtureRequest, db: None) -> Iterator[str]:
    """Raw SQL as the application's role, and as the owner of the tables."""
    with connection.cursor() as cursor:
        if request.param == "owner":
            cursor.execute("SET ROLE NONE")
        yield request.param
        cursor.execute("RESET ROLE")


def execute(sql: str, *parameters: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def test_raw_sql_leaves_the_row_as_it_was(clara: User, raw: str) -> None:
    patient = make_patient(clara, family_name="Alder")
    execute("UPDATE patients_patient SET family_name = 'Birch' WHERE id = %s", patient.pk)
    (_, added), (label, before) = past_of(patient)
    assert (added.family_name, label, before.family_name) == ("Alder", "changed", "Alder")
    assert before.pgh_context == {"role": "postgres"}, "nobody of the application: the role that signed in"


def test_a_deleted_row_is_kept_whole(clara: User, raw: str) -> None:
    RoleHeld.objects.create(user=clara, role="nurse")
    held = RoleHeld.objects.get(user=clara, role="nurse")
    execute("DELETE FROM accounts_roleheld WHERE id = %s", held.pk)
    assert [(label, one.role, one.user_id) for label, one in past_of(held)] == [
        ("added", "nurse", clara.pk),
        ("removed", "nurse", clara.pk),
    ]


def test_a_row_that_gets_another_key_is_kept(clara: User, raw: str) -> None:
    patient = make_patient(clara)
    execute("UPDATE patients_patient SET id = gen_random_uuid() WHERE id = %s", patient.pk)
    assert [label for label, _ in past_of(patient)] == ["added", "changed"]


def test_a_row_added_by_raw_sql_leaves_a_trace(clara: User, raw: str) -> None:
    execute("INSERT INTO accounts_roleheld (user_id, role) VALUES (%s, 'administrator')", clara.pk)
    held = RoleHeld.objects.get(user=clara, role="administrator")
    assert [(label, one.pgh_context) for label, one in past_of(held)] == [("added", {"role": "postgres"})]


def test_a_change_that_changes_nothing_leaves_nothing(clara: User) -> None:
    patient = make_patient(clara)
    Patient.objects.filter(pk=patient.pk).update(family_name=patient.family_name)
    assert [label for label, _ in past_of(patient)] == ["added"]


def test_a_new_password_leaves_a_trace_without_the_password(clara: User) -> None:
    clara.set_password("a new and long one")
    clara.save()
    label, before = past_of(clara)[-1]
    assert label == "changed"
    assert "password" not in vars(before)


def test_signing_in_is_no_change_of_a_person(clara: User, sign_in: SignIn) -> None:
    many = len(past_of(clara))
    sign_in(clara)
    clara.refresh_from_db()
    assert clara.last_login is not None
    assert len(past_of(clara)) == many


def test_what_was_typed_and_overwritten_is_kept(clara: User) -> None:
    case = make_case(clara)
    entry = DraftEntry.objects.create(case=case, key="phosphate", raw={"value": "9.8"}, saved_by=clara)
    entry.raw = {"value": "0.98"}
    entry.save()
    entry_id = entry.pk
    entry.delete()
    past = KEPT[DraftEntry].past._default_manager.filter(pgh_obj_id=entry_id).order_by("pgh_id")
    assert [(one.pgh_label, one.raw["value"]) for one in past] == [("changed", "9.8"), ("removed", "0.98")]


def test_many_rows_changed_at_once_are_all_kept(clara: User) -> None:
    case = make_case(clara)
    Lesion.objects.bulk_create([Lesion(case=case, label=f"X{number}", added_by=clara) for number in range(3)])
    assert Lesion.objects.filter(case=case).update(added_at="2026-01-01T00:00:00Z") == 4
    assert KEPT[Lesion].past._default_manager.filter(case_id=case.pk, pgh_label="changed").count() == 4


# --- who ------------------------------------------------------------------------------------------
def test_a_request_says_whose_change_it_is(clara: User, sign_in: SignIn) -> None:
    case = make_case(clara)
    sign_in(clara).post(f"/cases/{case.pk}/lesions/")
    added = KEPT[Lesion].past._default_manager.filter(case_id=case.pk).latest("pgh_id")
    assert (added.pgh_context["id"], added.pgh_context["name"]) == (str(clara.pk), "Dr Clara Winter")
    assert added.pgh_context["way"] == "page desk:add_lesion"


def test_the_next_who_comes_is_somebody_else(clara: User) -> None:
    lesion = only_lesion(make_case(clara))
    with acting(clara, way="page one"):
        with acting(System("worker")):
            Lesion.objects.filter(pk=lesion.pk).update(label="L7")
        Lesion.objects.filter(pk=lesion.pk).update(label="L8")
    Lesion.objects.filter(pk=lesion.pk).update(label="L9")
    who = [one.pgh_context for label, one in past_of(lesion) if label == "changed"]
    assert [one.get("id") for one in who[:2]] == ["system:worker", str(clara.pk)]
    assert [one.get("way") for one in who[:2]] == ["page one", "page one"]


@pytest.mark.django_db(transaction=True)
def test_who_acted_is_forgotten_when_the_transaction_ends(clara: User) -> None:
    lesion = only_lesion(make_case(clara))
    with acting(clara):
        Lesion.objects.filter(pk=lesion.pk).update(label="L8")
    execute("UPDATE patients_lesion SET label = 'L9' WHERE id = %s", lesion.pk)
    assert past_of(lesion)[-1][1].pgh_context == {"role": "postgres"}


def test_an_action_of_the_application_leaves_its_past(clara: User, ada: User) -> None:
    set_roles(by=ada, user=clara, roles=["clinician", "nurse"])
    set_roles(by=ada, user=clara, roles=["clinician"])
    past = KEPT[RoleHeld].past._default_manager.filter(user_id=clara.pk, role="nurse").order_by("pgh_id")
    assert [one.pgh_label for one in past] == ["added", "removed"]


# --- the application can read the past, and nothing else --------------------------------------------
TABLES = sorted(kept.past._meta.db_table for kept in KEPT.values())


@pytest.mark.django_db
@pytest.mark.parametrize("table", TABLES)
def test_the_application_cannot_touch_the_past(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == (roles.APPLICATION,)
    for sql in ("UPDATE {} SET pgh_label = 'x'", "DELETE FROM {}", "TRUNCATE {}", "INSERT INTO {} DEFAULT VALUES", "DROP TABLE {}"):
        with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), transaction.atomic():
            execute(sql.format(f'"{table}"'))


@pytest.mark.django_db
@pytest.mark.parametrize("model", list(KEPT), ids=lambda model: model._meta.label)
def test_the_application_cannot_make_the_triggers_look_away(model: type[models.Model]) -> None:
    for sql in (f'ALTER TABLE "{model._meta.db_table}" DISABLE TRIGGER ALL', "SET session_replication_role = replica"):
        with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), transaction.atomic():
            execute(sql)


def test_the_packages_own_switch_is_not_ours(clara: User) -> None:
    case = make_case(clara)
    execute("SELECT set_config('pgtrigger.ignore', %s, true)", "{" + ",".join(triggers_of(Case)) + "}")
    Case.objects.filter(pk=case.pk).update(title="Elbow")
    assert [label for label, _ in past_of(case)] == ["added", "changed"]


def triggers_of(model: type[models.Model]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal", [model._meta.db_table])
        return [name for (name,) in cursor.fetchall()]
