"""Addresses of patients and cases. They carry random identifiers, never a name or number."""

from django.urls import path

from calcinosis_app.patients import views

app_name = "patients"

urlpatterns = [
    path("patients/", views.search, name="search"),
    path("patients/new/", views.create, name="create"),
    path("patients/<uuid:patient_id>/", views.patient, name="patient"),
    path("patients/<uuid:patient_id>/correct/", views.correct, name="correct"),
    path("patients/<uuid:patient_id>/cases/", views.open_case, name="open_case"),
    path("cases/<uuid:case_id>/record/", views.case, name="case"),
]
