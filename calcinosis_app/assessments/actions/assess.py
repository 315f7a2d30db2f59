"""Having a case judged, and keeping the result."""

from datetime import date
from hashlib import sha256

from django.db import transaction
from django.utils import timezone

from calcinosis_app.accounts.models import User
from calcinosis_app.accounts.permissions import ASSESS
from calcinosis_app.accounts.policy import require
from calcinosis_app.assessments.bridge import canonical, judge
from calcinosis_app.assessments.models import Assessment
from calcinosis_app.assessments.selectors import newest_assessment
from calcinosis_app.audit.actions import record
from calcinosis_app.patients.actions.locking import hold
from calcinosis_app.patients.bridge import case_document
from calcinosis_app.patients.models import Case
from calcinosis_app.rulebooks.bridge import ENGINE, current_release, rules_of


@transaction.atomic
def assess_case(*, by: User, case: Case, on: date | None = None) -> Assessment:
    """Judges what was recorded of the case under the current release, for the clinic's jurisdiction.

    `on` defaults to today on the clinic's calendar, not to the newest finding's day: an old result must show its age.
    What was typed and not recorded does not count. Asked again while nothing has changed, it answers with the same
    assessment. Raises CaseError when the recorded case cannot be judged.
    """
    require(by, ASSESS, case)
    hold(case)
    clinic, release = case.patient.clinic, current_release()
    document = case_document(case)
    findings = canonical(document)
    on = on or timezone.localdate(timezone=clinic.zone)
    last = newest_assessment(case)
    basis = (findings, release.pk, on, clinic.jurisdiction, ENGINE)
    if last is not None and basis == (last.findings, last.release_id, last.on, last.jurisdiction, last.engine):
        return last
    result = judge(document, rules_of(release), on=on, jurisdiction=clinic.jurisdiction).to_json()
    assessment = Assessment.objects.create(
        case=case,
        release=release,
        on=on,
        jurisdiction=clinic.jurisdiction,
        engine=ENGINE,
        findings=findings,
        result=result,
        sha256=sha256(result.encode()).hexdigest(),
        made_by=by,
    )
    record(by=by, action="assessment.made", subject=assessment, case=case.pk, release=release.number, on=on)
    return assessment
