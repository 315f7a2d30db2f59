"""A stored assessment is what the rules say, to the byte; where it is not, the place is named."""

from calcinosis_app.accounts.models import User
from calcinosis_app.assessments.models import Assessment
from calcinosis_app.assessments.recompute import recompute
from calcinosis_app.audit.actors import System
from calcinosis_app.rulebooks.actions import load_release
from calcinosis_app.rulebooks.bridge import ENGINE, Rules, shipped
from tests.factories.assessment import make_assessment


def test_the_same_bytes_come_out(clara: User) -> None:
    assessment = Assessment.objects.get(pk=make_assessment(clara).pk)

    recomputed = recompute(assessment)

    assert recomputed.same
    assert recomputed.differences == ()
    assert recomputed.engine_then == recomputed.engine_now == ENGINE


def test_a_newer_release_changes_nothing_in_what_was_assessed_before(clara: User) -> None:
    assessment = make_assessment(clara)
    load_release(by=System("tests"), rules=Rules({**shipped().content, "treatments": {}, "statements": []}))

    assert recompute(assessment).same


def test_what_differs_is_named(clara: User) -> None:
    stored = make_assessment(clara)
    fields = ("case", "release", "on", "jurisdiction", "findings", "sha256", "made_by")
    other = Assessment(
        **{name: getattr(stored, name) for name in fields},
        engine="0",
        result=stored.result.replace('"status":"open"', '"status":"decided"').replace('"candidates":["', '"candidates":["mixed","'),
    )

    recomputed = recompute(other)

    assert not recomputed.same
    assert recomputed.engine_then == "0"
    assert "status: decided, now open" in recomputed.differences
    assert any(place.startswith("lesions[0].candidates: [") for place in recomputed.differences)
