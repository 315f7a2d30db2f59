"""Addresses of the interface. The version stands in the address: what programs rely on does not change under them.

They carry random identifiers and keys of the rules, never a name or number of a patient.
"""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from calcinosis_app.api import views
from calcinosis_app.api.shapes.rules import PARTS
from calcinosis_app.api.views import (
    borders,
    cases,
    health,
    identity,
    laboratory,
    me,
    patients,
    people,
    records,
    reminders,
    reviews,
    rules,
    story,
    worked,
)

app_name = "api"


def _at(address: str, view: Any, name: str) -> URLPattern:
    """`view` is a class of endpoints, or a function that answers."""
    answer: Callable[..., Any] = getattr(view, "as_view", lambda: view)()
    return path(f"api/v1/{address}", answer, name=name)


PATIENT = "patients/<uuid:patient_id>"
CASE = "cases/<uuid:case_id>"
ASSESSMENT = "assessments/<uuid:assessment_id>"
REVIEW = "reviews/<uuid:review_id>"
IMPORT = "laboratory/imports/<uuid:import_id>"
RULES = "rules/<int:number>"
PERSON = "people/<uuid:person_id>"
TRANSFER = "transfers/<uuid:offer_id>"
REMINDER = "reminders/<uuid:reminder_id>"
PAIR = f"{PATIENT}/pairs/<uuid:other_id>"
WORKED = "worked-cases/<slug:name>"

