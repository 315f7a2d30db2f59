"""Rules are read again only when something they hear became known: that changes no answer."""

import random
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from clinical_rules.assessment import assess
from clinical_rules.derive import Picture
from clinical_rules.hearing import Listeners, beneath
from clinical_rules.release import load
from tests.rules.bedside import case

RELEASE = load()
DAY = date(2026, 3, 2)


def answered_at_random(seed: int) -> dict[str, Any]:
    """A patient with two lesions and many yes and no answers, some of which contradict each other."""
    chance = random.Random(seed)
    asked = [fact for fact in RELEASE.facts.values() if fact.kind == "boolean" and not fact.derived]

    def some(scope: str, most: int) -> dict[str, Any]:
        mine = [fact.key for fact in asked if fact.scope == scope]
        return {key: chance.random() < 0.35 for key in chance.sample(mine, chance.randrange(most))}

    return case(some("patient", 90), some("lesion", 25), some("lesion", 25), age=chance.choice([0, 9, 17, 48]))


CASES = [*RELEASE.content["cases"][:25], *map(answered_at_random, range(60))]


def all_of(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every rule is read in every round, and everything derived is worked out anew."""

    def everything(self: Listeners, news: object, since: int | None) -> Iterator[int]:
        yield from sorted({*self._unasked, *(number for some in self._by_fact.values() for number in some)})

    def forget(self: Picture) -> None:
        self._derived.clear()
        self._unheard.clear()
        self.waits_for.clear()

    monkeypatch.setattr(Listeners, "due", everything)
    monkeypatch.setattr(Picture, "forget_derived", forget)


def test_reading_every_rule_every_time_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    heard = [assess(one, RELEASE, on=DAY).to_json() for one in CASES]
    all_of(monkeypatch)

    assert [assess(one, RELEASE, on=DAY).to_json() for one in CASES] == heard


def test_a_rule_hears_what_one_before_it_made_known_and_waits_for_what_one_after_it_did() -> None:
    rules = Listeners([{"a"}, {"b"}, {"c", "d"}], unasked=[1])
    news = ["a"]

    read = []
    for number in rules.due(news, 0):
        read.append(number)
        news += {0: ["d"], 2: ["b"]}[number]
    assert read == [0, 2]
    assert list(rules.due(news, 1)) == [1, 2]
    assert list(rules.due(["c"], None)) == [1, 2], "the unasked are read once"


def test_beneath_follows_every_step() -> None:
    reads = {"a": ("b", "c"), "b": ("d",), "c": ("a",)}
    assert beneath("a", lambda key: reads.get(key, ())) == {"a", "b", "c", "d"}
