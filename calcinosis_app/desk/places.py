"""What a lesion is called where its own page is not open: its label, and where it is."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from calcinosis_app.assessments.models import Assessment
from calcinosis_app.patients.models import Finding, Lesion
from calcinosis_app.rulebooks.bridge import current, rules_of, title_from

Titles = Mapping[str, str]


def titles_of(assessment: Assessment) -> Titles:
    """The lesions of an assessment, by label, as it knew them."""
    facts = rules_of(assessment.release).facts
    return {one["id"]: title_from(one["id"], one["findings"], facts) for one in assessment.document["lesions"]}


def titles_now(lesions: Iterable[Lesion], findings: Iterable[Finding]) -> dict[UUID, str]:
    """Lesions by their id, as the newest of the findings describe them; `findings` stand by their day, corrected ones left out."""
    known: dict[object, dict[str, object]] = {}
    for one in findings:
        known.setdefault(one.lesion_id, {})[one.key] = one.code or one.answer
    facts = current().facts
    return {one.pk: title_from(one.label, known.get(one.pk, {}), facts) for one in lesions}


def with_findings(assessments: Sequence[Assessment]) -> None:
    """Reads what a few assessments rest on in one query, where it was left out while there were many."""
    found = dict(Assessment.objects.filter(pk__in=[one.pk for one in assessments]).values_list("pk", "findings"))
    for one in assessments:
        one.findings = found[one.pk]
