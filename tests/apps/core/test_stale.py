"""What was seen, what is stored now, and what was sent: nobody is overwritten, and nobody is bothered without need."""

from datetime import UTC, datetime

import pytest

from calcinosis_app.api.errors import answer
from calcinosis_app.core.errors import Conflict
from calcinosis_app.core.once import KeyRefused
from calcinosis_app.core.stale import Label, check_seen, version_of

LABELS = {"decision": Label("Decision", choices=(("accept", "Accept"), ("defer", "Defer"))), "text": Label("Text", long=True)}
SAW = {"decision": "accept", "text": "as discussed"}
NOW = {"decision": "defer", "text": "as discussed"}
MINE = {"decision": "accept", "text": "as discussed on Monday"}


def check(seen: dict[str, str] | None, stored: dict[str, str] | None, sent: dict[str, str] | None) -> None:
    at = datetime(2026, 3, 1, 9, tzinfo=UTC)
    check_seen(seen=version_of(seen), stored=stored, sent=sent, labels=LABELS, say="Changed meanwhile.", by="Nadia Brook", at=at)


def test_what_is_still_as_it_was_seen_may_be_changed() -> None:
    check(SAW, dict(reversed(SAW.items())), MINE)
    check(None, None, MINE)
    check(SAW, SAW, None)


def test_two_who_say_the_same_do_not_disturb_each_other() -> None:
    check(SAW, MINE, MINE)
    check(SAW, None, None)


def test_whoever_did_not_look_is_not_compared() -> None:
    check_seen(seen=None, stored=NOW, sent=MINE, labels=LABELS, say="")


@pytest.mark.parametrize(("seen", "stored", "sent"), [(SAW, NOW, MINE), (None, NOW, MINE), (SAW, None, MINE), (SAW, NOW, None)])
def test_the_second_is_told_and_sees_both(seen: dict[str, str] | None, stored: dict[str, str] | None, sent: dict[str, str] | None) -> None:
    with pytest.raises(Conflict, match="Changed meanwhile") as caught:
        check(seen, stored, sent)
    versions = caught.value.versions
    assert versions is not None
    assert {one.name: one.mine for one in versions.fields} == (sent or {"decision": "", "text": ""})
    assert {one.name: one.theirs for one in versions.fields} == (stored or {"decision": "", "text": ""})
    assert versions.by == "Nadia Brook"


def test_sent_again_on_purpose_it_replaces() -> None:
    with pytest.raises(Conflict) as caught:
        check(SAW, NOW, MINE)
    assert caught.value.versions is not None
    check_seen(seen=caught.value.versions.version, stored=NOW, sent=MINE, labels=LABELS, say="")


def test_a_program_gets_both_too() -> None:
    with pytest.raises(Conflict) as caught:
        check(SAW, NOW, MINE)
    response = answer(caught.value, {})
    assert response is not None
    assert response.status_code == 409
    assert response.data["errors"][0]["say"] == "Changed meanwhile."
    assert response.data["versions"] == {
        "mine": MINE,
        "theirs": NOW,
        "differs": ["decision", "text"],
        "by": "Nadia Brook",
        "at": "2026-03-01T09:00:00+00:00",
        "version": version_of(NOW),
    }


def test_a_program_hears_what_is_wrong_with_its_key() -> None:
    response = answer(KeyRefused("A key has 1 to 255."), {})
    assert response is not None
    assert (response.status_code, response.data["errors"][0]["key"]) == (400, "Idempotency-Key")
