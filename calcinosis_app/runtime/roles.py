"""Two roles in the database: the owner changes the schema, the application only rows, and not all of those.

What is written once stays as it was written even when the application is mistaken or broken into:
audit events, releases, findings and assessments can be added and read, never changed, deleted or emptied; people, cases,
plans and reminders can be changed, never deleted. What they were before stands in tables of the past, which triggers fill with
the owner's rights: the application reads them and can do nothing else, not even add to them.
"""

from typing import Any

from psycopg2 import sql
from psycopg2.errors import InsufficientPrivilege

from calcinosis_app.runtime.processes import RuntimeProblem

OWNER = "calcinosis_owner"
APPLICATION = "calcinosis"
DATABASE = "calcinosis"
APPEND_ONLY = (
    "audit_event",
    "rulebooks_release",
    "patients_finding",
    "patients_notsame",
    "patients_pastnumber",
    "laboratory_importedresult",
    "assessments_assessment",
    "watching_run",
    "watching_answer",
    "watching_check",
    "watching_sourcecheck",
)
NEVER_DELETED = (
    "accounts_apitoken",
    "accounts_clinic",
    "accounts_emergencyaccess",
    "accounts_onetimelink",
    "accounts_user",
    "followups_plan",
    "followups_reminder",
    "laboratory_codemapping",
    "laboratory_unitmapping",
    "patients_case",
    "patients_lesion",
    "patients_merge",
    "patients_patient",
    "patients_recordhold",
    "patients_retentionrule",
    "patients_practice",
    "patients_transferoffer",
    "watching_alarm",
)
READ_ONLY = ("audit_link", "django_migrations", "pghistory_context")
PAST = "_past"


def create(connection: Any, *, owner: str = OWNER, application: str = APPLICATION, database: str = DATABASE) -> None:
    """Makes the two roles and the database, each when it is missing. `connection` is a superuser's, in autocommit."""
    with connection.cursor() as cursor:
        for role in (owner, application):
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
            if cursor.fetchone() is None:
                cursor.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
        if cursor.fetchone() is None:
            cursor.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(database), sql.Identifier(owner)))


def ensure(connection: Any, *, application: str, password: str) -> None:
    """Makes the application's role when it is missing, and refuses one that could do more than it should.

    `connection` is the owner's. Raises RuntimeProblem when the role is the owner itself or a superuser, or cannot be made.
    """
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT current_user, (SELECT rolsuper FROM pg_roles WHERE rolname = %s)", [application])
        owner, superuser = cursor.fetchone()
        if owner == application:
            raise RuntimeProblem(
                f"DATABASE_URL and DATABASE_OWNER_URL name the same role, {owner!r}: give the application a role of its own, "
                "so that it can never change what is written once."
            )
        if superuser:
            raise RuntimeProblem(
                f"The role {application!r} in DATABASE_URL is a superuser, whom nothing can be forbidden: use an ordinary role."
            )
        if superuser is not None:
            _refuse_member(cursor, owner, application)
            return
        try:
            cursor.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD %s").format(sql.Identifier(application)), [password or None])
        except InsufficientPrivilege as error:
            raise RuntimeProblem(
                f"The role {application!r} in DATABASE_URL does not exist, and {owner!r} may not create it: "
                f"as a superuser, CREATE ROLE {application} LOGIN PASSWORD '...'"
            ) from error


def _refuse_member(cursor: Any, owner: str, application: str) -> None:
    """Raises RuntimeProblem when the application's role may act as the owner."""
    cursor.execute("SELECT pg_has_role(%s, %s, 'MEMBER')", [application, owner])
    if cursor.fetchone()[0]:
        raise RuntimeProblem(
            f"The role {application!r} in DATABASE_URL is a member of {owner!r} and could do all that the owner can: "
            f"REVOKE {owner} FROM {application}, or use another role."
        )


def grant(connection: Any, *, application: str = APPLICATION) -> None:
    """Gives `application` what it needs on every table there is, and takes back what it must not have.

    Run after each migration, by the role that owns the tables. One transaction: a running server never notices.
    `connection` is a psycopg2 connection.
    """
    role = sql.Identifier(application)
    with connection, connection.cursor() as cursor:
        cursor.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        # A table of one's own could otherwise stand before ours in a name that a trigger looks up.
        cursor.execute("SELECT current_database()")
        cursor.execute(sql.SQL("REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC").format(sql.Identifier(cursor.fetchone()[0])))
        cursor.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(role))
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        for (table,) in cursor.fetchall():
            name = sql.Identifier("public", table)
            cursor.execute(sql.SQL("REVOKE ALL ON {} FROM {}").format(name, role))
            cursor.execute(sql.SQL("GRANT {} ON {} TO {}").format(sql.SQL(rights(table)), name, role))
        cursor.execute(sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}").format(role))


def rights(table: str) -> str:
    """What the application may do to the rows of `table`, in SQL's words."""
    if table in READ_ONLY or table.endswith(PAST):
        return "SELECT"
    if table in APPEND_ONLY:
        return "SELECT, INSERT"
    if table in NEVER_DELETED:
        return "SELECT, INSERT, UPDATE"
    return "SELECT, INSERT, UPDATE, DELETE"
