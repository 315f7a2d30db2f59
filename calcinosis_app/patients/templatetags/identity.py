"""What a patient's page says about other records of what may be, or is, the same person."""

from collections.abc import Mapping
from typing import Any

from django import template

from calcinosis_app.patients.look_alikes import may_be_same_as
from calcinosis_app.patients.models import Patient
from calcinosis_app.patients.selectors import merges_of, open_offer

register = template.Library()


@register.inclusion_tag("patients/_identity.html", takes_context=True)
def other_records(context: Mapping[str, Any], patient: Patient) -> dict[str, Any]:
    """Who may be the same person, which duplicates were merged into the patient, and to whom the patient is offered.

    An emergency opens one patient: who else is alike in that clinic is not told.
    """
    return {
        "patient": patient,
        "alike": [] if context.get("emergency_access") else may_be_same_as(patient),
        "merges": [one for one in merges_of(patient) if one.unmerged_at is None],
        "offer": open_offer(patient),
        "permissions": context.get("permissions", ()),
        "csrf_token": context.get("csrf_token"),
    }
