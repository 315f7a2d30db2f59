"""JSON Schema (draft 2020-12) of a case and of an assessment, built from the release and the code.

``python3 -m clinical_rules.schema docs/`` writes ``case.schema.json`` and ``assessment.schema.json``.
A schema checks the shape. What a value means, and whether it is possible, only the rules can say.
"""

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, get_args, get_type_hints

from clinical_rules.derive import Contradiction
from clinical_rules.explanation.words import EMERGENCY_LABELS, MARKS
from clinical_rules.facts import Fact
from clinical_rules.findings.model import ABSENT_STATES, COMPARATORS, FLAGS
from clinical_rules.pathway import PHASES, STATUSES
from clinical_rules.release import TYPES, Release, load

Schema = dict[str, Any]

DRAFT = "https://json-schema.org/draft/2020-12/schema"
DAY: Schema = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
MOMENT: Schema = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}", "description": "a date, or a date with a time of day"}
STATE: Schema = {"type": "object", "properties": {"state": {"enum": list(ABSENT_STATES)}, "date": MOMENT}, "required": ["state"]}
LESION_STATUSES = ("decided", "open", "withheld")
CASE_STATUSES = ("decided", "open", "several", "withheld")


def case_schema(release: Release) -> Schema:
    """What a case may look like: every fact that may be entered, under its key and its aliases."""
    shared: Schema = {}
    definitions: Schema = {}
    for fact in release.facts.values():
        if fact.derived:
            continue
        name, forms = _forms(fact)
        name = next((known for known, same in definitions.items() if same == forms), name)
        definitions[name] = forms
        if fact.kind == "codes":
            definitions[f"one_of_{fact.key}"] = {"enum": [code.code for code in fact.codes]}
        one: Schema = {"$ref": f"#/$defs/{name}"}
        several: Schema = one if fact.kind == "codes" else {"anyOf": [one, {"type": "array", "items": one}]}
        described = {**several, "description": fact.question}
        for key in (fact.key, *fact.aliases):
            shared[key] = {**described, "x-scope": fact.scope, "x-section": fact.section}
    patient = {key: _plain(one) for key, one in shared.items() if one["x-scope"] == "patient" or one["x-section"] == "conditions"}
    lesion = {key: _plain(one) for key, one in shared.items() if one["x-scope"] == "lesion"}
    return {
        "$schema": DRAFT,
        "title": f"A case for release {release.number}",
        **_object(
            {
                "id": {"type": "string"},
                "on": {**DAY, "description": "the day of the assessment; else the newest finding's, else today"},
                "patient": _object(
                    {
                        "age_years": {
                            "type": ["number", "null"],
                            "minimum": 0,
                            "maximum": 150,
                            "description": "whole years mean the whole year",
                        },
                        "age_days": {"type": ["integer", "null"], "minimum": 0, "maximum": 55000},
                        "birth_date": {"anyOf": [DAY, {"type": "null"}]},
                        "sex": {"enum": ["female", "male", "unknown", "", None]},
                        "findings": {**_object(patient), "type": ["object", "null"]},
                        "note": {},
                    }
                ),
                "lesions": {
                    "type": "array",
                    "minItems": 1,
                    "items": _object(
                        {
                            "id": {"type": "string", "minLength": 1, "maxLength": 64},
                            "findings": {**_object(lesion), "type": ["object", "null"]},
                            "note": {},
                            "label": {},
                        }
                    ),
                },
                "expected": {"type": ["object", "null"], "description": "what somebody expects; check_cases compares"},
                "source": {},
                "title": {},
                "note": {},
                "purpose": {"enum": ["boundary"], "description": "a case that sits on limits on purpose: a test, no example"},
                "jurisdiction": {},
            },
            required=("patient", "lesions"),
        ),
        "$defs": dict(sorted(definitions.items())),
    }


def _plain(described: Mapping[str, Any]) -> Schema:
    return {key: value for key, value in described.items() if not key.startswith("x-")}


def _forms(fact: Fact) -> tuple[str, Schema]:
    """The name and the accepted forms of a finding of this fact; facts of one kind share them."""
    if fact.kind == "codes":
        return f"set_{fact.key}", _set_forms(fact.key)
    if fact.kind == "number":
        return _number_forms(fact)
    if fact.kind == "boolean":
        return "answer", _one_of({"type": "boolean"}, _answer({"type": "boolean"}))
    if fact.kind == "date":
        return "day", _one_of(DAY, _answer(DAY))
    codes: Schema = {"enum": [code.code for code in fact.codes]}
    return f"code_{fact.key}", _one_of(codes, _answer(codes))


def _number_forms(fact: Fact) -> tuple[str, Schema]:
    units = sorted({name for unit in fact.units for name in (unit.code, *unit.spellings)})
    fields: Schema = {
        "value": {"type": "number"},
        "unit": {"enum": units, "description": "case and blanks do not matter to the rules"} if units else {"enum": ["", None]},
        "date": MOMENT,
        "comparator": {"enum": [*COMPARATORS, "", None]},
        "low": {"type": ["number", "null"], "description": "the laboratory's own lower limit, in the result's unit"},
        "high": {"type": ["number", "null"], "description": "the laboratory's own upper limit, in the result's unit"},
        "flag": {"enum": [*FLAGS, None]},
        "confirmed": {"type": "boolean", "description": "an unusual value is meant"},
        "source": {},
    }
    result = _object(fields, required=("value", "unit") if fact.needs_unit else ("value",))
    flag = _object({"flag": {"enum": list(FLAGS)}, "date": MOMENT, "unit": fields["unit"], "source": {}}, required=("flag",))
    forms = [result, flag] if fact.needs_unit else [{"type": "number"}, result, flag]
    return f"result_{fact.key}" if fact.units else "number", _one_of(*forms)


