"""Whatever text lies in the database, from a form, a file or a program: every page, print and export shows it as text, and as it is."""

import csv
import io
import json
from html.parser import HTMLParser
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models
from django.test import Client

from calcinosis_app.accounts.models import User
from calcinosis_app.core.readable import UNSEEN
from calcinosis_app.patients.actions import save_entry
from tests.everywhere.matrix import Cell, cells
from tests.everywhere.visits import address
from tests.everywhere.world import World, make_world

# Markup that would run, a formula, what turns the order of reading, control characters, a template's brackets.
MARK = "probe"
HOSTILE = f"=1'\"><{MARK} onerror=x>\u202e3\x07{{{{x}}}}\u2066\x1b[31m"
FORMULA = ("=", "+", "-", "@", "\t", "\r")

# What people, files and programs write freely. Everything else that holds text is written by the product itself.
WRITTEN = {
    "accounts.ApiToken": {"label"},
    "accounts.Clinic": {"name"},
    "accounts.EmergencyAccess": {"reason"},
    "accounts.User": {"display_name"},
    "assessments.Review": {"note"},
    "assessments.Step": {"text", "details"},
    "assessments.TypeOverride": {"text"},
    "audit.Event": {"actor"},
    "core.Heartbeat": {"note"},
    "followups.Reminder": {"text"},
    "laboratory.CodeMapping": {"laboratory", "system", "code"},
    "laboratory.Import": {"file_name", "laboratory"},
    "laboratory.Line": {"laboratory", "system", "code", "unit", "spoiled"},
    "laboratory.UnitMapping": {"laboratory", "system", "code", "spelling"},
    "patients.Case": {"title"},
    "patients.Merge": {"reason", "unmerge_reason"},
    "patients.PastNumber": {"number"},
    "patients.Patient": {"number", "family_name", "given_name"},
    "patients.RecordHold": {"reason"},
    "patients.TransferOffer": {"reason", "number", "answer"},
    "rulebooks.Release": {"published_by"},
    "watching.Alarm": {"note"},
    "watching.SourceCheck": {"note"},
}
BY_THE_PRODUCT = {
    "accounts.CacheEntry": {"cache_key", "value"},
    "accounts.Clinic": {"time_zone"},
    "accounts.OneTimeLink": {"secret_hash"},
    "accounts.RoleHeld": {"role"},
    "accounts.PermissionGranted": {"permission"},
    "accounts.ApiToken": {"secret_hash"},
    "accounts.User": {"password", "username", "email"},  # checked letter by letter at the door
    "assessments.Assessment": {"jurisdiction", "engine", "findings", "result", "sha256"},
    "assessments.Step": {"treatment", "row", "lesion", "status"},
    "assessments.TypeOverride": {"lesion", "says", "type"},
    "audit.Link": {"hash"},
    "audit.Event": {"actor_id", "clinic", "action", "subject_kind", "subject_id"},
    "core.OnceKey": {"person", "purpose", "key", "fingerprint", "kind", "made"},  # shown nowhere
    "followups.Reminder": {"row", "treatment", "condition", "lesion", "owner_role"},
    "laboratory.CodeMapping": {"key"},
    "laboratory.Import": {"sha256", "say"},
    "laboratory.ImportedResult": {"fingerprint", "content"},
    "laboratory.Line": {"key", "say", "fingerprint", "content"},
    "laboratory.UnitMapping": {"key", "unit"},
    "patients.DraftEntry": {"key"},
    "patients.FieldTurn": {"page", "key"},
    "patients.Finding": {"key", "unit", "comparator", "flag", "code", "state"},
    "patients.Lesion": {"label"},
    "patients.Practice": {"worked_case"},
    "rulebooks.Release": {"hash", "content", "engine"},
    "watching.Alarm": {"subject", "says", "digest", "closed_by"},
    "watching.Answer": {"case", "digest", "result"},
    "watching.Check": {"hash"},
    "watching.RowCount": {"row", "reason"},
    "watching.Run": {"engine"},
    "watching.Share": {"basis"},
    "watching.SourceCheck": {"key"},
}


def texts(model: type[models.Model]) -> set[str]:
    return {field.name for field in model._meta.fields if isinstance(field, models.CharField | models.TextField) and not field.choices}


