"""One invented patient with two years of values: a fixed course of dialysis, so that the chart has a story to show."""

from datetime import date, timedelta
from typing import Any, Final

from calcinosis_app.accounts.models import User
from calcinosis_app.assessments.actions import assess_case, decide_step, sign, start_review, write_note
from calcinosis_app.assessments.models import Assessment
from calcinosis_app.followups.selectors import today_in
from calcinosis_app.patients.actions import create_patient, open_case, record, save_entry
from calcinosis_app.patients.bridge import enterable_fact
from calcinosis_app.patients.models import Case, Finding, Lesion
from calcinosis_app.patients.selectors import lesions_of

PERSON: Final = {"number": "2007", "family_name": "Hahn", "given_name": "Ilse", "sex": "female"}
BORN_DAYS_AGO: Final = 57 * 365
TITLE: Final = "Plaques of both thighs on dialysis"

Raw = dict[str, Any]
YES: Final[Raw] = {"answer": "yes"}
NO: Final[Raw] = {"answer": "no"}
# Asked of the lesion at the last visit, and all denied.
UNREMARKABLE: Final = (
    "any_exposure_at_site",
    "any_injury_at_site",
    "any_predisposing_skin_disease",
    "any_definite_skin_sign",
    "any_early_skin_sign",
    "ulcerated",
    "painful",
)


def _of(unit: str, *values: tuple[int, str], **rest: str | bool) -> list[tuple[int, Raw]]:
    """Results in one unit: how many days ago each was taken, and the value as reported."""
    return [(days, {"value": value, "unit": unit, **rest}) for days, value in values]


# Three visits at which the case was assessed; what each learned, by fact, as (days ago, what was typed).
VISITS: Final[tuple[tuple[int, dict[str, list[tuple[int, Raw]]]], ...]] = (
    (
        540,
        {
            "on_dialysis": [(725, YES)],
            "drug_warfarin": [(700, YES), (545, YES)],
            "drug_calcitriol": [(725, YES), (545, YES)],
            "drug_calcium_acetate": [(725, YES), (545, YES)],
            "site": [(700, {"code": "thigh"})],
            "form": [(700, {"code": "plaque"})],
            "lesion_size": _of("mm", (700, "18"), (545, "31")),
            "phosphate": _of("mg/dL", (725, "5.1"), (668, "5.9"), (610, "6.8"), (572, "7.4"), (541, "7.9")),
            "ca_total": _of("mmol/L", (725, "2.38"), (668, "2.49"), (610, "2.58"), (572, "2.66"), (541, "2.71")),
            "albumin": _of("g/L", (725, "38"), (610, "36"), (541, "34")),
            "pth": _of("pg/mL", (725, "310"), (610, "486"), (541, "612"), confirmed=True),
            "crp": [(668, {"value": "<5", "unit": "mg/L"}), (541, {"value": "12", "unit": "mg/L"})],
            "alp": [(725, {"flag": "normal"}), (541, {"flag": "high"})],
        },
    ),
    (
        270,
        {
            "drug_warfarin": [(500, NO)],
            "drug_calcium_acetate": [(505, NO)],
            "drug_calcitriol": [(505, NO)],
            "drug_sevelamer": [(500, YES), (275, YES)],
            "drug_sodium_thiosulfate": [(480, YES), (380, YES), (300, NO)],
            "lesion_size": _of("mm", (400, "34"), (275, "26")),
            "phosphate": _of("mmol/L", (505, "2.41"), (460, "2.02"), (410, "1.78"), (350, "1.66"), (300, "1.58"), (272, "1.49")),
            "ca_total": _of("mmol/L", (505, "2.69"), (460, "2.52"), (410, "2.44"), (350, "2.36"), (272, "2.31")),
            "albumin": _of("g/L", (410, "35"), (272, "37")),
            "pth": _of("pmol/L", (460, "58.1"), (350, "44.7"), (272, "39.0"), confirmed=True),
            "crp": [(410, {"value": "8", "unit": "mg/L"}), (272, {"value": "<5", "unit": "mg/L"})],
            "alp": [(272, {"value": "131", "unit": "U/L", "low": "35", "high": "105"})],
        },
    ),
    (
        0,
        {
            "any_connective_tissue_disease": [(20, NO)],
            **{key: [(20, NO)] for key in UNREMARKABLE},
            "drug_sevelamer": [(150, YES), (20, YES)],
            "drug_cinacalcet": [(150, YES), (20, YES)],
            "lesion_size": _of("mm", (150, "19"), (20, "14")),
            "phosphate": [
                *_of("mmol/L", (215, "1.52"), (150, "1.61"), (96, "4.17"), (48, "1.72")),
                (12, {"value": "1.66", "unit": "mmol/L", "low": "0.81", "high": "1.45"}),
            ],
            "ca_total": _of("mmol/L", (215, "2.27"), (150, "2.18"), (96, "2.14"), (48, "2.20"), (12, "2.22")),
            "ca_ionised": _of("mmol/L", (150, "1.14"), (12, "1.16")),
            "albumin": _of("g/L", (150, "38"), (12, "39")),
            "pth": _of("pmol/L", (150, "36.4"), (48, "28.9"), (12, "26.2"), confirmed=True),
            "crp": [(150, {"value": "<5", "unit": "mg/L"}), (12, {"flag": "normal"})],
            "alp": [(150, {"value": "118", "unit": "U/L"}), (12, {"value": "104", "unit": "U/L", "flag": "normal"})],
        },
    ),
)
# A slip of typing that somebody saw afterwards: two digits had changed places.
SLIP: Final = ("phosphate", 96, {"value": "1.47", "unit": "mmol/L"})