def _answer(value: Schema) -> Schema:
    return _object({"value": value, "date": MOMENT, "confirmed": {"type": "boolean"}, "source": {}}, required=("value",))


def _one_of(*forms: Schema) -> Schema:
    """One finding, or nothing."""
    return {"anyOf": [*forms, STATE, {"type": "null"}]}


def _set_forms(key: str) -> Schema:
    listed: Schema = {"type": "array", "items": {"$ref": f"#/$defs/one_of_{key}"}}
    either: Schema = {"anyOf": [listed, {"type": "null"}]}
    return {"anyOf": [listed, _object({"yes": either, "no": either, "date": MOMENT}), {"type": "null"}]}


def assessment_schema(release: Release) -> Schema:
    """What ``assess`` answers."""
    entered = [key for key, fact in release.facts.items() if not fact.derived]
    text: Schema = {"type": "string"}
    lesion: Schema = {"type": ["string", "null"], "description": "the lesion's id; null: the patient's"}
    rows: Schema = {"type": "array", "items": text, "description": "row ids of the release"}
    kind: Schema = {"enum": list(TYPES)}
    facts: Schema = {"type": "array", "items": {"$ref": "#/$defs/fact_to_enter"}}
    return {
        "$schema": DRAFT,
        "title": f"An assessment by release {release.number}",
        **_all_of(
            {
                "id": text,
                "release": {"const": release.number},
                "hash": {"type": "string", "pattern": "^[0-9a-f]{64}$", "description": "SHA-256 of the release"},
                "engine": text,
                "on": DAY,
                "jurisdiction": {"enum": [*release.content["jurisdictions"], None]},
                "emergencies": _list({"key": {"enum": list(EMERGENCY_LABELS)}, "lesion": lesion, "because": {**rows, "minItems": 1}}),
                "status": {"enum": list(CASE_STATUSES)},
                "type": _or_null(kind),
                "lesions": {**_list(_lesion_fields(kind, rows, facts)), "minItems": 1},
                "contradictions": _list(
                    {
                        "fact": text,
                        "lesion": lesion,
                        "kind": {"enum": list(get_args(get_type_hints(Contradiction)["kind"]))},
                        "findings": {"type": "array"},
                    }
                ),
                "warnings": _list({"fact": text, "value": text, "say": text, "lesion": lesion}),
                "options": _list(
                    {
                        "treatment": {"enum": sorted(release.treatments)},
                        "lesion": lesion,
                        "phase": {"enum": list(PHASES)},
                        "status": {"enum": list(STATUSES)},
                        "because": rows,
                        "needs": facts,
                    }
                ),
                "schedule": {
                    "type": "array",
                    "items": {
                        "oneOf": [
                            _all_of({"row": text, owner: text, "lesion": lesion, "from": DAY, "due": DAY, "until": DAY})
                            for owner in ("treatment", "condition")
                        ]
                    },
                },
                "steps": _list({"step": text, "phase": {"enum": list(PHASES)}, "lesion": lesion}),
            }
        ),
        "$defs": {"fact_to_enter": {"enum": [*entered, "age_years", "age_days"]}},
    }


def _lesion_fields(kind: Schema, rows: Schema, facts: Schema) -> Schema:
    kinds: Schema = {"type": "array", "items": kind, "uniqueItems": True}
    assumption = _all_of({"fact": {"type": "string"}, "is": {"type": ["string", "boolean", "integer"]}})
    return {
        "id": {"type": "string"},
        "status": {"enum": list(LESION_STATUSES)},
        "type": _or_null(kind),
        "parts": kinds,
        "types": kinds,
        "candidates": kinds,
        "candidates_exact": {"type": "boolean"},
        "marks": {"type": "array", "items": {"enum": list(MARKS)}, "uniqueItems": True},
        "fired": rows,
        "leading": _or_null(_all_of({"type": kind, "assumes": {"type": "array", "items": assumption}})),
        "no_lead": {"type": ["string", "null"]},
        "settle": facts,
    }


def _object(fields: Schema, required: Iterable[str] = ()) -> Schema:
    return {"type": "object", "properties": fields, "required": list(required), "additionalProperties": False}


def _all_of(fields: Schema) -> Schema:
    return _object(fields, fields)


def _list(fields: Schema) -> Schema:
    return {"type": "array", "items": _all_of(fields)}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def written(schema: Schema) -> str:
    """A schema as it stands in a file."""
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


def main(folder: Path) -> None:
    """Write both schemas into a folder."""
    release = load()
    (folder / "case.schema.json").write_text(written(case_schema(release)), encoding="utf-8")
    (folder / "assessment.schema.json").write_text(written(assessment_schema(release)), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
