"""The pages of the import: sent, watched, committed, mapped; by those who may, of their own clinic."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from calcinosis_app.accounts.models import User
from calcinosis_app.audit.models import Event
from calcinosis_app.laboratory.actions import work_on
from calcinosis_app.laboratory.models import CodeMapping, Import, UnitMapping
from calcinosis_app.patients.models import Finding
from tests.apps.patients.ladder import assert_guarded
from tests.cast import SignIn
from tests.factories.laboratory import csv_of, dry_run, imported, only_line, result_of, xlsx_of
from tests.factories.patient import make_patient

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("release")]

LIST = reverse("laboratory:imports")
QUEUE = reverse("laboratory:queue")
DECLARED = {"laboratory": "Central", "kind": "csv", "decimal": "point", "dates": "iso", "delimiter": "comma", "encoding": "utf-8"}


def send(client: Client, content: bytes, name: str = "results.csv", **declared: str) -> "Client":
    return client.post(LIST, {**DECLARED, **declared, "file": SimpleUploadedFile(name, content)})


def test_a_file_is_tried_then_imported(sign_in: SignIn, nadia: User) -> None:
    client = sign_in(nadia)
    vera = make_patient(nadia)

    sent = send(client, csv_of(result_of(vera), result_of(vera, code="X9", code_system="")))
    source = Import.objects.get()
    assert sent["Location"] == source.get_absolute_url()
    assert "The file is being read" in client.get(sent["Location"]).text

    work_on(seconds=20)
    page = client.get(sent["Location"]).text
    assert "would be imported" in page
    assert "Import 1 result<" in page
    assert "The code X9 is not known" in page
    assert not Finding.objects.exists()

    assert client.post(reverse("laboratory:commit", args=[source.pk]))["Location"] == source.get_absolute_url()
    work_on(seconds=20)
    assert Finding.objects.count() == 1
    assert "imported 1" not in client.get(LIST).text
    assert "1 imported, 0 ignored, 1 refused" in client.get(LIST).text


def test_progress_is_asked_for_until_it_has_ended(sign_in: SignIn, nadia: User) -> None:
    client = sign_in(nadia)
    send(client, csv_of(result_of(make_patient(nadia))))
    url = reverse("laboratory:progress", args=[Import.objects.get().pk])

    running = client.get(url)
    assert 'hx-trigger="every 1s"' in running.text
    assert '"Calcinosis-Background": "1"' in running.text, "watching is no activity"
    assert "HX-Refresh" not in running

    work_on(seconds=20)
    ended = client.get(url)
    assert "hx-trigger" not in ended.text
    assert ended["HX-Refresh"] == "true"


def test_a_spreadsheet_can_be_sent(sign_in: SignIn, nadia: User) -> None:
    send(sign_in(nadia), xlsx_of(result_of(make_patient(nadia))), "results.xlsx", kind="xlsx")
    work_on(seconds=20)

    assert only_line(Import.objects.get()).fate == "imported"


@pytest.mark.parametrize(
    ("content", "declared", "say"),
    [
        (b"a,b\n1,2\n", {}, "names no column"),
        (b"", {}, "The file is empty"),
        (b"\xff\xfe", {}, "not written in UTF-8"),
        (b"no zip", {"kind": "xlsx"}, "no spreadsheet in XLSX form"),
        (b"x", {"dates": "roman"}, "Select a valid choice"),
        (b"x", {"laboratory": "x" * 101}, "at most 100 characters"),
        (b"x", {"laboratory": "ß" * 60}, "longer than 100 letters"),
        (b"x", {"laboratory": " "}, "Name the laboratory"),
    ],
)
def test_what_cannot_be_read_comes_back_with_the_remedy(
    sign_in: SignIn, nadia: User, content: bytes, declared: dict[str, str], say: str
) -> None:
    page = send(sign_in(nadia), content, **declared)

    assert page.status_code == 422
    assert say in page.text
    assert not Import.objects.exists()


def test_odd_characters_in_names_and_titles_are_kept_as_far_as_can_be(sign_in: SignIn, nadia: User) -> None:
    header = csv_of().decode().strip() + ",odd \x00 title"
    assert send(sign_in(nadia), header.encode(), "a\x00b\u202e.csv").status_code == 302
    assert send(sign_in(nadia), xlsx_of({"value": "_xD800_ _x0000_"}), kind="xlsx").status_code == 302
    work_on(seconds=20)

    assert set(Import.objects.values_list("state", flat=True)) == {"done"}


def test_nothing_sent_is_said(sign_in: SignIn, nadia: User) -> None:
    page = sign_in(nadia).post(LIST, {})

    assert page.status_code == 422
    assert "Choose a file." in page.text


def test_lines_are_filtered_by_fate_and_reason(sign_in: SignIn, nadia: User) -> None:
    vera = make_patient(nadia)
    source = dry_run(nadia, csv_of(result_of(vera), result_of(vera, value="11")))
    client = sign_in(nadia)

    def shown(query: str) -> str:
        return client.get(f"{source.get_absolute_url()}?{query}").text

    assert "1 shown" in shown("fate=refused")
    assert "almost surely mg/dL" in shown("fate=refused")
    assert "almost surely mg/dL" not in shown("fate=imported").partition("Why lines were left out")[0]
    assert "1 shown" in shown("reason=impossible")
    assert "2 shown" in shown("fate=nonsense&page=x")


def test_looking_at_an_import_is_an_event(sign_in: SignIn, nadia: User) -> None:
    source = dry_run(nadia, csv_of(result_of(make_patient(nadia))))

    sign_in(nadia).get(source.get_absolute_url())

    assert Event.objects.filter(action="import.opened", subject_id=str(source.pk)).count() == 1


def test_markup_in_a_file_does_no_harm(sign_in: SignIn, nadia: User) -> None:
    bad = "<script>alert(1)</script>"
    source = imported(nadia, csv_of(result_of(make_patient(nadia), code=bad, code_system="", code_name=bad, unit=bad, value=bad)))

    for page in (source.get_absolute_url(), QUEUE):
        text = sign_in(nadia).get(page).text
        assert bad not in text
        assert "&lt;script&gt;" in text


def test_codes_and_units_are_mapped_on_the_queue(sign_in: SignIn, nadia: User) -> None:
    vera = make_patient(nadia)
    source = imported(nadia, csv_of(result_of(vera, code="PO4", code_system=""), result_of(vera, unit="mmol pro L", value="1.3")))
    client = sign_in(nadia)
    assert "PO4" in client.get(QUEUE).text
    managed = {"TOTAL_FORMS": "1", "INITIAL_FORMS": "1"}

    def post(kind: str, **data: str) -> "Client":
        sent = {**{f"{kind}-{name}": value for name, value in managed.items()}, **{f"{kind}-0-{name}": text for name, text in data.items()}}
        return client.post(reverse(f"laboratory:{kind}"), sent, follow=True)

    unit = {"laboratory": "central", "system": "loinc", "code": "14879-1", "key": "phosphate"}
    assert "1 mapped. 1 lines run again." in post("codes", laboratory="central", system="", code="PO4", key="phosphate").text
    assert "1 mapped. 1 lines run again." in post("units", **unit, spelling="mmol pro L", unit="mmol/L").text
    assert "Nothing was chosen" in post("codes", laboratory="central", system="", code="PO5", key="").text
    assert "has its meaning from the release" in post("units", **unit, spelling="mg/dl", unit="mmol/L").text
    assert post("codes", code="").status_code == 422
    assert client.post(reverse("laboratory:codes"), {}).status_code == 422
    work_on(seconds=20)

    assert set(source.lines.values_list("fate", flat=True)) == {"imported"}
    assert (CodeMapping.objects.count(), UnitMapping.objects.count()) == (1, 1)


def test_a_line_is_set_aside_with_a_reason(sign_in: SignIn, nadia: User) -> None:
    line = only_line(imported(nadia, csv_of(result_of(make_patient(nadia), value="11"))))
    client = sign_in(nadia)
    url = reverse("laboratory:set_aside")

    without = client.post(url, {"line": line.pk, "why": " "})
    assert without.status_code == 422
    assert "Say in a few words" in without.text

    assert "Row 2 was set aside." in client.post(url, {"line": line.pk, "why": "repeated"}, follow=True).text
    assert "in the queue no more" in client.post(url, {"line": line.pk, "why": "repeated"}, follow=True).text
    assert client.post(url, {"line": 2**62 - 1, "why": "x"}).status_code == 404
    assert client.post(url, {"line": 2**70, "why": "x"}).status_code == 422


def test_a_dry_run_is_thrown_away(sign_in: SignIn, nadia: User) -> None:
    source = dry_run(nadia, csv_of(result_of(make_patient(nadia))))

    page = sign_in(nadia).post(reverse("laboratory:discard", args=[source.pk]), follow=True)

    assert "thrown away" in page.text
    assert not Import.objects.exists()


def test_the_template_is_a_file_that_is_understood(sign_in: SignIn, nadia: User) -> None:
    client = sign_in(nadia)
    for delimiter in ("comma", "semicolon", "tab"):
        template = client.get(reverse("laboratory:template", args=[delimiter]))
        assert template["Content-Disposition"].startswith("attachment")
        assert dry_run(nadia, template.content, delimiter=delimiter).unread_columns == []
    assert client.get(reverse("laboratory:template", args=["dot"])).status_code == 404


@pytest.mark.parametrize(
    ("view", "method"), [("import", "get"), ("progress", "get"), ("commit", "post"), ("again", "post"), ("discard", "post")]
)
def test_guards(sign_in: SignIn, clara: User, ada: User, sven: User, view: str, method: str) -> None:
    source = dry_run(clara, csv_of(result_of(make_patient(clara))))

    assert_guarded(f"laboratory:{view}", source.pk, sign_in, stranger=sven, wrong_role=ada, right=clara, method=method)
    assert Import.objects.count() == 1
    assert not Finding.objects.exists()


def test_the_list_and_the_queue_are_for_those_who_may(sign_in: SignIn, ada: User, sven: User, clara: User) -> None:
    source = dry_run(clara, csv_of(result_of(make_patient(clara), code="X9", code_system="")))
    line = only_line(imported(clara, csv_of(result_of(make_patient(clara), value="11"))))

    for address in (LIST, QUEUE):
        assert sign_in(ada).get(address).status_code == 403
        assert str(source.pk) not in sign_in(sven).get(address).text
        assert "X9" not in sign_in(sven).get(address).text
    assert send(sign_in(ada), b"").status_code == 403
    assert sign_in(sven).post(reverse("laboratory:set_aside"), {"line": line.pk, "why": "x"}).status_code == 404
    assert sign_in(clara).get(reverse("laboratory:import", args=[uuid4()])).status_code == 404
