"""Assessments of a case and the clinician's review of them."""

from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    """Registers the app with Django."""

    name = "calcinosis_app.assessments"
    verbose_name = "Assessments"
