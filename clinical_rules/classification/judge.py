"""Naming the type of one lesion, and of the case."""

from collections.abc import Sequence

from clinical_rules.classification.flags import CALCIPHYLAXIS, skin_unasked
from clinical_rules.classification.leading import find_leading
from clinical_rules.classification.marks import find_marks
from clinical_rules.classification.model import Flag, LesionResult
from clinical_rules.classification.settle import find_settling
from clinical_rules.derive import Picture, Pictures
from clinical_rules.release import TYPES, Release
from clinical_rules.tables import Decision, among, exactly

BONE_CANDIDATES = ("not_calcinosis", "metastatic", "idiopathic")
"""What is open while bone is suspected (C1n) and histology has not shown otherwise."""
MIXED_PARTS = ("metastatic", "dystrophic")


def type_lesion(release: Release, pictures: Pictures, lesion: str, flags: Sequence[Flag]) -> LesionResult:
    """Judge one lesion and write its type and its calciphylaxis state into its picture."""
    picture = pictures.lesions[lesion]
    result = find_type(release, pictures, lesion, flags)
    if result.status == "open":
        leading, no_lead = find_leading(release, pictures, lesion, result.candidates)
        result = result._replace(leading=leading, no_lead=no_lead)
    marks = find_marks(pictures, picture, result, suspected="calciphylaxis_suspected" in _of_lesion(flags, lesion))
    result = result._replace(marks=marks)
    result = result._replace(settle=find_settling(release, pictures, picture, result))
    _remember(picture, result)
    return result


def find_type(release: Release, pictures: Pictures, lesion: str, flags: Sequence[Flag]) -> LesionResult:
    """A lesion's status, type and candidates, without what is said about them: leading type, marks, questions."""
    picture = pictures.lesions[lesion]
    mine = _of_lesion(flags, lesion)
    _note_calciphylaxis(picture, is_feared=bool(mine & CALCIPHYLAXIS))
    neighbours = release.tables["not_calcinosis"].collect(picture.of(release.tables["not_calcinosis"])).sure
    table = release.tables["classification"]
    result = _neighbour(lesion, neighbours) if neighbours else _judged(release, picture, lesion, table.decide(picture.of(table), "type"))
    return result._replace(status="withheld", type=None, parts=()) if "calciphylaxis" in mine else result


def _of_lesion(flags: Sequence[Flag], lesion: str) -> set[str]:
    return {flag.key for flag in flags if flag.lesion == lesion}


def recall_type(pictures: Pictures, result: LesionResult, flags: Sequence[Flag]) -> None:
    """Write into a lesion's picture what an earlier judgement made of it, without judging it again."""
    picture = pictures.lesions[result.id]
    _note_calciphylaxis(picture, is_feared=bool(_of_lesion(flags, result.id) & CALCIPHYLAXIS))
    _remember(picture, result)


def _note_calciphylaxis(picture: Picture, *, is_feared: bool) -> None:
    if is_feared:
        picture.learn("calciphylaxis_suspected_or_confirmed", exactly(True))
    elif not skin_unasked(picture):
        picture.learn("calciphylaxis_suspected_or_confirmed", exactly(False))


def _neighbour(lesion: str, rows: Sequence[str]) -> LesionResult:
    kind = "not_calcinosis"
    return LesionResult(lesion, "decided", kind, (), (kind,), (kind,), True, (), tuple(rows), None, None, ())


def _judged(release: Release, picture: Picture, lesion: str, decision: Decision) -> LesionResult:
    rows = {row["id"]: row["then"]["type"] for row in release.content["tables"]["classification"]["row"]}
    candidates = tuple(str(one) for one in decision.candidates if one is not None)
    fired_types = tuple(dict.fromkeys(rows[row] for row in decision.fired))
    if decision.status == "decided":
        kind = str(decision.outcome)
        types = (kind, *(one for one in fired_types if one != kind))
        parts = MIXED_PARTS if kind == "mixed" else ()
        return LesionResult(lesion, "decided", kind, parts, types, (kind,), True, (), decision.fired, None, None, ())
    if picture.truth("bone_suspected") is True and picture.truth("bone_on_histology") is not False:
        candidates = tuple(one for one in candidates if one in BONE_CANDIDATES or one in fired_types)
    return LesionResult(lesion, "open", None, (), fired_types, candidates, decision.candidates_exact, (), decision.fired, None, None, ())


def _remember(picture: Picture, result: LesionResult) -> None:
    """The gates and the choice table read the type as a fact; an open type feeds as its candidates."""
    kinds = (result.type,) if result.type else result.candidates
    if kinds and len(kinds) < len(TYPES):
        picture.learn("lesion_type", among(kinds))
    picture.learn("lesion_status", exactly(result.status))
    picture.forget_derived()


def case_status(results: Sequence[LesionResult]) -> tuple[str, str | None]:
    """The case from its lesions: withheld, open, several unlike types, or decided."""
    if any(one.status == "withheld" for one in results):
        return "withheld", None
    if any(one.status == "open" for one in results):
        return "open", None
    kinds = {one.type for one in results}
    return ("several", None) if len(kinds) > 1 else ("decided", results[0].type)
