"""The page of a worked case: what an assessment of it would show, made on the spot and stored nowhere."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from calcinosis_app.accounts.models import User
from calcinosis_app.assessments.bridge import Presentation, canonical, judge, present
from calcinosis_app.assessments.models import Assessment
from calcinosis_app.assessments.recompute import Recomputed
from calcinosis_app.desk.pathway import Page
from calcinosis_app.desk.worked.typed import as_typed
from calcinosis_app.patients.bridge import enterable_fact, result_from
from calcinosis_app.patients.models import Lesion, Patient
from calcinosis_app.patients.presentation import own_range_in_words, value_in_words
from calcinosis_app.rulebooks.bridge import ENGINE, current_release, rules_of


@dataclass(frozen=True)
class KnownFact:
    """One finding of the case, in words. `of` is empty for what belongs to the patient."""

    label: str
    value: str
    own_range: str
    of: str


class WorkedPage(Page):
    """Everything the page shows. Nobody reviews it, nothing is older or newer, and nothing falls due."""

    def __init__(self, document: Mapping[str, Any], user: User) -> None:
        release = current_release()
        jurisdiction = user.clinic.jurisdiction if user.clinic else ""
        on = date.fromisoformat(document["on"])
        self._judged = judge(document, rules_of(release), on=on, jurisdiction=jurisdiction or None)
        self.document = document
        self.assessment = Assessment(
            release=release,
            on=on,
            jurisdiction=jurisdiction,
            engine=ENGINE,
            findings=canonical(document),
            result=self._judged.to_json(),
        )
        self.user = user
        self.signed = self.review = None

    @cached_property
    def said(self) -> Presentation:
        """What the rules say, in words."""
        return present(self._judged, rules_of(self.assessment.release))

    @cached_property
    def recomputed(self) -> Recomputed:
        """It was computed just now."""
        return Recomputed(True, ENGINE, ENGINE, ())

    @cached_property
    def lesions(self) -> Mapping[str, Lesion]:
        """The lesions by label; none of them is stored."""
        return {one["id"]: Lesion(label=one["id"]) for one in self.document["lesions"]}

    @cached_property
    def newest(self) -> None:
        """Nothing is newer."""
        return None

    @property
    def may_review(self) -> bool:
        """There is nobody to decide for."""
        return False

    @cached_property
    def others(self) -> tuple[()]:
        """Nobody else reviews it."""
        return ()

    @cached_property
    def known(self) -> tuple[KnownFact, ...]:
        """Every finding of the case: of the patient, then of each lesion."""
        person = self.document["patient"].get("findings", {})
        return (*self._known(person, ""), *(fact for one in self.document["lesions"] for fact in self._known(one["findings"], one["id"])))

    @cached_property
    def _may_override(self) -> bool:
        return False

    def _known(self, findings: Mapping[str, Any], of: str) -> Iterator[KnownFact]:
        for key, _, raw in as_typed(findings):
            fact = enterable_fact(key)
            finding = result_from(Patient(), fact, raw, self.assessment.on)
            yield KnownFact(fact.label, value_in_words(finding), own_range_in_words(finding), of)
