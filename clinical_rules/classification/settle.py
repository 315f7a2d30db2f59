"""What to ask next, best first."""

from collections.abc import Iterable

from clinical_rules.classification.model import LesionResult
from clinical_rules.derive import Picture, Pictures
from clinical_rules.release import Release

SKIN_QUESTIONS = ("any_definite_skin_sign", "any_early_skin_sign", "skin_sign_within_12_weeks")


def find_settling(release: Release, pictures: Pictures, picture: Picture, result: LesionResult) -> tuple[str, ...]:
    """What to ask next, best first: the skin in a major setting, contradictions, then what narrows the type."""
    head = [*_leak_question(picture), *_skin_questions(picture, result)]
    if result.type == "not_calcinosis":
        return tuple(head)
    clashes = [clash.fact for clash in pictures.contradictions if clash.lesion in (None, result.id)]
    body: list[str] = []
    if result.status == "open":
        if picture.truth("bone_suspected") is True and picture.truth("bone_on_histology") is None:
            body.append("bone_on_histology")
        if picture.truth("elastic_suspected") is True and picture.truth("calcified_elastic_fibres") is None:
            body.append("calcified_elastic_fibres")
        if picture.truth("tophus_possible") is True and picture.truth("urate_crystals") is None:
            body.append("urate_crystals")
        if picture.truth("mimic_suspected") is True and picture.truth("calcification_on_biopsy") is None:
            body.append("calcification_on_biopsy")
        body += type_questions(release, pictures, picture)
    if "provisional_no_albumin" in result.marks and result.status != "withheld":
        body += [key for key in pictures.calcium.asks if key not in pictures.readings]
    return tuple(dict.fromkeys((*head, *clashes, *body)))


def type_questions(release: Release, pictures: Pictures, picture: Picture) -> list[str]:
    """What narrows the type, best first."""
    table = release.tables["classification"]
    return [fact for column in table.settle(picture.of(table), "type") for fact in inputs(pictures, picture, column)]


def _leak_question(picture: Picture) -> list[str]:
    """A definite sign where calcium leaked: whether it is confined to that site decides what it means."""
    asked = picture.truth("any_definite_skin_sign") is True and picture.truth("leak_recorded") is True
    return ["confined_to_leak_site"] if asked and picture.truth("confined_to_leak_site") is None else []


def _skin_questions(picture: Picture, result: LesionResult) -> list[str]:
    """In a major setting the skin comes first; once calciphylaxis is suspected, whether a sign is definite."""
    definite = SKIN_QUESTIONS[0]
    if picture.truth("major_setting") is not True or result.status == "withheld":
        return []
    if "calciphylaxis_not_excluded" not in result.marks:
        return [definite] if picture.truth(definite) is None else []
    return _open_skin_questions(picture)


def _open_skin_questions(picture: Picture) -> list[str]:
    """What is still to be asked of the skin: the signs, then what makes an early sign count."""
    definite, early, recent = SKIN_QUESTIONS
    found = [key for key in (definite, early) if picture.truth(key) is None]
    if picture.truth(early) is True:
        found += [key for key, known in ((recent, picture.truth("recent_skin_change")), ("site", picture.get("site"))) if known is None]
    return found


def inputs(pictures: Pictures, picture: Picture, key: str) -> tuple[str, ...]:
    """The facts a person can enter that an unknown fact waits for, best first, as group questions where there is one."""
    found = picture.waits_for.get(key)
    if found is None:
        leaves: list[str] = []
        _collect(pictures, picture, key, leaves, set())
        found = tuple(dict.fromkeys(_asked_as(picture, leaf) for leaf in leaves))
        picture.waits_for[key] = found
    return found


def _collect(pictures: Pictures, picture: Picture, key: str, leaves: list[str], seen: set[str]) -> None:
    if key in seen:
        return
    seen.add(key)
    release = picture.release
    fact = release.facts[key]
    if key == "calcium_status":
        leaves += [one for one in pictures.calcium.asks if one not in pictures.readings or one == "ca_ionised"]
    elif key == "calciphylaxis_suspected_or_confirmed":
        leaves += _open_skin_questions(picture)
    elif key == "phosphate_status":
        leaves.append("phosphate")
    elif key == "minerals_raised":
        for part in ("phosphate_status", "calcium_status"):
            if _unknown(picture, part):
                _collect(pictures, picture, part, leaves, seen)
    elif key in release.definitions:
        definition = release.definitions[key]
        table = definition.table
        waits: Iterable[str] = _asks(picture, definition.asks)
        if not waits and table is not None:
            # Nothing that it says to ask is open, as when a group was answered yes by a member that does not count: ask its rows.
            open_rows = [row for row in table.explain(picture.of(table)) if row.truth is None]
            waits = [test.fact for row in open_rows for test in row.tests if test.truth is None]
        for fact_key in waits:
            _collect(pictures, picture, fact_key, leaves, seen)
    elif fact.derived:
        leaves += [one for one in fact.asks if _unknown(picture, one)]
    elif _unknown(picture, key):
        leaves.append(key)


def _asks(picture: Picture, asks: Iterable[str]) -> list[str]:
    """What a definition says to ask: ``fact``, or ``fact if other`` where it matters only when the other is so."""
    found = []
    for text in asks:
        fact, _, condition = text.partition(" if ")
        if _unknown(picture, fact) and (not condition or picture.truth(condition) is True):
            found.append(fact)
    return found


def _unknown(picture: Picture, key: str) -> bool:
    found = picture.get(key)
    if found is None:
        return True
    return not found.not_applicable and found.only.__class__ not in (bool, str, int)


def _asked_as(picture: Picture, key: str) -> str:
    """A member of a group nobody answered is asked by the group's question."""
    for group in picture.release.exhaustive_groups.get(key, ()):
        if picture.truth(group) is None:
            return group
    return key
