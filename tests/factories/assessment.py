"""Makes assessments and reviews, through the same actions as the product."""

from typing import Any

from calcinosis_app.accounts.actions import grant_permission
from calcinosis_app.accounts.models import User
from calcinosis_app.accounts.permissions import OVERRIDE_ABSOLUTE
from calcinosis_app.assessments.actions import assess_case, decide_step, sign, start_review
from calcinosis_app.assessments.models import Assessment, Review
from calcinosis_app.patients.actions import record, save_entry
from calcinosis_app.patients.models import Case
from tests.factories.case import make_case

# Systemic sclerosis with ordinary minerals. Under release 1: open, leading dystrophic; wound care (for the lesion) is
# offered, diltiazem is unassessable, warfarin blocked, ceftriaxone not indicated.
SCLEROSIS: dict[str, dict[str, Any]] = {
    "ssc": {"answer": "yes"},
    "on_dialysis": {"answer": "no"},
    "ca_total": {"value": "2.30", "unit": "mmol/L"},
    "albumin": {"value": "42", "unit": "g/L"},
    "phosphate": {"value": "1.10", "unit": "mmol/L"},
}
OFFERED = {"treatment": "wound_care_offload", "lesion": "L1"}
UNASSESSABLE = {"treatment": "diltiazem"}
BLOCKED = {"treatment": "warfarin_low_dose"}
NOT_INDICATED = {"treatment": "ceftriaxone"}
OTHER_STEP = {"row": "work_up.radiograph"}


def make_sclerosis_case(by: User) -> Case:
    """A case with what SCLEROSIS says recorded."""
    case = make_case(by)
    for key, raw in SCLEROSIS.items():
        save_entry(by=by, case=case, key=key, raw=raw)
    record(by=by, case=case)
    return case


def make_assessment(by: User, case: Case | None = None) -> Assessment:
    """The assessment of a case, by default of the sclerosis case."""
    return assess_case(by=by, case=case or make_sclerosis_case(by))


def make_review(by: User, assessment: Assessment | None = None) -> Review:
    """A review that was begun, of the sclerosis case unless another assessment is given."""
    return start_review(by=by, assessment=assessment or make_assessment(by))


def make_plan(by: User, assessment: Assessment | None = None) -> Review:
    """A signed review in which wound care was accepted."""
    review = make_review(by, assessment)
    decide_step(by=by, review=review, decision="accept", **OFFERED)
    return sign(by=by, review=review)


def let_override(user: User, administrator: User) -> None:
    """Grants a person the permission to accept past an absolute gate."""
    grant_permission(by=administrator, user=user, permission=OVERRIDE_ABSOLUTE)
