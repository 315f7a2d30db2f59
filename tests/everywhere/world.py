"""One of each thing that an address may name, made through the same actions as the product."""

from dataclasses import dataclass
from uuid import uuid4

from allauth.usersessions.models import UserSession
from django.test import Client

from calcinosis_app.accounts.actions import make_token, open_emergency
from calcinosis_app.accounts.models import ApiToken, Clinic, EmergencyAccess, User
from calcinosis_app.assessments.models import Assessment, Review
from calcinosis_app.followups.models import Reminder
from calcinosis_app.laboratory.models import Import
from calcinosis_app.patients.actions import begin_practice, hold_back, merge_patients, offer_transfer, save_entry
from calcinosis_app.patients.models import Case, DraftEntry, Lesion, Patient, RecordHold, TransferOffer
from calcinosis_app.patients.selectors import lesions_of
from calcinosis_app.watching.models import Alarm
from tests.factories.assessment import make_assessment, make_review
from tests.factories.laboratory import csv_of, dry_run, result_of
from tests.factories.patient import make_patient
from tests.factories.reminder import ONCE, make_reminders
from tests.factories.user import make_user
from tests.factories.watching import make_alarm

# What belongs to nobody, or to whoever asks: it is the same in every clinic.
SHARED = {
    *("-", "release", "row", "fact", "table", "treatment", "list", "file of a release", "worked case", "template", "app"),
    *("source", "alarm"),
    *("nothing of mine", "leaving", "any id", "secret"),
}
# What belongs to one person is not there for anybody else.
ONES_OWN = {"token", "session"}
OF_THE_RULES = {
    "release": {"number": 1},
    "row": {"number": 1, "row": "C1nb"},
    "fact": {"number": 1, "key": "phosphate"},
    "table": {"number": 1, "name": "classification"},
    "treatment": {"number": 1, "name": "diltiazem"},
    "list": {"number": 1, "name": "advice"},
    "file of a release": {"number": 1, "form": "json"},
    "worked case": {"name": "G01"},
    "source": {"key": "ABA2020"},
}


@dataclass(frozen=True)
class World:
    """What is there in one clinic."""

    patient: Patient
    case: Case
    lesion: Lesion
    assessment: Assessment
    review: Review
    reminder: Reminder
    laboratory_import: Import
    person: User
    token: ApiToken
    offered: TransferOffer
    offered_to_us: TransferOffer
    my_access: EmergencyAccess
    access_to_us: EmergencyAccess
    typed: DraftEntry
    session: UserSession
    twin: Patient
    survivor: Patient
    duplicate: Patient
    hold: RecordHold
    practice: Patient
    alarm: Alarm

    def names(self, thing: str) -> dict[str, object]:
        """What stands in an address for a thing of this world, by the name of its place. Raises KeyError for a thing that is none."""
        here: dict[str, dict[str, object]] = {
            "-": {},
            "leaving": {},
            "patient": {"patient_id": self.patient.pk},
            "case": {"case_id": self.case.pk},
            "lesion": {"case_id": self.case.pk, "lesion_id": self.lesion.pk},
            "assessment": {"assessment_id": self.assessment.pk},
            "review": {"review_id": self.review.pk},
            "reminder": {"reminder_id": self.reminder.pk},
            "import": {"import_id": self.laboratory_import.pk},
            "template": {"delimiter": "semicolon"},
            "person": {"pk": self.person.pk, "object_id": self.person.pk, "person_id": self.person.pk},
            "permission": {"person_id": self.person.pk, "permission": "override_absolute"},
            "session of a person": {"person_id": self.person.pk, "session_id": self.session.pk},
            "token of a person": {"person_id": self.person.pk, "token_id": self.token.pk},
            "typed field": {"case_id": self.case.pk, "entry_id": self.typed.pk},
            "line": {"line_id": self.laboratory_import.lines.get().pk},
            "type of a lesion": {"review_id": self.review.pk, "lesion": self.lesion.label},
            "clinic": {"object_id": self.person.clinic_id},
            "offer": {"offer_id": self.offered.pk},
            "offer to us": {"offer_id": self.offered_to_us.pk},
            "my access": {"access_id": self.my_access.pk},
            "access to us": {"access_id": self.access_to_us.pk},
            "token": {"pk": self.token.pk, "token_id": self.token.pk},
            "session": {"session_id": self.session.pk},
            "pair": {"patient_id": self.patient.pk, "other_id": self.twin.pk},
            "merged pair": {"patient_id": self.survivor.pk, "duplicate_id": self.duplicate.pk},
            "hold": {"hold_id": self.hold.pk},
            "alarm": {"alarm_id": self.alarm.pk},
            "practice": {"patient_id": self.practice.pk},
            "nothing of mine": {"pk": 7, "session_id": 7},
            "any id": {"object_id": 7},
            "secret": {"secret": "x"},
            "app": {"app_label": "accounts"},
        }
        return here[thing] if thing in here else dict(OF_THE_RULES[thing])


def make_world(by: User, person: User, neighbour: User) -> World:
    """A patient with everything that can be had, in the clinic of `by`; `person` works there, `neighbour` in a third clinic."""
    reminder = make_reminders(by)[ONCE]
    assessment = make_assessment(by)
    token, _ = make_token(by=person, label="a program")
    theirs = make_patient(neighbour)
    survivor, duplicate = make_patient(by, given_name="Wilma"), make_patient(by, given_name="Vilma")
    merge_patients(by=by, survivor=survivor, duplicate=duplicate, reason="The same person, registered twice")
    typed = save_entry(by=by, case=assessment.case, key="phosphate", raw={"value": "9,7", "unit": "mg/dL"})
    if typed is None:
        raise AssertionError("what was typed was not kept")
    return World(
        patient=assessment.case.patient,
        case=assessment.case,
        lesion=lesions_of(assessment.case).get(),
        assessment=assessment,
        review=make_review(by, assessment),
        reminder=reminder,
        laboratory_import=dry_run(by, csv_of(result_of(assessment.case.patient))),
        person=person,
        token=token,
        typed=typed,
        twin=make_patient(by, given_name="Wera"),
        survivor=survivor,
        duplicate=duplicate,
        hold=hold_back(by=administrator_of(by.clinic), patient=duplicate, reason="A complaint is pending"),
        session=session_of(person),
        practice=begin_practice(by=by, worked_case="G01", birth_date=None, sex="")[0],
        alarm=make_alarm(),
        offered=offer_transfer(by=by, patient=assessment.case.patient, clinic=neighbour.clinic, reason="Moves there"),
        offered_to_us=offer_transfer(by=neighbour, patient=theirs, clinic=by.clinic, reason="Moves here"),
        my_access=open_emergency(by=by, clinic=neighbour.clinic, record_id=theirs.pk, reason="Brought in unconscious"),
        access_to_us=open_emergency(by=neighbour, clinic=by.clinic, record_id=assessment.case.patient.pk, reason="Found in the street"),
    )


def administrator_of(clinic: Clinic | None) -> User:
    """Somebody who manages this clinic."""
    return make_user(f"manager-{uuid4().hex[:8]}", "Mara Gate", "administrator", clinic=clinic)


def session_of(person: User) -> UserSession:
    """A browser in which the person is signed in."""
    browser = Client()
    browser.force_login(person)
    browser.get("/account/")
    return UserSession.objects.filter(user=person).latest("created_at")
