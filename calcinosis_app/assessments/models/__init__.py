"""Assessments, and what clinicians made of them."""

from calcinosis_app.assessments.models.assessment import Assessment
from calcinosis_app.assessments.models.override import TypeOverride
from calcinosis_app.assessments.models.review import Review
from calcinosis_app.assessments.models.step import Step

__all__ = ["Assessment", "Review", "Step", "TypeOverride"]
