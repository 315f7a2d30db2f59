"""Having a case judged without storing anything."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.request import Request

from calcinosis_app.accounts.models import Clinic
from calcinosis_app.accounts.permissions import ASSESS
from calcinosis_app.accounts.policy import require
from calcinosis_app.api.endpoint import Endpoint
from calcinosis_app.api.parsers import ExactJSONParser
from calcinosis_app.api.reading import read_query
from calcinosis_app.api.schema import ASSESS_OPERATION, MOST_LESIONS
from calcinosis_app.api.shapes.parts import said
from calcinosis_app.assessments.bridge import CaseError, judge, read_day
from calcinosis_app.rulebooks.bridge import current

# What may stand behind the question mark; what it means, the rules say themselves.
OPTIONS = {"on": said(), "jurisdiction": said()}


class AssessView(Endpoint):
    """A case in, an assessment out."""

    # The whole case was sent: what is wrong in it cannot be read, rather than not be done.
    reads_whole_cases = True

    @extend_schema(**ASSESS_OPERATION)
    def post(self, request: Request) -> HttpResponse:
        """Judges one case of the contract's format under the current release. Nothing is stored.

        Without `on` the case's own day counts, then the newest finding's, then today. Without `jurisdiction` the
        strictest limits of all countries count.
        """
        require(request.user, ASSESS)
        if request.content_type and not request.content_type.startswith(ExactJSONParser.media_type):
            raise UnsupportedMediaType(request.content_type)
        asked = read_query(request.query_params.lists(), OPTIONS)
        document = _case(request.data)
        in_case = document.pop("jurisdiction", None)  # the interface's own: a case itself has none
        _check_beaten(document, in_case)
        judged = judge(
            document,
            current(),
            on=read_day(asked.get("on"), "on"),
            jurisdiction=asked.get("jurisdiction", in_case),
            today=timezone.localdate(),
        )
        return HttpResponse(judged.to_json(), content_type="application/json")


def _check_beaten(document: dict[str, Any], jurisdiction: Any) -> None:
    """Raises CaseError for a day or jurisdiction of the case that is none, also where the address names another, which beats it."""
    if "on" in document and read_day(document["on"], "on") is None:
        raise CaseError("on", None, 'give the date of the assessment, as in "2026-03-02", or leave it out')
    if jurisdiction not in (None, *Clinic.Jurisdiction.values):
        raise CaseError("jurisdiction", jurisdiction, f"choose one of {', '.join(Clinic.Jurisdiction.values)}, or leave it out")


def _case(document: Any) -> dict[str, Any]:
    if not isinstance(document, dict):
        raise CaseError("case", document, "a case is an object with patient and lesions")
    lesions = document.get("lesions")
    if isinstance(lesions, list) and len(lesions) > MOST_LESIONS:
        raise CaseError("lesions", len(lesions), f"a case may have {MOST_LESIONS}: describe alike deposits as one lesion")
    return document
