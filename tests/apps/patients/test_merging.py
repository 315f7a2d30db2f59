"""Two patients who are one person: what counts while they are merged, and that unmerging gives back what was."""

import random
from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.http import Http404
from django.urls import reverse

from calcinosis_app.accounts.models import User
from calcinosis_app.audit.models import Event
from calcinosis_app.core.errors import Conflict
from calcinosis_app.patients.actions import merge_patients, open_case, record_results, unmerge_patients
from calcinosis_app.patients.bridge import case_document, fact_of, result_from
from calcinosis_app.patients.models import Case, Finding, Merge, Patient
from calcinosis_app.patients.pairs import contradictions_between, corrected_across
from calcinosis_app.patients.selectors import cases_of, findings_of, lesions_of, search_patients, survivor_of
from tests.at_once import at_once, together
from tests.cast import SignIn
from tests.factories.case import make_case, only_lesion, record_finding
from tests.factories.patient import make_patient

pytestmark = pytest.mark.usefixtures("release")
REASON = "same identity card"
TABLES = ("patients_case", "patients_lesion", "patients_finding", "patients_draftentry", "patients_patient")


def merge(by: User, survivor: Patient, duplicate: Patient) -> Merge:
    return merge_patients(by=by, survivor=survivor, duplicate=duplicate, reason=REASON)


def unmerge(by: User, duplicate: Patient) -> Merge | None:
    return unmerge_patients(by=by, duplicate=duplicate, reason="two birth dates confirmed")


def found(case: Case) -> set[object]:
    return set(findings_of(Case.objects.get(pk=case.pk)).values_list("pk", flat=True))


def rows(*tables: str) -> dict[str, list[str]]:
    """Every row of these tables, as text."""
    with connection.cursor() as cursor:
        read = {}
        for table in tables or TABLES:
            cursor.execute(f"SELECT t::text FROM {table} AS t ORDER BY 1")  # noqa: S608
            read[table] = [row for (row,) in cursor.fetchall()]
    return read


def test_what_is_known_of_either_counts_in_every_case(clara: User) -> None:
    one, other = make_case(clara), make_case(clara)
    phosphate = record_finding(clara, one, "phosphate", value="1.9", unit="mmol/L")
    ssc = record_finding(clara, other, "ssc", answer="yes")
    of_lesion = record_finding(clara, other, "painful", lesion=only_lesion(other), answer="yes")

    merge(clara, one.patient, other.patient)

    assert found(one) == {phosphate.pk, ssc.pk}
    assert found(other) == {phosphate.pk, ssc.pk, of_lesion.pk}
    assert set(cases_of(one.patient)) == {one, other} == set(cases_of(other.patient))


def test_the_survivors_age_and_sex_count(clara: User) -> None:
    survivor = make_patient(clara, birth_date=date(2020, 1, 1), sex="male")
    case = make_case(clara)

    merge(clara, survivor, case.patient)

    assert case_document(case)["patient"] == {"birth_date": "2020-01-01", "sex": "male", "findings": {}}
    unmerge(clara, case.patient)
    assert case_document(case)["patient"] == {"birth_date": "1961-05-04", "sex": "female", "findings": {}}


def test_a_case_of_the_duplicate_is_opened_under_the_survivor(clara: User) -> None:
    survivor, duplicate = make_patient(clara), make_patient(clara)
    merge(clara, survivor, duplicate)

    assert open_case(by=clara, patient=duplicate).patient == survivor


def test_a_correction_in_a_case_of_the_other_counts_as_long_as_they_are_merged(clara: User) -> None:
    one, other = make_case(clara), make_case(clara)
    wrong = record_finding(clara, other, "phosphate", value="1.9", unit="mmol/L")
    merge(clara, one.patient, other.patient)
    right = record_finding(clara, one, "phosphate", value="1.1", unit="mmol/L", corrects=str(wrong.pk))
    assert found(one) == found(other) == {right.pk}
    assert list(corrected_across(one.patient, other.patient)) == [wrong]

    unmerge(clara, other.patient)

    assert (found(one), found(other)) == ({right.pk}, {wrong.pk})
    mended = record_finding(clara, other, "phosphate", value="1.2", unit="mmol/L", corrects=str(wrong.pk))
    assert found(other) == {mended.pk}
    merge(clara, one.patient, other.patient)
    assert found(one) == {right.pk, mended.pk}


