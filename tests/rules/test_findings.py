"""Reading a case: every form of a finding, what is refused and how it is said, age, sex and dates."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from clinical_rules.commands import parse_json
from clinical_rules.errors import CaseError, show_value
from clinical_rules.findings import Case, read_case
from clinical_rules.findings.dictionary import look_alikes
from clinical_rules.findings.person import read_age
from clinical_rules.release import load
from tests.rules.bedside import NORMAL_MINERALS, Findings, case, judge, may_be, mmol, pictures, spans

ON = date(2026, 3, 2)


def read(patient: Findings | None = None, lesion: Findings | None = None, *more: Findings, **about: Any) -> Case:
    return read_case(case(patient, lesion, *more, **about), load().facts)


def refused(document: Any, **about: Any) -> CaseError:
    with pytest.raises(CaseError) as caught:
        read_case(document, load().facts, **about)
    return caught.value


# --- the forms of a finding -----------------------------------------------------------------------
def test_a_plain_answer_code_or_number_is_known() -> None:
    found = pictures({"raynaud": True, "diabetes": False, "fgf23": {"flag": "high"}}, {"site": "finger", "pain_score": 7})

    assert may_be(found.patient, "raynaud") == {True}
    assert may_be(found.patient, "diabetes") == {False}
    assert may_be(found.lesions["L1"], "site") == {"finger"}
    assert spans(found.lesions["L1"], "pain_score") == [("7", "7")]


def test_null_is_absent_as_if_not_written() -> None:
    assert judge({"phosphate": None, "raynaud": None}, {"site": None}).to_json() == judge({}, {}).to_json()


def test_a_result_keeps_what_was_typed_beside_its_canonical_value() -> None:
    [result] = read({"phosphate": {"value": Decimal("9.70"), "unit": "mg/dL", "date": "2026-03-01"}}).findings["phosphate"]

    assert result.unit is not None
    assert (result.typed, result.unit.code, result.canonical(load().facts["phosphate"])) == ("9.70", "mg/dL", "3.13")
    assert result.dated


def test_asked_without_an_answer_is_not_a_no() -> None:
    for state in ("not_done", "unknown"):
        assert pictures({"raynaud": {"state": state}}).patient.truth("raynaud") is None


def test_an_answer_may_bear_a_date() -> None:
    assert pictures({"raynaud": {"value": True, "date": "2026-01-01"}}).patient.truth("raynaud") is True


def test_a_list_holds_several_results() -> None:
    assert len(read({"phosphate": [mmol(Decimal("1.1")), None, mmol(Decimal("1.2"))]}).findings["phosphate"]) == 2


def test_a_list_of_codes_says_yes_to_these_and_nothing_of_the_rest() -> None:
    patient = pictures({"conditions": ["ssc", "jdm"]}).patient

    assert [patient.truth(key) for key in ("ssc", "jdm", "sle")] == [True, True, None]


def test_a_set_may_say_yes_and_no() -> None:
    patient = pictures(
        {"conditions": {"yes": ["ssc"], "no": ["sle", "dm"]}, "drugs": {"yes": ["drug_warfarin"], "no": ["drug_diltiazem"]}}
    ).patient

    assert [patient.truth(key) for key in ("ssc", "sle", "dm", "jdm")] == [True, False, False, None]
    assert [patient.truth(key) for key in ("drug_warfarin", "drug_diltiazem", "drug_verapamil")] == [True, False, None]


def test_a_condition_may_be_entered_by_its_own_key_or_in_the_set() -> None:
    assert pictures({"ssc": True}).patient.truth("ssc") is pictures({"conditions": ["ssc"]}).patient.truth("ssc") is True


def test_an_empty_set_says_nothing() -> None:
    assert judge({"conditions": []}).to_json() == judge({"conditions": {"yes": [], "no": None}}).to_json() == judge().to_json()


@pytest.mark.parametrize(
    ("alias", "key", "raw"),
    [
        ("anc", "neutrophils", {"value": 2, "unit": "10*9/L"}),
        ("alc", "lymphocytes", {"value": 2, "unit": "10*9/L"}),
        ("pulse", "heart_rate", {"value": 60, "unit": "/min"}),
        ("dialysis", "on_dialysis", True),
        ("calcium_ionised", "ca_ionised", mmol(Decimal("1.2"))),
    ],
)
def test_two_names_of_one_thing_are_one_fact(alias: str, key: str, raw: Any) -> None:
    assert list(read({alias: raw}).findings) == [key]


def test_no_alias_hides_another_fact() -> None:
    facts = load().facts
    aliases = [(alias, fact.key) for fact in facts.values() for alias in fact.aliases]

    assert len(dict(aliases)) == len(aliases), "one alias, one fact"
    assert not {alias for alias, key in aliases if alias in facts and alias != key}


def test_answers_of_one_day_that_disagree_are_a_contradiction() -> None:
    assessed = judge({"raynaud": [True, False]})

    assert [(one.fact, one.kind) for one in assessed.contradictions] == [("raynaud", "answers_disagree")]
    assert may_be(assessed.pictures.patient, "raynaud") == {True, False}


def test_a_newer_answer_replaces_an_older_one() -> None:
    answers = [{"value": True, "date": "2026-01-01"}, {"value": False, "date": "2026-03-01"}]

    assert pictures({"raynaud": answers}).patient.truth("raynaud") is False


@pytest.mark.parametrize(
    ("key", "value", "unit", "canonical"),
    [
        ("lesion_size", "2.5", "cm", "25"),
        ("lesion_duration_weeks", "14", "d", "2"),
        ("lesion_duration_weeks", "1", "a", "52"),
        ("hours_since_extravasation", "90", "min", "2"),
    ],
)
def test_a_measure_of_the_lesion_is_converted_too(key: str, value: str, unit: str, canonical: str) -> None:
    fact = load().facts[key]
    [result] = read({}, {key: {"value": Decimal(value), "unit": unit}}).lesions[0].findings[key]

    assert Decimal(result.canonical(fact)).quantize(Decimal(1)) == Decimal(canonical)


def test_units_that_are_spelled_differently_are_the_same() -> None:
    creatinine = load().facts["creatinine"]

    assert creatinine.unit_called("\u00b5mol/L") == creatinine.unit_called("umol/l")
    assert creatinine.unit_called("g/L") is None


# --- what is refused: case, key, value and remedy ------------------------------------------------
@pytest.mark.parametrize(
    ("patient", "lesion", "key", "value", "remedy"),
    [
        ({"phosphat": True}, {}, "phosphat", "true", "did you mean phosphate"),
        ({"xyzzy": 3}, {}, "xyzzy", "3", "`facts --json` lists them all"),
        ({"raynaud": "yes"}, {}, "raynaud", "yes", "answer true or false"),
        ({"raynaud": 1}, {}, "raynaud", "1", "answer true or false"),
        ({}, {"site": "nostril"}, "site", "nostril", "choose one of: fingertip, finger"),
        ({"phosphate": 1.2}, {}, "phosphate", "1.2", 'a unit is required: write {"value": ..., "unit": "mmol/L"}'),
        ({"phosphate": {"value": "1.2", "unit": "mmol/L"}}, {}, "phosphate", "1.2", "write a number, with a point for decimals"),
        ({"phosphate": {"value": True, "unit": "mmol/L"}}, {}, "phosphate", "true", "write a number"),
        ({"phosphate": {"unit": "mmol/L"}}, {}, "phosphate", '{"unit": "mmol/L"}', "a value, a flag or a state is needed"),
        ({"phosphate": {"value": 1, "unit": "g/L"}}, {}, "phosphate", "g/L", "use one of mmol/L, mg/dL"),
        ({"phosphate": {"flag": "wrong"}}, {}, "phosphate", "wrong", "a flag is one of: low, normal, high"),
        ({"raynaud": {"value": True, "flag": "high"}}, {}, "raynaud", "high", "belongs to a result"),
        ({"raynaud": {"state": "perhaps"}}, {}, "raynaud", "perhaps", "a state is one of: not_done, unknown"),
        ({"raynaud": {"flag": None}}, {}, "raynaud", '{"flag": null}', 'or {"state": "not_done"}'),
        ({"phosphate": {"value": 1, "unit": "mmol/L", "dat": "2026"}}, {}, "dat", "2026", "did you mean date?"),
        ({"phosphate": mmol(1, "yesterday")}, {}, "phosphate", "yesterday", "write a date as in 2026-03-01"),
        ({"phosphate": mmol(1, confirmed="yes")}, {}, "phosphate", "yes", "confirmed is true or false"),
        ({"phosphate": mmol(1, high="1.5")}, {}, "phosphate", "1.5", "the range's high is a number in the result's unit"),
        ({"site": "finger"}, {}, "site", "finger", "belongs to the lesion's findings: move it there"),
        ({}, {"raynaud": True}, "raynaud", "true", "belongs to patient.findings: move it there"),
        ({"conditions": ["scc"]}, {}, "conditions", "scc", "no such code; did you mean ssc"),
        ({"conditions": "ssc"}, {}, "conditions", "ssc", "write a list of codes"),
        ({"conditions": {"yes": ["ssc"], "no": ["ssc"]}}, {}, "conditions", "ssc", "stands under yes and under no: keep one"),
        ({"conditions": {"perhaps": ["ssc"]}}, {}, "perhaps", '["ssc"]', "keys are: date, no, yes"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_remedy(patient: Any, lesion: Any, key: str, value: str, remedy: str) -> None:
    error = refused(case(patient, lesion))

    assert (error.case, error.key, show_value(error.value)) == ("test", key, value)
    assert remedy in error.say
    assert error.lesion == ("L1" if lesion else None)
    assert error.as_json() == {"case": "test", "lesion": error.lesion, "key": key, "value": value, "say": error.say}
    assert str(error).startswith("case test: ")


@pytest.mark.parametrize(
    ("change", "key", "remedy"),
    [
        ({"lesions": []}, "lesions", "at least one lesion is needed"),
        ({"lesions": None}, "lesions", "at least one lesion is needed"),
        ({"lesions": "L1"}, "lesions", "at least one lesion is needed"),
        ({"lesions": [{"id": "L1"}, {"id": "L1"}]}, "lesions", "an id of its own"),
        ({"lesions": [{"id": 1}]}, "id", "give the lesion an id"),
        ({"lesions": [3]}, "lesions", "a lesion is an object"),
        ({"lesions": [{"id": "L1", "finding": {}}]}, "finding", "did you mean findings?"),
        ({"patient": None}, "patient", "write an object with age, sex and findings"),
        ({"patient": {"findings": []}}, "findings", "write an object: fact: finding"),
        ({"patient": {"gender": "female"}}, "gender", "not a key of patient"),
        ({"patient": {"sex": "f"}}, "sex", "write female, male or null"),
        ({"patient": {"age_years": "48"}}, "age_years", "write the age as a number"),
        ({"patient": {"age_years": 151}}, "age_years", "write the age as a number"),
        ({"patient": {"age_years": -1}}, "age_years", "write the age as a number"),
        ({"patient": {"age_years": 3, "age_days": 9}}, "age_days", "give one of age_years, age_days"),
        ({"patient": {"birth_date": "2027-01-01"}}, "birth_date", "correct it"),
        ({"patient": {"birth_date": "1.2.1960"}}, "birth_date", "write a date as in 2026-03-01"),
        ({"on": "soon"}, "on", "write a date as in 2026-03-01"),
        ({"patients": {}}, "patients", "did you mean patient?"),
        ({"id": 7}, "id", "write the id as text"),
    ],
)
def test_a_case_that_is_no_case_is_refused(change: dict[str, Any], key: str, remedy: str) -> None:
    error = refused({**case(), **change})

    assert error.key == key
    assert remedy in error.say


def test_no_object_is_no_case() -> None:
    for nothing in (None, [], "case", 3):
        assert refused(nothing).key == "case"


def test_text_that_is_no_json_is_refused_with_exact_numbers_kept_otherwise() -> None:
    assert parse_json('{"a": 1.10}') == {"a": Decimal("1.10")}
    for broken in ("{", '{"a": NaN}', "[" * 100_000):
        with pytest.raises(CaseError, match="is no JSON"):
            parse_json(broken)


@pytest.mark.parametrize(
    "key", ["ca_total_position", "calcium_status", "minerals_raised", "lesion_type", "age_years", "sex", "ca_x_p", "kidney_failure"]
)
def test_a_derived_fact_cannot_be_entered(key: str) -> None:
    assert "is worked out and cannot be entered" in refused(case({key: True})).say


def test_a_derived_fact_says_what_to_enter_instead() -> None:
    assert "enter phosphate" in refused(case({"phosphate_status": "raised"})).say


def test_a_type_is_a_result_and_no_entry() -> None:
    assert "is a result of the assessment" in refused(case({}, {"t_dystrophic": True})).say


def test_look_alikes_come_nearest_first() -> None:
    names = {name: name for name in ("phosphate", "phosphate_load", "calcium", "prophase")}

    assert look_alikes("phosphat", names)[0] == "phosphate"
    assert look_alikes("zzz", names) == []


# --- conditions that belong to one site -----------------------------------------------------------
def test_a_site_bound_condition_given_with_the_patient_goes_to_the_only_lesion() -> None:
    assert pictures({"conditions": ["trauma_scar"]}).lesions["L1"].truth("trauma_scar") is True


def test_with_several_lesions_a_yes_is_not_counted_and_said_so_and_a_no_is_for_every_one() -> None:
    assessed = judge({"conditions": {"yes": ["trauma_scar"], "no": ["panniculitis"]}}, {}, {})
    lesions = assessed.pictures.lesions.values()

    assert [one.truth("trauma_scar") for one in lesions] == [None, None]
    assert [one.truth("panniculitis") for one in lesions] == [False, False]
    assert [(one.fact, one.say[:19]) for one in assessed.warnings] == [("trauma_scar", "belongs to one site")]


def test_what_the_lesion_says_itself_beats_what_was_given_with_the_patient() -> None:
    found = pictures({"conditions": {"no": ["trauma_scar"]}}, {"trauma_scar": True}, {})

    assert [one.truth("trauma_scar") for one in found.lesions.values()] == [True, False]


# --- age ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("age", "days", "years"),
    [
        ({"age_years": 2}, (730, 1095), (2, 2)),
        ({"age_years": 0}, (0, 365), (0, 0)),
        ({"age_years": Decimal("2.0")}, (712, 748), (1, 2)),
        ({"age_years": Decimal("2.5")}, (894, 931), (2, 2)),
        ({"age_years": Decimal("0.04")}, (12, 16), (0, 0)),
        ({"age_days": 10}, (10, 10), (0, 0)),
        ({"age_days": 366}, (366, 366), (1, 1)),
        ({"birth_date": "2024-03-02"}, (730, 730), (2, 2)),
        ({"birth_date": "2024-03-03"}, (729, 729), (1, 1)),
        ({"birth_date": "2026-03-02"}, (0, 0), (0, 0)),
        ({}, None, None),
    ],
)
def test_whole_years_are_the_whole_year_and_decimals_half_their_last_digit(age: dict[str, Any], days: Any, years: Any) -> None:
    found = read_age(age, ON)

    assert (found.days, found.years) == (days, years)


def test_every_age_band_touched_counts() -> None:
    """A phosphate of 1.70 at 18 is above the adult limit; at 17 within 0.85 to 1.60 it is above too; at 5 and at 10 within."""
    for years, place in ((5, {"within"}), (12, {"within", "above"}), (17, {"above"}), (18, {"above"})):
        assert may_be(pictures({"phosphate": mmol(Decimal("1.70"))}, age=years).patient, "phosphate_position") == place


def test_age_and_sex_make_facts_not_applicable() -> None:
    def asked(**about: Any) -> bool:
        return pictures(**about).patient.get("pregnant") is None

    assert asked(age=30, sex="female")
    assert asked(age=30, sex=None)
    assert not asked(age=30, sex="male")
    assert not asked(age=9, sex="female")
    assert not asked(age=56, sex="female")
    assert pictures(age=30).patient.get("postmenstrual_age_weeks") is not None
    assert pictures(age={"age_days": 30}).patient.get("postmenstrual_age_weeks") is None


# --- the day of the assessment --------------------------------------------------------------------
def test_the_given_day_beats_the_cases_own_the_newest_finding_and_today() -> None:
    document = case({"phosphate": mmol(1, "2026-02-10"), "raynaud": {"value": True, "date": "2026-02-20"}})
    facts, today, other = load().facts, date(2026, 4, 4), date(2026, 3, 9)
    without = {key: value for key, value in document.items() if key != "on"}
    undated = {**without, "patient": {"findings": {}}}

    assert read_case(document, facts, on=other, today=today).on == other
    assert read_case(document, facts, today=today).on == ON
    assert read_case(without, facts, today=today).on == date(2026, 2, 20)
    assert read_case(undated, facts, today=today).on == today
    assert refused(undated).key == "on"


def test_a_finding_of_a_lesion_dates_the_case_too() -> None:
    document = case({}, {"painful": {"value": True, "date": "2026-02-10"}})
    del document["on"]

    assert read_case(document, load().facts).on == date(2026, 2, 10)


def test_reading_does_not_depend_on_the_order_of_findings() -> None:
    backwards = dict(reversed(list(NORMAL_MINERALS.items())))

    assert json.loads(judge(NORMAL_MINERALS).to_json()) == json.loads(judge(backwards).to_json())
