"""Impact equals the slow way, whatever is edited; it judges anew only the cases of which a changed row's value changed."""

import copy
import json
import random
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import pytest

from bench.stored_cases import unjudged_cases
from clinical_rules.comparison import Index, Terms, Touched, build_index, difference, effects, impact, impact_slowly, judge
from clinical_rules.comparison.columns import ColumnWriter, members
from clinical_rules.comparison.index import tiled
from clinical_rules.errors import ReleaseError
from clinical_rules.release import Release, load
from clinical_rules.tables import NOT_APPLICABLE, Possible, among, between, exactly
from tests.rules.comparison.edits import Content, edited

OLD = load()
DOCUMENTS = [*OLD.content["cases"][::8], *unjudged_cases(OLD, 14, seed=3)]


@lru_cache(maxsize=1)
def index() -> Index:
    return build_index(DOCUMENTS, OLD)


def release(content: Content) -> Release | None:
    """The edited release; nothing where the release refuses the edit."""
    try:
        return Release(content)
    except (ReleaseError, ValueError, KeyError):
        return None


def slowly(new: Release) -> tuple[Touched, ...]:
    """As ``impact_slowly``, with what the old release says taken from the index."""
    found = []
    for case, document in enumerate(DOCUMENTS):
        told = effects(index().outcome(case), json.loads(json.dumps(judge(document, new, Terms()))))
        if told:
            found.append(Touched(case, told))
    return tuple(sorted(found, key=lambda one: one.harm))


@pytest.mark.parametrize("seed", range(8))
def test_impact_equals_judging_everybody_twice(seed: int) -> None:
    draw = random.Random(seed)
    new = release(edited(OLD.content, draw, draw.choice((1, 1, 1, 2, 4))))
    if new is not None:
        assert impact(OLD, new, index(), DOCUMENTS).touched == slowly(new)


def changed(edit: Callable[[Any], None]) -> Release:
    content: Any = copy.deepcopy(OLD.content)
    edit(content)
    return Release(content)


def _gate(content: Any) -> None:
    content["treatments"]["alendronate"]["gate"][5]["when"]["crcl"] = "< 80"


def _definition(content: Any) -> None:
    next(one for one in content["definitions"] if one["fact"] == "major_setting")["any"][0]["egfr"] = "< 75"


def _early_definition(content: Any) -> None:
    next(one for one in content["definitions"] if one["fact"] == "adjustment_reliable")["any"][0]["albumin"] = ">= 45"


def _range(content: Any) -> None:
    next(one for one in content["laboratory"] if one["key"] == "phosphate")["bands"][-1]["reference"][1] = "1.25"


def _emergency(content: Any) -> None:
    next(one for one in content["tables"]["emergencies"]["row"] if one["id"] == "E.calcium_high.1")["when"]["ca_adjusted"] = ">= 2.60"


@pytest.mark.parametrize("edit", [_gate, _definition, _early_definition, _range, _emergency])
def test_one_threshold_touches_few(edit: Callable[[Any], None]) -> None:
    new = changed(edit)
    found = impact(OLD, new, index(), DOCUMENTS)
    assert found.touched == slowly(new)
    assert found.touched, "the edit was meant to touch somebody"
    assert found.judged < len(DOCUMENTS) * 2 / 3


def test_the_slow_way_judges_everybody_under_both_releases() -> None:
    new = changed(_definition)
    assert impact_slowly(OLD, new, DOCUMENTS) == slowly(new)


def test_words_alone_touch_nobody_and_judge_nobody() -> None:
    def words(content: Any) -> None:
        content["tables"]["classification"]["row"][3]["say"] = "said otherwise"
        content["treatments"]["alendronate"]["gate"][0]["reason"] = "another reason"
        content["references"][3]["title"] = "another title"
        content["cases"].pop()

    found = impact(OLD, changed(words), index(), DOCUMENTS)
    assert (len(found.changes), found.judged, found.touched) == (4, 0, ())


def test_a_gate_of_what_is_not_put_forward_is_read_from_the_index() -> None:
    """Warfarin's gates and those of a drug that nobody is offered: nobody is judged anew for them."""

    def gates(content: Any) -> None:
        next(one for one in content["treatments"]["aluminium_hydroxide"]["gate"] if one["severity"] == "absolute")["severity"] = "caution"

    put_forward = [
        case for case in range(len(DOCUMENTS)) if index().outcome(case)["options"]["aluminium_hydroxide"]["status"] != "not_indicated"
    ]
    found = impact(OLD, changed(gates), index(), DOCUMENTS)
    assert found.judged <= len(put_forward) < len(found.touched)
    assert found.touched == slowly(changed(gates))


def test_the_most_harmful_stands_first() -> None:
    def edit(content: Any) -> None:
        for one in content["tables"]["emergencies"]["row"]:
            if one["id"] in ("C0.major", "C0.minor"):
                one["when"]["em_calciphylaxis"] = "true"
        _range(content)

    found = impact(OLD, changed(edit), index(), DOCUMENTS)
    harms = [one.effects[0].harm for one in found.touched]
    assert harms == sorted(harms)
    assert found.touched[0].effects[0].kind == "emergency_lost"
    assert next(iter(found.counts())) == "emergency_lost"
    for one in found.touched:
        assert [each.harm for each in one.effects] == sorted(each.harm for each in one.effects)


def test_an_index_of_another_release_is_refused() -> None:
    new = changed(_gate)
    with pytest.raises(ReleaseError, match="another release"):
        impact(new, OLD, index(), DOCUMENTS)


def test_an_index_is_stored_as_plain_data() -> None:
    read = Index.from_json(json.loads(json.dumps(index().as_json())))
    assert read == index()
    assert impact(OLD, changed(_range), read, DOCUMENTS) == impact(OLD, changed(_range), index(), DOCUMENTS)


def test_the_same_cases_many_times_over_are_found_as_often() -> None:
    new = changed(_range)
    once = impact(OLD, new, index(), DOCUMENTS).touched
    thrice = impact(OLD, new, tiled(index(), 3), DOCUMENTS * 3).touched
    assert sorted(one.case for one in thrice) == sorted(one.case + turn * len(DOCUMENTS) for one in once for turn in range(3))


def test_columns_find_values_among_more_than_a_byte_holds() -> None:
    draw = random.Random(5)
    values: list[Possible | None] = [
        draw.choice(
            (None, exactly(True), among({"a", "b"}), NOT_APPLICABLE, exactly(draw.randrange(900)), between(3, draw.randrange(4, 99)))
        )
        for _ in range(3000)
    ]
    writer = ColumnWriter()
    for unit, value in enumerate(values):
        if value is not None:
            writer.put(unit, value)
    column = writer.column(len(values))
    assert len(column.planes) == 2
    assert [column.at(unit) for unit in range(len(values))] == values
    for share in (0, 0.01, 0.5, 1):
        wanted = [draw.random() < share for _ in column.values]
        chosen = {value for value, is_wanted in zip(column.values, wanted, strict=True) if is_wanted}
        assert list(members(column.where(wanted), len(values))) == [unit for unit, value in enumerate(values) if value in chosen]


def test_a_changed_difference_of_the_release_itself_is_empty() -> None:
    assert impact(OLD, OLD, index(), DOCUMENTS, difference(OLD.content, OLD.content)).touched == ()
