"""A patient on whom something is held in every table that can hold anything."""

from dataclasses import dataclass

from calcinosis_app.accounts.models import User
from calcinosis_app.assessments.actions import assess_case, decide_step, override_type, start_review
from calcinosis_app.followups.actions import close_reminder, sweep
from calcinosis_app.followups.models import Reminder
from calcinosis_app.patients.actions import hold_back, lift_hold, merge_patients, save_entry, say_not_same
from calcinosis_app.patients.actions import record as record_draft
from calcinosis_app.patients.models import Case, Patient
from tests.factories.assessment import OFFERED, SCLEROSIS, make_plan
from tests.factories.case import make_case, only_lesion, record_finding
from tests.factories.laboratory import csv_of, dry_run, imported, result_of
from tests.factories.patient import make_patient


@dataclass(frozen=True)
class Full:
    """The survivor, a duplicate, and the case with everything."""

    survivor: Patient
    duplicate: Patient
    case: Case


def make_full_patient(by: User, administrator: User, *, mark: str = "", number: str = "SURV-1") -> Full:
    """`mark` goes into every text that somebody can type."""
    survivor = make_patient(by, number=number, family_name=f"Quillfeather{mark}", given_name=f"Ottoline{mark}")
    case = make_case(by, survivor, title=f"Fingertips{mark}")
    for key, raw in SCLEROSIS.items():
        save_entry(by=by, case=case, key=key, raw=raw)
    record_draft(by=by, case=case)
    record_finding(by, case, "painful", lesion=only_lesion(case), answer="yes")
    imported(by, csv_of(result_of(survivor, sample_id=f"S-{number}"), result_of(survivor, family_name="Somebodyelse"), {}))
    dry_run(by, csv_of(result_of(survivor, value="1.20")))
    plan = make_plan(by, assess_case(by=by, case=case))
    sweep()
    close_reminder(
        by=by, reminder=Reminder.objects.filter(review=plan, state="open").order_by("due_on")[0], outcome="done", text=f"seen{mark}"
    )
    save_entry(by=by, case=case, key="phosphate", raw={"value": f"9.8{mark}", "unit": "mg/dL"})
    record_finding(by, make_case(by, survivor), "albumin", value="40", unit="g/L")
    review = start_review(by=by, assessment=assess_case(by=by, case=case))
    decide_step(by=by, review=review, decision="decline", reason_group="patient_preference", text=f"no{mark}", **OFFERED)
    override_type(by=by, review=review, lesion="L1", type="dystrophic", reason_group="disagrees", text=f"surely{mark}")
    duplicate = make_patient(by, number=f"{number}-DUP", family_name=f"Quillfether{mark}", given_name=f"Ottoline{mark}")
    record_finding(by, make_case(by, duplicate), "on_dialysis", answer="no")
    merge_patients(by=by, survivor=survivor, duplicate=duplicate, reason=f"same{mark}")
    say_not_same(by=by, patient=survivor, other=make_patient(by))
    lift_hold(by=administrator, hold=hold_back(by=administrator, patient=survivor, reason=f"study{mark}"))
    return Full(survivor, duplicate, case)