def tell(by: User) -> None:
    """Makes the patient, records what each visit learned, has each assessed, and signs a plan on the last."""
    today = today_in(by.clinic) if by.clinic else date.today()  # noqa: DTZ011
    patient = create_patient(by=by, birth_date=today - timedelta(days=BORN_DAYS_AGO), somebody_else=None, **PERSON)
    case = open_case(by=by, patient=patient, title=TITLE)
    lesion = lesions_of(case).get()
    for days_ago, learned in VISITS:
        for key, results in learned.items():
            for slot, (taken, raw) in enumerate(results):
                _type(by, case, lesion, key, slot, {**raw, "date": (today - timedelta(days=taken)).isoformat()})
        record(by=by, case=case)
        if days_ago == 0:
            _correct(by, case, lesion, today)
        assessment = assess_case(by=by, case=case, on=today - timedelta(days=days_ago))
    _sign(by, assessment)


def _sign(by: User, assessment: Assessment) -> None:
    review = start_review(by=by, assessment=assessment)
    for treatment in ("diet_phosphate", "dialysis_optimise"):
        decide_step(by=by, review=review, decision="accept", treatment=treatment)
    for treatment in ("phosphate_binder_noncalcium", "cinacalcet"):
        decide_step(by=by, review=review, decision="ordered_already", treatment=treatment)
    decide_step(
        by=by,
        review=review,
        decision="decline",
        treatment="sts_topical",
        lesion="L1",
        reason_group="patient_preference",
        text="Smells, she says.",
    )
    write_note(by=by, review=review, note="Smaller at every visit since warfarin and calcium were stopped. Phosphate is creeping up again.")
    sign(by=by, review=review)


def _correct(by: User, case: Case, lesion: Lesion, today: date) -> None:
    key, days_ago, raw = SLIP
    day = today - timedelta(days=days_ago)
    wrong = Finding.objects.get(case=case, key=key, taken_on=day)
    _type(by, case, lesion, key, 0, {**raw, "date": day.isoformat(), "corrects": str(wrong.pk)})
    record(by=by, case=case)


def _type(by: User, case: Case, lesion: Lesion, key: str, slot: int, raw: Raw) -> None:
    place = lesion if enterable_fact(key).scope == "lesion" else None
    save_entry(by=by, case=case, key=key, slot=slot, raw=raw, lesion=place)