def test_it_is_written_down_and_done_once(clara: User) -> None:
    survivor, duplicate = make_patient(clara), make_patient(clara)

    assert merge(clara, survivor, duplicate) == merge(clara, survivor, duplicate)

    event = Event.objects.get(action="patient.merged")
    assert (event.subject_id, event.detail) == (str(duplicate.pk), {"survivor": str(survivor.pk)})
    assert unmerge(clara, duplicate) is not None
    assert unmerge(clara, duplicate) is None
    assert Event.objects.filter(action="patient.unmerged").count() == 1
    assert merge(clara, duplicate, survivor).survivor == duplicate, "now the other way round"


def test_what_cannot_be_merged_is_refused_in_words(clara: User, sven: User, nadia: User) -> None:
    a, b, c = (make_patient(clara) for _ in range(3))
    stranger = make_patient(sven)
    merge(clara, a, b)

    for survivor, duplicate, said in (
        (a, a, "one and the same"),
        (c, b, "merged into another one already"),
        (b, c, "Choose that one to stay"),
        (c, a, "Let it stay instead"),
        (b, a, "Choose that one to stay"),
    ):
        with pytest.raises(Conflict, match=said):
            merge(clara, survivor, duplicate)
    with pytest.raises(Http404):
        merge(clara, c, stranger)
    with pytest.raises(PermissionDenied):
        merge(nadia, a, c)
    for reason in ("", "  ", "x" * 501):
        with pytest.raises(ValidationError, match="reason"):
            merge_patients(by=clara, survivor=a, duplicate=c, reason=reason)
    assert Merge.objects.count() == 1


@pytest.mark.parametrize("of", ["itself", "a duplicate", "a survivor", "another clinic"])
def test_the_database_refuses_chains_circles_and_other_clinics(clara: User, sven: User, of: str) -> None:
    a, b, c, stranger = make_patient(clara), make_patient(clara), make_patient(clara), make_patient(sven)
    merge(clara, a, b)
    who, into = {"itself": (c, c), "a duplicate": (c, b), "a survivor": (a, c), "another clinic": (c, stranger)}[of]

    with pytest.raises(IntegrityError, match="patient_merged_into_a_survivor_of_its_clinic"), transaction.atomic():
        Patient.objects.filter(pk=who.pk).update(merged_into=into)


@pytest.mark.django_db(transaction=True)
def test_of_merges_into_a_circle_at_once_one_is_done(clara: User) -> None:
    a, b = make_patient(clara), make_patient(clara)

    heard = at_once(lambda: merge(clara, a, b), lambda: merge(clara, b, a))

    assert sum(isinstance(one, Conflict) for one in heard) == 1
    assert Patient.objects.filter(merged_into__isnull=False).count() == Merge.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_is_recorded_while_they_are_merged_is_not_lost(clara: User) -> None:
    """Writers of both, a merge and an unmerge at the same time: one after the other, and nothing waits for ever."""
    one, other = make_case(clara), make_case(clara)

    def entered(case: Case) -> Callable[[], object]:
        return lambda: [record_finding(clara, Case.objects.get(pk=case.pk), "phosphate", value="1.1", unit="mmol/L") for _ in range(5)]

    def merged() -> None:
        for _ in range(3):
            merge(clara, one.patient, other.patient)
            unmerge(clara, other.patient)
        merge(clara, one.patient, other.patient)

    work = [entered(one), entered(other), merged]
    together(3, lambda number: work[number]())
    assert len(found(one)) == len(found(other)) == 10