urlpatterns = [
    _at("assess", views.AssessView, "assess"),
    _at("schema/", views.schema, "schema"),
    _at("docs/", views.docs, "docs"),
    _at("me", me.MeView, "me"),
    _at("me/sessions", me.MySessionsView, "my_sessions"),
    _at("me/sessions/<int:session_id>", me.MySessionView, "my_session"),
    _at("me/tokens", me.MyTokensView, "my_tokens"),
    _at("me/tokens/<uuid:token_id>", me.MyTokenView, "my_token"),
    _at("patients", patients.PatientsView, "patients"),
    _at("patients/search", patients.PatientSearchView, "search"),
    _at(PATIENT, patients.PatientView, "patient"),
    _at(f"{PATIENT}/cases", patients.PatientCasesView, "patient_cases"),
    _at(f"{PATIENT}/findings", patients.PatientFindingsView, "patient_findings"),
    _at(f"{PATIENT}/reminders", patients.PatientRemindersView, "patient_reminders"),
    _at(CASE, cases.CaseView, "case"),
    _at(f"{CASE}/lesions", cases.LesionsView, "lesions"),
    _at(f"{CASE}/lesions/<uuid:lesion_id>", cases.LesionView, "lesion"),
    _at(f"{CASE}/draft", cases.DraftView, "draft"),
    _at(f"{CASE}/draft/<int:entry_id>", cases.DraftEntryView, "draft_entry"),
    _at(f"{CASE}/findings", cases.CaseFindingsView, "findings"),
    _at(f"{CASE}/preview", cases.PreviewView, "preview"),
    _at(f"{CASE}/assessments", cases.CaseAssessmentsView, "assessments"),
    _at(ASSESSMENT, reviews.AssessmentView, "assessment"),
    _at(f"{ASSESSMENT}/answers", reviews.AnswersView, "answers"),
    _at(f"{ASSESSMENT}/reviews", reviews.ReviewsView, "reviews"),
    _at(REVIEW, reviews.ReviewView, "review"),
    _at(f"{REVIEW}/steps", reviews.StepsView, "steps"),
    _at(f"{REVIEW}/types/<slug:lesion>", reviews.TypesView, "types"),
    _at(f"{REVIEW}/note", reviews.NoteView, "note"),
    _at(f"{REVIEW}/signature", reviews.SignatureView, "signature"),
    _at("reminders", reminders.RemindersView, "reminders"),
    _at("reminders/<uuid:reminder_id>", reminders.ReminderView, "reminder"),
    _at("reminders/<uuid:reminder_id>/close", reminders.CloseReminderView, "close_reminder"),
    _at("laboratory/imports", laboratory.ImportsView, "imports"),
    _at(IMPORT, laboratory.ImportView, "import"),
    _at(f"{IMPORT}/lines", laboratory.ImportLinesView, "import_lines"),
    _at(f"{IMPORT}/commit", laboratory.CommitView, "commit_import"),
    _at(f"{IMPORT}/again", laboratory.AgainView, "run_import_again"),
    _at("laboratory/queue", laboratory.QueueView, "queue"),
    _at("laboratory/queue/lines", laboratory.QueueLinesView, "queue_lines"),
    _at("laboratory/queue/lines/<int:line_id>/set-aside", laboratory.SetAsideView, "set_aside"),
    _at("laboratory/mappings", laboratory.MappingsView, "mappings"),
    _at("laboratory/mappings/codes", laboratory.MapCodeView, "map_code"),
    _at("laboratory/mappings/units", laboratory.MapUnitView, "map_unit"),
    _at("rules", rules.ReleasesView, "releases"),
    _at(RULES, rules.ReleaseView, "release"),
    _at(f"{RULES}/content", rules.ContentView, "content"),
    _at(f"{RULES}/tables/<slug:name>", rules.TableView, "table"),
    _at(f"{RULES}/treatments", rules.TreatmentsView, "treatments"),
    _at(f"{RULES}/treatments/<slug:name>", rules.TreatmentView, "treatment"),
    _at(f"{RULES}/lists/<slug:name>", rules.ListView, "list"),
    _at(f"{RULES}/rows/<str:row>", rules.RowView, "row"),
    *(_at(f"{RULES}/{part}", rules.part_view(part, says), part) for part, says in PARTS.items()),
    _at("people", people.PeopleView, "people"),
    _at(PERSON, people.PersonView, "person"),
    _at(f"{PERSON}/roles", people.RolesView, "roles"),
    _at(f"{PERSON}/permissions/<slug:permission>", people.PermissionView, "permission"),
    _at(f"{PERSON}/deactivate", people.DeactivateView, "deactivate"),
    _at(f"{PERSON}/reactivate", people.ReactivateView, "reactivate"),
    _at(f"{PERSON}/sessions", people.PersonSessionsView, "sessions"),
    _at(f"{PERSON}/sessions/<int:session_id>", people.PersonSessionView, "session"),
    _at(f"{PERSON}/tokens", people.PersonTokensView, "tokens"),
    _at(f"{PERSON}/tokens/<uuid:token_id>", people.PersonTokenView, "token"),
    _at("health", health.HealthView, "health"),
    _at("clinics", borders.ClinicsView, "clinics"),
    _at(f"{PATIENT}/transfer", borders.OfferTransferView, "offer_transfer"),
    _at("transfers", borders.TransfersView, "transfers"),
    _at(TRANSFER, borders.TransferView, "transfer"),
    _at(f"{TRANSFER}/accept", borders.AcceptTransferView, "accept_transfer"),
    _at(f"{TRANSFER}/decline", borders.DeclineTransferView, "decline_transfer"),
    _at(f"{TRANSFER}/withdraw", borders.WithdrawTransferView, "withdraw_transfer"),
    _at("emergencies", borders.EmergenciesView, "emergencies"),
    _at("emergencies/<uuid:access_id>", borders.EmergencyView, "emergency"),
    _at("emergency-notices", borders.NoticesView, "emergency_notices"),
    _at("emergency-notices/<uuid:access_id>/seen", borders.SeenNoticeView, "mark_emergency_seen"),
    _at(f"{PATIENT}/look-alikes", identity.LookAlikesView, "look_alikes"),
    _at(PAIR, identity.CompareView, "compare"),
    _at(f"{PAIR}/not-same", identity.NotSameView, "not_same"),
    _at(f"{PATIENT}/merges", identity.MergesView, "merges"),
    _at(f"{PATIENT}/merges/<uuid:duplicate_id>/undo", identity.UnmergeView, "unmerge"),
    _at(f"{PATIENT}/export", records.ExportView, "export"),
    _at("retention", records.RetentionView, "retention"),
    _at("retention/due", records.DueView, "records_due"),
    _at("retention/holds", records.HoldsView, "holds"),
    _at("retention/holds/<int:hold_id>/lift", records.LiftHoldView, "lift_hold"),
    _at(f"{PATIENT}/history", story.history_view(story.of_patient, "a_patient", "patient_id"), "patient_history"),
    _at(f"{CASE}/history", story.history_view(story.of_case, "a_case", "case_id"), "case_history"),
    _at(f"{ASSESSMENT}/history", story.history_view(story.of_assessment, "an_assessment", "assessment_id"), "assessment_history"),
    _at(f"{REMINDER}/history", story.history_view(story.of_reminder, "a_reminder", "reminder_id"), "reminder_history"),
    _at(f"{PERSON}/history", story.history_view(story.of_person, "a_person", "person_id"), "person_history"),
    _at("people/history", story.history_view(story.of_people, "the_people"), "people_history"),
    _at("laboratory/history", story.history_view(story.of_laboratory, "the_laboratory"), "laboratory_history"),
    _at(f"{PATIENT}/seen", story.SeenView, "seen"),
    _at(f"{PATIENT}/chart", story.ChartView, "chart"),
    _at("worked-cases", worked.WorkedCasesView, "worked_cases"),
    _at(WORKED, worked.WorkedCaseView, "worked_case"),
    _at(f"{WORKED}/practice", worked.PractiseView, "practise"),
    _at("worked-cases/practice/<uuid:patient_id>/put-away", worked.PutAwayView, "put_away"),
]
