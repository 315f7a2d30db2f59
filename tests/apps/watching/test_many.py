"""Counting in a large installation: 100,000 assessments over three years. It prints its figures (run with -m thorough -s)."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from calcinosis_app.accounts.models import User
from calcinosis_app.assessments.bridge import judge
from calcinosis_app.audit.chain import look
from calcinosis_app.rulebooks.bridge import current
from calcinosis_app.watching.actions import count_rows
from calcinosis_app.watching.actions.count import stale
from calcinosis_app.watching.models import RowCount, Share
from calcinosis_app.watching.presentation.beside import beside_rows
from calcinosis_app.watching.presentation.table import Chosen, Table
from tests.cast import SignIn
from tests.factories.assessment import make_assessment, make_plan
from tests.past_our_doors import as_superuser

pytestmark = [pytest.mark.thorough, pytest.mark.django_db]
ASSESSMENTS, CASES, REVIEWS = 100_000, 70_000, 60_000

FILL = """
    CREATE TEMPORARY TABLE many_cases AS SELECT n, gen_random_uuid() AS id FROM generate_series(1, %(cases)s) AS n;
    CREATE TEMPORARY TABLE many AS SELECT n, gen_random_uuid() AS id, n %% %(cases)s + 1 AS case_n
        FROM generate_series(1, %(assessments)s) AS n;
    INSERT INTO patients_case SELECT (jsonb_populate_record(c, jsonb_build_object('id', m.id))).*
        FROM many_cases AS m, patients_case AS c WHERE c.id = %(case)s;
    INSERT INTO assessments_assessment SELECT (jsonb_populate_record(a, jsonb_build_object(
            'id', m.id, 'case_id', k.id, 'made_at', now() - (m.n %% 1095) * interval '1 day',
            'result', (%(results)s)[m.n %% %(kinds)s + 1]))).*
        FROM many AS m JOIN many_cases AS k ON k.n = m.case_n, assessments_assessment AS a WHERE a.id = %(assessment)s;
    INSERT INTO assessments_review SELECT (jsonb_populate_record(r, jsonb_build_object(
            'id', gen_random_uuid(), 'assessment_id', m.id, 'signed_at', now() - (m.n %% 1095) * interval '1 day' + interval '1 hour',
            'started_at', now() - (m.n %% 1095) * interval '1 day'))).*
        FROM many AS m, assessments_review AS r WHERE r.id = %(review)s AND m.n <= %(reviews)s;
    INSERT INTO assessments_step (review_id, treatment, row, lesion, status, decision, reason_group, text, details, is_override, decided_at)
        SELECT r.id, '', 'work_up.radiograph', '', '', 'accept', '', '', '', false, now() FROM assessments_review AS r;
    ANALYZE;
"""


def timed(what: str, do: Callable[[], Any]) -> Any:
    began = time.perf_counter()
    found = do()
    print(f"{what}: {(time.perf_counter() - began) * 1000:,.0f} ms")
    return found


def test_counting_100_000_assessments(clara: User, karl: User, sign_in: SignIn) -> None:
    plan = make_plan(clara)
    results = [judge(case, current()).to_json() for case in current().content["cases"]]
    with as_superuser() as cursor:
        cursor.execute(
            FILL,
            {
                "assessments": ASSESSMENTS,
                "cases": CASES,
                "reviews": REVIEWS,
                "case": plan.assessment.case_id,
                "assessment": plan.assessment_id,
                "review": plan.pk,
                "results": results,
                "kinds": len(results),
            },
        )
    began = time.perf_counter()
    while shares := count_rows():
        print(f"shares counted so far, {time.perf_counter() - began:,.0f} s: {shares}")
    print(f"counted for the first time: {time.perf_counter() - began:,.1f} s")
    print(f"{Share.objects.count()} shares, {RowCount.objects.count()} counts")
    assert timed("nothing to count", stale) == []
    make_assessment(clara)
    timed("one assessment more: the month counted anew", count_rows)
    timed("the table of all rows, since the beginning", lambda: Table(karl, Chosen.of(karl, {"period": "all"})).groups(every=True))
    timed("what stands beside the rows of a page", lambda: beside_rows(karl, current()))
    browser = sign_in(karl)
    for address in ("/rules/watching/?period=all", "/rules/watching/rows/?period=all&every", "/rules/1/lists/work_up/", "/"):
        response = timed(address, lambda address=address: browser.get(address))
        assert response.status_code == 200
    assert Table(karl, Chosen.of(karl, {"period": "all"})).totals.assessed == CASES + 2


@pytest.mark.django_db(transaction=True)
def test_hashing_100_000_events(clara: User) -> None:
    make_assessment(clara)
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        timed(
            "100,000 events written and linked, in one transaction",
            lambda: cursor.execute(
                "INSERT INTO audit_event (at, actor, actor_id, clinic, action, subject_kind, subject_id, detail) "
                "SELECT at, actor, actor_id, clinic, action, subject_kind, subject_id, detail "
                "FROM (SELECT * FROM audit_event LIMIT 1) AS e, generate_series(1, 100000)"
            ),
        )
        cursor.execute("RESET ROLE")
    chain = timed("all hashes of the log worked out again", look)
    assert chain.touched == ()
    assert chain.position >= 100_000
