"""Group answers and implications inform what was not stated, until nothing changes."""

from collections.abc import Iterator

from clinical_rules.derive.picture import NO, YES, Picture
from clinical_rules.hearing import Listeners
from clinical_rules.release import COMPLETE_DRUG_LIST, Group, Implication
from clinical_rules.tables import NOT_APPLICABLE, exactly
from clinical_rules.truth import and_, any_of


def propagate(picture: Picture, scope: str) -> None:
    """Let group answers and implications inform what was not stated, until nothing changes.

    A rule is read again only when something it hears became known since it was last read.
    """
    release, known = picture.release, picture.known
    if scope == "patient" and picture.truth(COMPLETE_DRUG_LIST) is True:
        for fact in release.drug_list:
            if picture.may_be_covered(fact):
                picture.learn(fact, NO)
    implications, groups = release.listeners[scope]
    for _ in range(8):
        before = len(known)
        # What follows from single answers comes before a group's no, which would otherwise hide that the two disagree.
        for number in _due(picture, "implications", implications):
            _imply(picture, release.implications[scope][number], scope)
        picture.forget_derived()
        # Every group speaks, also after the first that changed something.
        changed = sum([_spread(picture, release.groups[scope][number]) for number in _due(picture, "groups", groups)])
        picture.forget_derived()
        if len(known) == before and not changed:
            return


def _due(picture: Picture, kind: str, listeners: Listeners) -> Iterator[int]:
    since = picture.heard.get(kind)
    picture.heard[kind] = len(picture.news)
    return listeners.due(picture.news, since)


def _imply(picture: Picture, implication: Implication, scope: str) -> None:
    missing = [key for key in implication.then if key not in picture.known]
    if missing and implication.test.truths(picture.of(implication.test)) == (True,):
        for key in missing:
            if picture.release.facts[key].scope == scope:
                picture.learn(key, implication.then[key])


def _spread(picture: Picture, group: Group) -> bool:
    """One group's answer from its members and to them. Says whether the group's own value turned."""
    known = picture.known
    own = picture.truth(group.fact) if group.fact in known else None
    if group.both and group.fact not in picture.stated:
        return _conjunction(picture, group)
    if group.fact in picture.stated and group.answer_wins and not any(picture.truth(member) is True for member in group.members):
        if own is False:
            for member in group.members:
                if picture.may_be_covered(member):
                    picture.learn(member, NO)
        return False
    if group.false_when and group.fact not in picture.stated and any_of(group.false_when.truths(picture.of(group.false_when))) is True:
        picture.learn(group.fact, NO)
        return own is not False
    members = [picture.truth(member) for member in group.members]
    when = any_of(group.true_when.truths(picture.of(group.true_when))) if group.true_when else False
    if True in members or when is True:
        picture.learn(group.fact, YES)
        return own is not True
    if own is False and group.fact in picture.stated:
        for member, value in zip(group.members, members, strict=True):
            if value is None and picture.may_be_covered(member):
                picture.learn(member, NO)
        return False
    covered = group.exhaustive or (group.drugs_only and picture.truth(COMPLETE_DRUG_LIST) is True)
    if own is None and covered and all(one is False for one in members) and when is False:
        picture.learn(group.fact, NO)
        return True
    if own is False:
        for member, value in zip(group.members, members, strict=True):
            is_of_this_scope = picture.release.facts[member].scope == picture.release.facts[group.fact].scope
            if value is None and is_of_this_scope and picture.may_be_covered(member):
                picture.learn(member, NO)
    return False


def _conjunction(picture: Picture, group: Group) -> bool:
    first, second = group.both
    if picture.release.facts[group.fact].kind == "number":
        value = picture.truth(first)
        found = NOT_APPLICABLE if value is False else picture.get(second) if value is True else None
    else:
        both = and_(picture.truth(first), picture.truth(second))
        found = None if both is None else exactly(both)
    if found is None or picture.known.get(group.fact) == found:
        return False
    picture.learn(group.fact, found)
    return True