@pytest.mark.parametrize("seed", range(6))
def test_merging_and_unmerging_leaves_every_row_and_finding_as_it_was(clara: User, seed: int) -> None:
    """Random histories, held against a slow and obvious reading of what should count."""
    chance = random.Random(seed)
    cases = [make_case(clara) for _ in range(3)]
    cases += [make_case(clara, case.patient) for case in chance.sample(cases, 2)]
    entered: list[Finding] = []

    def group(patient: Patient) -> set[object]:
        survivor = survivor_of(patient.pk)
        return {survivor.pk, *Patient.objects.filter(merged_into=survivor).values_list("pk", flat=True)}

    def expected(case: Case) -> set[object]:
        of_group = [one for one in entered if one.patient_id in group(case.patient)]
        corrected = {one.corrects_id for one in of_group}
        return {one.pk for one in of_group if one.pk not in corrected and (one.lesion_id is None or one.case_id == case.pk)}

    def enter() -> None:
        case = chance.choice(cases)
        earlier = [pk for pk in sorted(found(case), key=str) if Finding.objects.get(pk=pk).key == "phosphate"]
        corrects = {"corrects": str(chance.choice(earlier))} if earlier and chance.random() < 0.5 else {}
        if chance.random() < 0.3:
            entered.append(record_finding(clara, case, "painful", lesion=only_lesion(case), answer=chance.choice(["yes", "no"])))
        elif chance.random() < 0.3:
            fact = fact_of("phosphate")
            assert fact
            result = result_from(case.patient, fact, {"value": "1.3", "unit": "mmol/L"}, date(2026, 1, 1))
            record_results(by=clara, findings=[result], source=uuid4())
            entered.append(result)
        else:
            entered.append(record_finding(clara, case, "phosphate", value=f"1.{chance.randrange(10)}", unit="mmol/L", **corrects))

    patients = list(Patient.objects.order_by("number"))
    for _ in range(10):
        before, counted = rows(), {case.pk: found(case) for case in cases}
        survivor, duplicate = chance.sample(patients, 2)
        if survivor_of(duplicate.pk) == survivor:  # merging them again would change nothing
            unmerge(clara, duplicate)
            continue
        try:
            merge(clara, survivor, duplicate)
        except Conflict:
            for merged in Patient.objects.filter(merged_into__isnull=False):
                unmerge(clara, merged)
            continue
        unmerge(clara, duplicate)
        assert rows() == before
        assert {case.pk: found(case) for case in cases} == counted
        if chance.random() < 0.7:
            merge(clara, survivor, duplicate)
        for _ in range(2):
            enter()
        assert {case.pk: found(case) for case in cases} == {case.pk: expected(case) for case in cases}
    for merged in Patient.objects.filter(merged_into__isnull=False):
        unmerge(clara, merged)
    for case in cases:
        assert found(case) == expected(case)
        assert all(Finding.objects.get(pk=pk).patient_id == case.patient_id for pk in found(case))
        assert lesions_of(case).exists()


def test_search_finds_the_survivor_by_either(clara: User, sign_in: SignIn) -> None:
    survivor = make_patient(clara, number="A-17")
    duplicate = make_patient(clara, number="B-9", family_name="Moreau", given_name="Ann", birth_date=date(1961, 5, 14))
    merge(clara, survivor, duplicate)

    for text in ("A-17", "lind", "B-9", "moreau", "1961-05-14", "1961-05-04"):
        assert list(search_patients(clara, text)) == [survivor], text
    page = sign_in(clara).post(reverse("patients:search"), {"text": "moreau"})
    assert "also B-9 (Moreau, Ann)" in page.text


def test_the_duplicates_page_leads_to_the_survivor(clara: User, sign_in: SignIn) -> None:
    survivor, case = make_patient(clara, number="A-17"), make_case(clara, make_patient(clara, number="B-9"))
    merge(clara, survivor, case.patient)
    browser = sign_in(clara)

    page = browser.get(reverse("patients:patient", args=[case.patient_id]), follow=True)

    assert page.redirect_chain == [(reverse("patients:patient", args=[survivor.pk]), 302)]
    assert "was merged into number A-17" in page.text
    assert case.title in page.text
    for address in (reverse("desk:entry", args=[case.pk]), reverse("patients:case", args=[case.pk])):
        shown = browser.get(address)
        assert shown.context["patient"] == survivor
        assert ", also B-9" in shown.text
    assert Event.objects.filter(action="patient.opened", subject_id=str(survivor.pk)).exists()
    assert not Event.objects.filter(action="patient.opened", subject_id=str(case.patient_id)).exists()


def test_contradictions_are_the_newest_of_each_and_results_of_a_day(clara: User) -> None:
    one, other = make_case(clara), make_case(clara)
    for case, answer in ((one, "yes"), (other, "no")):
        record_finding(clara, case, "on_dialysis", answer="yes")
        record_finding(clara, case, "ssc", answer=answer)
    record_finding(clara, one, "phosphate", value="1.1", unit="mmol/L", date="2026-03-01")
    record_finding(clara, one, "phosphate", value="1.2", unit="mmol/L", date="2026-03-02")
    record_finding(clara, other, "phosphate", value="1.5", unit="mmol/L", date="2026-03-02")

    disagree = contradictions_between(one.patient, other.patient, {"phosphate"})

    assert [(mine.key, its.key) for mine, its in disagree] == [("phosphate", "phosphate"), ("ssc", "ssc")]
