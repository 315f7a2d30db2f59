"""Addresses of the pages that show several apps. They carry random identifiers, never a name or number."""

from django.urls import path

from calcinosis_app.desk import views

app_name = "desk"

urlpatterns = [
    path("patients/<uuid:patient_id>/export/", views.export, name="export"),
    path("patients/<uuid:patient_id>/merge/", views.choose_other, name="choose_other"),
    path("patients/<uuid:patient_id>/compare/<uuid:other_id>/", views.compare, name="compare"),
    path("patients/<uuid:patient_id>/compare/<uuid:other_id>/merge/", views.merge, name="merge"),
    path("patients/<uuid:patient_id>/compare/<uuid:other_id>/not-same/", views.not_same, name="not_same"),
    path("patients/<uuid:patient_id>/unmerge/<uuid:duplicate_id>/", views.unmerge, name="unmerge"),
    path("cases/<uuid:case_id>/", views.case, name="case"),
    path("cases/<uuid:case_id>/entry/", views.entry, name="entry"),
    path("cases/<uuid:case_id>/entry/save/", views.save, name="save"),
    path("cases/<uuid:case_id>/entry/answer/", views.answer, name="answer"),
    path("cases/<uuid:case_id>/entry/find/", views.find, name="find"),
    path("cases/<uuid:case_id>/lesions/", views.add_lesion, name="add_lesion"),
    path("cases/<uuid:case_id>/lesions/<uuid:lesion_id>/remove/", views.remove_lesion, name="remove_lesion"),
    path("cases/<uuid:case_id>/findings/", views.record_draft, name="record"),
    path("cases/<uuid:case_id>/assess/", views.assess, name="assess"),
    path("patients/<uuid:patient_id>/chart/", views.chart, name="chart"),
    path("assessments/<uuid:assessment_id>/", views.assessment, name="assessment"),
    path("assessments/<uuid:assessment_id>/print/", views.paper, name="print"),
    path("assessments/<uuid:assessment_id>/answers/", views.answers, name="answers"),
    path("assessments/<uuid:assessment_id>/review/", views.start, name="start_review"),
    path("patients/<uuid:patient_id>/history/", views.patient_history, name="patient_history"),
    path("cases/<uuid:case_id>/history/", views.case_history, name="case_history"),
    path("assessments/<uuid:assessment_id>/history/", views.assessment_history, name="assessment_history"),
    path("reminders/<uuid:reminder_id>/history/", views.reminder_history, name="reminder_history"),
    path("people/<uuid:pk>/history/", views.person_history, name="person_history"),
    path("people/history/", views.clinic_history, name="clinic_history"),
    path("laboratory/history/", views.laboratory_history, name="laboratory_history"),
    path("reviews/<uuid:review_id>/steps/", views.decide, name="decide"),
    path("reviews/<uuid:review_id>/types/", views.override, name="override_type"),
    path("reviews/<uuid:review_id>/note/", views.note, name="note"),
    path("reviews/<uuid:review_id>/sign/", views.sign_review, name="sign"),
]
