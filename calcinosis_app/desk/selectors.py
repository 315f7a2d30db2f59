"""What the first page and the page of a case show."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from calcinosis_app.accounts.models import User
from calcinosis_app.assessments.models import Assessment, Review
from calcinosis_app.assessments.selectors import assessments_of, outdated, reviews_of, signed_reviews, type_overrides_of
from calcinosis_app.desk.differences import between
from calcinosis_app.desk.places import Titles, titles_of, with_findings
from calcinosis_app.patients.models import Case
from calcinosis_app.rulebooks.bridge import EMERGENCY_LABELS

MOST = 20
WITHHELD = "withheld"


@dataclass(frozen=True)
class Assessed:
    """One assessment with what its outcome says in short and who reviewed it. `named`: its lesions' titles, where they are read already."""

    assessment: Assessment
    reviews: tuple[Review, ...]
    before: Assessment | None = None
    named: Titles | None = None

    @property
    def status(self) -> str:
        """Decided, open, several or withheld."""
        return str(self.assessment.outcome["status"])

    @property
    def differs(self) -> tuple[str, ...]:
        """What it says that the assessment before it did not; nothing for the first one."""
        return between(self.before, self.assessment) if self.before else ()

    @property
    def types(self) -> str:
        """The types of the lesions, or that they are open, each by its place: "L1 · right thigh, ulcer: withheld"."""
        titles = self._titles
        return "; ".join(f"{titles.get(one['id'], one['id'])}: {_said(one)}" for one in self.assessment.outcome["lesions"])

    @property
    def overridden(self) -> tuple[str, ...]:
        """The types that a reviewer gave instead, in words: "Dr Winter: L1 · left hip: dystrophic instead of metastatic"."""
        titles = self._titles
        given = ((review, one) for review in self.reviews for one in type_overrides_of(review))
        return tuple(
            f"{review.reviewer}: {titles.get(one.lesion, one.lesion)}: {_words(one.type)} instead of {_words(one.says) or 'open'}"
            for review, one in given
        )

    @property
    def emergencies(self) -> tuple[str, ...]:
        """The emergencies it names, in words, each once."""
        return tuple(dict.fromkeys(EMERGENCY_LABELS.get(one["key"], one["key"]) for one in self.assessment.outcome["emergencies"]))

    @property
    def _titles(self) -> Titles:
        return titles_of(self.assessment) if self.named is None else self.named


def assessed(case: Case) -> list[Assessed]:
    """The assessments of a case, newest first."""
    found = list(assessments_of(case))
    return [Assessed(one, tuple(reviews_of(one)), before) for one, before in zip(found, [*found[1:], None], strict=False)]


def drafts_of(user: User) -> QuerySet[Case]:
    """The clinic's cases in which something is typed and not recorded, latest first."""
    return (
        Case.objects.filter(patient__clinic=user.clinic, patient__practice__isnull=True, draft_entries__isnull=False)
        .select_related("patient__merged_into")
        .annotate(typed=Count("draft_entries", filter=Q(draft_entries__isnull=False)))
        .order_by("-opened_at")[:MOST]
    )


def outdated_plans(user: User) -> list[Review]:
    """The clinic's latest signed review of each case, where a finding arrived after signing."""
    latest = {review.assessment.case_id: review for review in _signed(user)}
    return [review for review in latest.values() if outdated(review)][:MOST]


def unreviewed(user: User) -> list[Assessed]:
    """The clinic's newest assessment of each case that nobody has signed; emergencies first."""
    latest: dict[object, Assessment] = {}
    of_people = Assessment.objects.filter(case__patient__clinic=user.clinic, case__patient__practice__isnull=True)
    found = of_people.select_related("case__patient__merged_into", "release").order_by("made_at")
    for one in found.defer("findings", "release__content"):
        latest[one.case_id] = one
    signed = set(_signed(user).values_list("assessment_id", flat=True))
    waiting = [Assessed(one, ()) for one in latest.values() if one.pk not in signed]
    first = sorted(waiting, key=lambda one: (one.status != WITHHELD, not one.emergencies, -one.assessment.made_at.timestamp()))[:MOST]
    with_findings([one.assessment for one in first])
    return first


def _signed(user: User) -> QuerySet[Review]:
    of_people = signed_reviews().filter(assessment__case__patient__clinic=user.clinic, assessment__case__patient__practice__isnull=True)
    return of_people.select_related("assessment__case__patient__merged_into", "reviewer")


def _words(kind: str) -> str:
    return kind.replace("_", " ")


def _said(lesion: dict[str, object]) -> str:
    if lesion["type"]:
        return str(lesion["type"]).replace("_", " ")
    leading = lesion["leading"]
    if isinstance(leading, dict):
        return f"open, {leading['type']} leads"
    return str(lesion["status"])
