"""The difference of two releases is complete: applied to the old content it gives the new content, and nothing changed is left out."""

import copy
import json
import random
from typing import Any

import pytest

from clinical_rules.comparison import Change, apply, difference, sentences
from clinical_rules.release import Release, load
from tests.rules.comparison.edits import Content, scrambled, written

OLD: Content = load().content
SMALL: Content = {
    **{name: OLD[name] for name in ("title", "number", "grades", "jurisdictions", "implications")},
    "tables": {name: OLD["tables"][name] for name in ("classification", "not_calcinosis")},
    "treatments": {name: OLD["treatments"][name] for name in ("alendronate", "pinch_punch")},
    "definitions": [
        one for one in OLD["definitions"] if one["fact"] in ("major_setting", "site_exposure", "symptomatic", "kidney_failure")
    ],
    "laboratory": OLD["laboratory"][:2],
    "lists": {"causes": OLD["lists"]["causes"], "follow_up": OLD["lists"]["follow_up"][:4]},
    "facts": OLD["facts"][:6],
    "cases": OLD["cases"][:3],
}


def test_a_release_does_not_differ_from_itself() -> None:
    assert difference(OLD, copy.deepcopy(OLD)) == ()


@pytest.mark.parametrize("seed", range(30))
def test_applied_to_the_old_content_it_gives_the_new_content(seed: int) -> None:
    draw = random.Random(seed)
    old = scrambled(SMALL, draw, draw.choice((0, 0, 5)))
    new = scrambled(old, draw, draw.choice((1, 2, 5, 20, 60)))
    forth, back = difference(old, new), difference(new, old)
    assert written(apply(forth, old)) == written(new)
    assert written(apply(back, new)) == written(old)
    assert (forth == ()) == (written(old) == written(new))
    read = [Change.from_json(json.loads(json.dumps(one.as_json()))) for one in forth]
    assert written(apply(read, old)) == written(new)


def test_the_whole_release_too() -> None:
    draw = random.Random(1)
    new = scrambled(OLD, draw, 60)
    assert written(apply(difference(OLD, new), OLD)) == written(new)


def test_no_change_says_more_than_changed() -> None:
    """A cell changed is that cell, not its row; a row taken out is no change of the rows behind it."""
    new: Any = copy.deepcopy(OLD)
    new["treatments"]["alendronate"]["gate"][5]["when"]["crcl"] = "< 30"
    del new["tables"]["classification"]["row"][2]
    del next(one for one in new["definitions"] if one["fact"] == "major_setting")["any"][4]
    found = difference(OLD, new)
    assert [(one.part, one.owner, one.row, one.field, one.kind) for one in found] == [
        ("definition", "", "major_setting line 5", "", "removed"),
        ("table", "classification", "C1nm", "", "removed"),
        ("treatment gate", "alendronate", "alendronate.contraindication.6", "when.crcl", "changed"),
    ]


def test_order_matters_where_the_first_row_decides() -> None:
    new: Any = copy.deepcopy(OLD)
    for table in ("classification", "emergencies"):
        rows = new["tables"][table]["row"]
        rows.insert(3, rows.pop(8))
    lines = next(one for one in new["definitions"] if one["fact"] == "site_exposure")["first"]
    lines.insert(0, lines.pop(1))
    assert [(one.owner, one.row, one.kind, one.matters) for one in difference(OLD, new)] == [
        ("", "site_exposure line 2", "moved", True),
        ("classification", "C4", "moved", True),
        ("emergencies", "E.infection.fever", "moved", False),
    ]


def said(new: Content) -> list[str]:
    old, edited = load(), Release(new)
    return list(sentences(difference(old.content, edited.content), old, edited))


def test_each_change_is_a_sentence() -> None:
    new: Any = copy.deepcopy(OLD)
    gates = {one["row"]: one for one in new["treatments"]["alendronate"]["gate"]}
    gates["alendronate.contraindication.6"]["when"]["crcl"] = "< 30"
    gates["alendronate.caution.3"]["severity"] = "absolute"
    new["treatments"]["alendronate"]["gate"].remove(gates["alendronate.contraindication.2"])
    next(one for one in new["definitions"] if one["fact"] == "major_setting")["any"][0]["egfr"] = "< 25"
    next(one for one in new["laboratory"] if one["key"] == "phosphate")["bands"][-1]["reference"][1] = "1.50"
    new["tables"]["classification"]["row"][7]["then"]["type"] = "metastatic"
    new["tables"]["classification"]["row"][7]["when"]["is_child"] = "false"
    choice = {one["id"]: one for one in new["tables"]["choice"]["row"]}
    choice["c1.13"]["offer"].append("diltiazem")
    del choice["c1.13"]["when"]["painful"]
    new["implications"][2]["then"]["crcl"] = "< 10.0"
    assert said(new) == [
        (
            "Definition major setting for calciphylaxis, line 1: Estimated GFR (CKD-EPI 2021, adult) is below 25 mL/min/1.73 m² "
            "(was below 30 mL/min/1.73 m²)"
        ),
        "Implication dialysis_clearance: then creatinine clearance is below 10.0 mL/min (was below 15.0 mL/min)",
        "Phosphate, inorganic, from day 6574 to 54787: range: 0.84 to 1.50 mmol/L (was 0.84 to 1.45 mmol/L)",
        "Choice by lesion (c.1), row c1.13: offer: Sodium thiosulfate, intralesional, Diltiazem (was Sodium thiosulfate, intralesional)",
        "Choice by lesion (c.1), row c1.13: no longer asks for pain is yes",
        "Classification, row C3: type: Metastatic (was Mixed)",
        "Classification, row C3: when also under 18 years is no (was not asked)",
        (
            "Alendronate (bisphosphonate), gate contraindication.2: removed: blocked when pregnant is yes; action: block; "
            'reason: "fetal harm in animals; long skeletal retention"; seen: yes; seen basis: source; sources: LBL_PAM'
        ),
        "Alendronate (bisphosphonate), gate contraindication.6: blocked when creatinine clearance is below 30 mL/min (was below 35 mL/min)",
        "Alendronate (bisphosphonate), gate caution.3: severity: absolute (was relative)",
    ]


def test_every_kind_of_place_can_be_said() -> None:
    """A whole release against an empty one: each part is named by what people call it."""
    edited: Any = copy.deepcopy(OLD)
    del (
        edited["treatments"]["probenecid"],
        edited["tables"]["leading"]["row"][3],
        edited["references"][4],
        edited["conditions"][2]["synonyms"],
    )
    edited["lists"]["causes"].append({**edited["lists"]["causes"][1], "row": "cause.new", "id": "cause.new"})
    edited["cases"][0]["expected"]["type"] = "mixed"
    edited["title"] = "Another title"
    for row in edited["tables"]["choice"]["row"]:
        row["offer"] = [one for one in row["offer"] if one != "probenecid"]
    edited["statements"] = [one for one in edited["statements"] if "probenecid" not in json.dumps(one)]
    found = said(edited)
    assert len(found) == len(difference(OLD, edited))
    assert any(one.startswith("Probenecid: removed: ") and "blocked when" in one for one in found)
    assert any(one.startswith("Cause cause.new: added: ") for one in found)
    assert 'Release, title: "Another title" (was "Calcinosis cutis")' in found