def ours() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("calcinosis_app.")]


def written(model: type[models.Model]) -> set[str]:
    """What is written freely in the rows of a table; its past holds the same as the table itself."""
    return WRITTEN.get(model._meta.label.removesuffix("Past"), set()) & texts(model)


def test_every_text_is_either_written_freely_or_by_the_product() -> None:
    known = {model._meta.label: texts(model) for model in ours() if texts(model) and not model._meta.label.endswith("Past")}
    named = {label: WRITTEN.get(label, set()) | BY_THE_PRODUCT.get(label, set()) for label in {*WRITTEN, *BY_THE_PRODUCT}}
    assert named == known


@pytest.fixture
def world(clara: User, nadia: User, tilda: User) -> World:
    """A clinic in which every text that can be written freely is hostile."""
    made = make_world(clara, nadia, tilda)
    save_entry(by=clara, case=made.case, key="phosphate", raw={"value": HOSTILE, "unit": HOSTILE, "date": HOSTILE})
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE; SET session_replication_role = replica")  # past our own guards, as a stranger's program would be
        for model in ours():
            for name in written(model):
                field = model._meta.get_field(name)
                length = getattr(field, "max_length", None) or 4000
                different = f'left(md5("{model._meta.pk.column}"::text), 5)'  # where it must not be there twice
                cursor.execute(
                    f'UPDATE "{model._meta.db_table}" SET "{field.column}" = left(%s, %s - 5) || {different} WHERE "{field.column}" <> %s',  # noqa: S608 (names of our own tables)
                    [HOSTILE, length, ""],
                )
        cursor.execute("RESET session_replication_role; RESET ROLE")
    for one in (made.patient, made.case, made.person):
        one.refresh_from_db()
    return made


class Found(HTMLParser):
    """What a page consists of, as a browser reads it."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.handlers: list[str] = []
        self.shown = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        runs = [f"{name}={value}" for name, value in attrs if name.startswith("on") or (value or "").startswith("javascript:")]
        self.handlers += [f"<{tag} {one}>" for one in runs]

    def handle_data(self, data: str) -> None:
        self.shown += data


def visited(cell: Cell, world: World, people: dict[str, Client]) -> Any:
    role = min(cell.own)
    return people[role].get(address(cell.route, cell.thing, world))


def test_every_page_shows_it_as_text(world: World, clara: User, nadia: User, karl: User, aya: User, ada: User) -> None:
    people = {}
    for role, user in {"clinician": clara, "nurse": nadia, "curator": karl, "approver": aya, "administrator": ada}.items():
        people[role] = Client()
        people[role].force_login(user)
    wrong: list[str] = []
    shown_on: list[str] = []
    for cell in cells():
        if cell.method != "GET" or not cell.own:
            continue
        answer = visited(cell, world, people)
        text = b"".join(answer).decode() if answer.streaming else answer.content.decode()
        wrong += [f"{cell.route}: {problem}" for problem in problems(answer.get("Content-Type", ""), text, answer.status_code)]
        if MARK in text:
            shown_on.append(cell.route)
    assert not wrong, "\n".join(wrong)
    assert len(shown_on) > 15, f"a sweep that finds the text hardly anywhere shows nothing: {shown_on}"


def problems(kind: str, text: str, status: int) -> list[str]:
    """What is wrong with an answer that repeats the hostile text."""
    if status >= 500:
        return [f"error {status}"]
    if kind.startswith("text/html"):
        page = Found(text)
        found = [f"an element <{MARK}>"] if MARK in page.tags else []
        found += [f"a handler {handler}" for handler in page.handlers]
        found += [f"an unseen character U+{ord(found[0]):04X}" for found in [UNSEEN.search(page.shown)] if found]
        return found
    if kind.startswith("text/csv"):
        fields = [field for row in csv.reader(io.StringIO(text), delimiter=";" if ";" in text else ",") for field in row]
        return [f"a formula {field!r}" for field in fields if field.startswith(FORMULA) and MARK in field]
    if kind.startswith(("application/json", "application/vnd.oai.openapi")):
        json.loads(text) if kind.startswith("application/json") else None
        return []
    if MARK in text:
        return [f"repeated as {kind}"]
    return []
