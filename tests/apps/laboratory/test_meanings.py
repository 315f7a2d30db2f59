"""What a code or unit means is said for one laboratory and one code, never counts for another, and can be said anew."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from calcinosis_app.accounts.models import User
from calcinosis_app.audit.models import Event
from calcinosis_app.laboratory.actions import MappingRefused, map_code, map_unit, work_on
from calcinosis_app.laboratory.codes import LOINC, system_called
from calcinosis_app.laboratory.models import CodeMapping, UnitMapping
from calcinosis_app.patients.models import Finding
from tests.cast import SignIn
from tests.factories.laboratory import csv_of, dry_run, fates, imported, only_line, result_of
from tests.factories.patient import make_patient

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("release")]

QUEUE = reverse("laboratory:queue")
UREA = {"laboratory": "central", "key": "urea", "spelling": "mg/dL"}
LOCAL = {"laboratory": "central", "system": "", "code": "PO4"}


def test_nothing_is_mapped_for_a_laboratory_without_name(nadia: User) -> None:
    source = imported(nadia, csv_of(result_of(make_patient(nadia), code="CA", code_system="")), laboratory="")

    assert "no laboratory is named" in only_line(source).say
    with pytest.raises(MappingRefused, match="has no name"):
        map_code(by=nadia, laboratory="", system="", code="CA", key="ca_total")
    with pytest.raises(MappingRefused, match="has no name"):
        map_unit(by=nadia, laboratory="", system="", code="CA", key="phosphate", spelling="x", unit="mmol/L")


def test_what_was_mapped_without_a_name_counts_for_nobody(nadia: User) -> None:
    """Such mappings were made before the name was asked for."""
    CodeMapping.objects.create(clinic=nadia.clinic, made_by=nadia, laboratory="", system="", code="CA", key="ca_total")

    source = imported(nadia, csv_of(result_of(make_patient(nadia), code="CA", code_system="", value="1.2")), laboratory="")

    assert only_line(source).reason == "unknown_code"


def test_a_unit_that_was_mapped_for_one_code_says_nothing_of_another(nadia: User) -> None:
    vera = make_patient(nadia)
    bun = imported(nadia, csv_of(result_of(vera, code="3094-0", value="20", unit="mg/dL")))
    assert map_unit(by=nadia, system="loinc", code="3094-0", unit="mg/dL{urea_nitrogen}", **UREA) == 1
    map_code(by=nadia, laboratory="central", system="", code="HARNST", key="urea")
    work_on(seconds=20)
    assert only_line(bun).fate == "imported"

    own = result_of(vera, code="HARNST", code_system="", value="43", unit="mg/dL")
    assert only_line(imported(nadia, csv_of(own))).reason == "unknown_unit"
    map_unit(by=nadia, system="", code="HARNST", unit="mg/dL{urea}", **UREA)
    work_on(seconds=20)

    assert sorted(Finding.objects.values_list("unit", flat=True)) == ["mg/dL{urea_nitrogen}", "mg/dL{urea}"]


def test_a_unit_mapping_without_code_applies_to_nothing(nadia: User) -> None:
    UnitMapping.objects.create(clinic=nadia.clinic, made_by=nadia, unit="mg/dL{urea}", **UREA)

    source = imported(nadia, csv_of(result_of(make_patient(nadia), code="3094-0", value="20", unit="mg/dL")))

    assert only_line(source).reason == "unknown_unit"
    with pytest.raises(MappingRefused, match="for one code"):
        map_unit(by=nadia, system="", code="", unit="mg/dL{urea}", **UREA)
    with pytest.raises(IntegrityError), transaction.atomic():
        UnitMapping.objects.create(clinic=nadia.clinic, made_by=nadia, unit="mg/dL{urea_nitrogen}", **UREA)


def test_the_code_of_urea_nitrogen_is_never_urea(nadia: User) -> None:
    with pytest.raises(MappingRefused, match="choose the unit that the code says"):
        map_unit(by=nadia, system="loinc", code="3094-0", unit="mg/dL{urea}", **UREA)

    line = only_line(imported(nadia, csv_of(result_of(make_patient(nadia), code="3094-0", value="21", unit="mg/dL urea"))))

    assert line.reason == "code_and_unit"
    assert "The code 3094-0 says urea nitrogen" in line.say
    assert (
        only_line(imported(nadia, csv_of(result_of(make_patient(nadia), code="3094-0", value="21", unit="mg/dL BUN")))).fate == "imported"
    )


@pytest.mark.parametrize("system", ["", "LN", "own list"])
def test_a_code_that_never_counts_never_does(nadia: User, system: str) -> None:
    with pytest.raises(MappingRefused, match="has its meaning from the release"):
        map_code(by=nadia, laboratory="central", system=system_called(system), code="33914-3", key="egfr")
    CodeMapping.objects.create(
        clinic=nadia.clinic, made_by=nadia, laboratory="central", system=system_called(system), code="33914-3", key="egfr"
    )

    source = imported(nadia, csv_of(result_of(make_patient(nadia), code="33914-3", code_system=system, value="80", unit="mL/min/1.73m2")))

    assert only_line(source).reason == "never_counted"


def test_the_name_of_loinc_is_known_in_its_spellings() -> None:
    for name in (
        "LOINC",
        "loinc ",
        "Ln",
        "LNC",
        "LOINC 2.77",
        "loinc_2.77",
        "http://loinc.org/",
        "https://loinc.org",
        "2.16.840.1.113883.6.1",
    ):
        assert system_called(name) == LOINC, name
    for name in ("", "line", "own loinc", "snomed", "lnx"):
        assert system_called(name) != LOINC, name


@pytest.mark.parametrize(("code", "key", "unit"), [("1989-3", "vitd25", "ng/mL"), ("1649-3", "vitd125", "pg/mL")])
def test_a_code_of_vitamin_d3_alone_is_mapped_by_a_person(nadia: User, code: str, key: str, unit: str) -> None:
    source = imported(nadia, csv_of(result_of(make_patient(nadia), code=code, value="30", unit=unit)))
    assert only_line(source).reason == "unknown_code"

    map_code(by=nadia, laboratory="central", system="loinc", code=code, key=key)
    work_on(seconds=20)

    assert only_line(source).fate == "imported"


def test_what_was_not_needed_and_then_is_runs_again(nadia: User) -> None:
    source = imported(nadia, csv_of(result_of(make_patient(nadia), code="PO4", code_system="")))
    map_code(by=nadia, key="", **LOCAL)
    work_on(seconds=20)
    assert only_line(source).reason == "not_needed"

    assert map_code(by=nadia, key="phosphate", **LOCAL) == 1
    work_on(seconds=20)

    assert only_line(source).fate == "imported"


def test_a_dry_run_follows_a_mapping_that_was_said_anew(nadia: User) -> None:
    vera = make_patient(nadia)
    row = result_of(vera, code="PO4", code_system="", sample_id="s1")
    source = dry_run(nadia, csv_of(row, row, {**row, "sample id": "s2"}))
    for key in ("phosphate", "potassium"):
        assert map_code(by=nadia, key=key, **LOCAL) == 3
        work_on(seconds=20)

        assert fates(source) == [(2, "imported", ""), (3, "ignored", "again"), (4, "imported", "")]
        assert set(source.lines.values_list("key", flat=True)) == {key}


def test_findings_of_an_earlier_mapping_stay_and_are_counted(sign_in: SignIn, nadia: User) -> None:
    vera = make_patient(nadia)
    map_code(by=nadia, key="phosphate", **LOCAL)
    content = csv_of(result_of(vera, code="PO4", code_system="", sample_id="s1"))
    source = imported(nadia, content)

    assert map_code(by=nadia, key="potassium", **LOCAL) == 0

    assert only_line(source).finding == Finding.objects.get()
    event = Event.objects.filter(action="code.mapped").latest("pk")
    assert (event.detail["before"], event.detail["findings_kept"]) == ({"key": "phosphate"}, 1)
    assert 'data-column="Findings from an earlier mapping">1<' in sign_in(nadia).get(QUEUE).text
    assert only_line(imported(nadia, content)).reason == "changed"


def test_what_was_mapped_is_changed_on_the_queue(sign_in: SignIn, nadia: User) -> None:
    map_code(by=nadia, key="phosphate", **LOCAL)
    map_unit(by=nadia, key="phosphate", spelling="mmol pro L", unit="mmol/L", **LOCAL)
    client = sign_in(nadia)

    page = client.get(QUEUE).text
    assert page.count('value="PO4"') == 2
    assert '<option value="phosphate" selected>' in page
    assert '<option value="mmol/L" selected>' in page

    one = {"TOTAL_FORMS": "1", "INITIAL_FORMS": "1"}
    for kind, said in (
        ("codes", {**LOCAL, "key": "albumin"}),
        ("units", {**LOCAL, "key": "phosphate", "spelling": "mmol pro L", "unit": "mg/dL"}),
    ):
        data = {f"{kind}-{name}": text for name, text in one.items()} | {f"{kind}-0-{name}": text for name, text in said.items()}
        assert "1 mapped. 0 lines run again." in client.post(reverse(f"laboratory:{kind}"), data, follow=True).text
    assert (CodeMapping.objects.get().key, UnitMapping.objects.get().unit) == ("albumin", "mg/dL")


def test_looking_at_the_queue_is_an_event(sign_in: SignIn, nadia: User) -> None:
    client = sign_in(nadia)
    client.get(QUEUE)
    client.post(reverse("laboratory:codes"), {})  # refused: the page comes back with its lines

    assert Event.objects.filter(action="queue.opened", subject_id=str(nadia.clinic_id)).count() == 2
