"""What is read of assessments and reviews."""

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from calcinosis_app.accounts.models import User
from calcinosis_app.assessments.models import Assessment, Review, Step, TypeOverride
from calcinosis_app.patients.models import Case, Finding, Merge, Patient
from calcinosis_app.patients.selectors import corrected_since, counting, findings_of, in_group, regrouped_since


def assessments_of(case: Case) -> QuerySet[Assessment]:
    """The case's assessments, newest first."""
    found = Assessment.objects.filter(case=case).defer("release__content")
    return found.select_related("case__patient__clinic", "case__patient__merged_into", "release", "made_by")


def newest_assessment(case: Case) -> Assessment | None:
    """The case's last assessment."""
    return assessments_of(case).first()


def reviews_of(assessment: Assessment) -> QuerySet[Review]:
    """The reviews of one assessment, newest first, without those that went on elsewhere."""
    return Review.objects.filter(assessment=assessment, superseded_by__isnull=True).select_related("reviewer")


def open_review(assessment: Assessment, reviewer: User) -> Review | None:
    """The review that this person has begun and not signed."""
    return reviews_of(assessment).filter(reviewer=reviewer, signed_at__isnull=True).first()


def signed_review(assessment: Assessment) -> Review | None:
    """The signed review of an assessment; there is at most one."""
    return reviews_of(assessment).filter(signed_at__isnull=False).first()


def newest_plan(case: Case) -> Review | None:
    """The review of the case that was signed last: the plan that counts."""
    return (
        Review.objects.filter(assessment__case=case, signed_at__isnull=False)
        .select_related("reviewer", "assessment")
        .order_by("-signed_at")
        .first()
    )


def plans_of(patient: Patient) -> list[Review]:
    """The plan that counts in each case of the patient's group, newest first."""
    signed = Review.objects.filter(in_group(patient.pk, column="assessment__case__patient"), signed_at__isnull=False)
    plans: dict[UUID, Review] = {}
    for review in signed.select_related("reviewer", "assessment__case__patient").order_by("-signed_at"):
        plans.setdefault(review.assessment.case_id, review)
    return list(plans.values())


def other_plans(case: Case) -> list[Review]:
    """The plans that count in the other cases of the patient's group."""
    return [plan for plan in plans_of(case.patient) if plan.assessment.case_id != case.pk]


def steps_of(review: Review) -> QuerySet[Step]:
    """What was decided, in the order in which it was decided."""
    return Step.objects.filter(review=review)


def type_overrides_of(review: Review) -> QuerySet[TypeOverride]:
    """The reviewer's own types, by lesion."""
    return TypeOverride.objects.filter(review=review)


def left_behind(review: Review) -> list[Step]:
    """What the reviewer had decided earlier, does not fit this assessment, and has not decided anew."""
    places = {_place_of(step) for step in steps_of(review)}
    earlier = Step.objects.filter(review__superseded_by=review).order_by("decided_at")
    return [step for step in earlier if _place_of(step) not in places]


def _place_of(step: Step) -> tuple[str, str, str]:
    return step.treatment, step.row, step.lesion


def outdated_by(review: Review) -> QuerySet[Finding]:
    """The findings of the case that were recorded after the review was signed; none while it is open."""
    if review.signed_at is None:
        return Finding.objects.none()
    return findings_of(review.assessment.case).filter(recorded_at__gt=review.signed_at)


def regrouped_after(review: Review) -> QuerySet[Merge]:
    """The merges and unmerges by which other findings count now than when the review was signed; of an open one, when it was judged."""
    found = regrouped_since(review.assessment.case.patient_id, review.signed_at or review.assessment.made_at)
    return found.select_related("duplicate", "survivor", "merged_by", "unmerged_by")


def corrected_after(review: Review) -> bool:
    """Whether birth date or sex were corrected since the review was signed; of an open one, since it was judged."""
    return corrected_since(review.assessment.case.patient_id, review.signed_at or review.assessment.made_at).exists()


def outdated(review: Review) -> bool:
    """Whether a signed review no longer knows everything: a finding was recorded since, the patient merged, unmerged or corrected."""
    if review.signed_at is None:
        return False
    return outdated_by(review).exists() or regrouped_after(review).exists() or corrected_after(review)


def plan_outdated(*, case: str, patient: str) -> Q:
    """For many rows at once, what `outdated` asks of one `newest_plan`: whether the plan that counts in the row's case is outdated.

    `case` and `patient` name the fields that lead there.
    """
    signed = Review.objects.filter(assessment__case=OuterRef(OuterRef(case)), signed_at__isnull=False)
    signed_at = Subquery(signed.order_by("-signed_at").values("signed_at")[:1])
    later = counting(case, patient, above=1).filter(recorded_at__gt=signed_at)
    others = regrouped_since(patient, signed_at, above=1)
    return Q(Exists(later)) | Q(Exists(others)) | Q(Exists(corrected_since(patient, signed_at, above=1)))


def signed_reviews() -> QuerySet[Review]:
    """Every signed review, the oldest first."""
    return Review.objects.filter(signed_at__isnull=False).order_by("signed_at")


def unsigned_of(user: User) -> QuerySet[Review]:
    """The reviews that this person has begun and not signed, oldest first; none of a practice case or a patient who has left."""
    of_people = Review.objects.filter(assessment__case__patient__practice__isnull=True, assessment__case__patient__clinic=user.clinic_id)
    unsigned = of_people.filter(reviewer=user, signed_at__isnull=True, superseded_by__isnull=True)
    found = unsigned.select_related("assessment__case__patient__merged_into", "assessment__release")
    return found.defer("assessment__release__content").order_by("started_at")
