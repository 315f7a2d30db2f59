"""Patients, their cases, lesions and findings."""

from django.apps import AppConfig

from calcinosis_app.accounts.permissions import PATIENT_READ
from calcinosis_app.core.navigation import NavigationItem


class PatientsConfig(AppConfig):
    """Registers the app with Django."""

    name = "calcinosis_app.patients"
    verbose_name = "Patients"
    navigation = (NavigationItem("Patients", "patients:search", PATIENT_READ, order=20),)
