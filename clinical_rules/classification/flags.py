"""Emergencies, and the skin questions of calciphylaxis."""

from clinical_rules.classification.model import Flag
from clinical_rules.derive import Picture, Pictures
from clinical_rules.release import Release
from clinical_rules.tables import CompiledTable, exactly

CALCIPHYLAXIS = frozenset({"calciphylaxis", "calciphylaxis_suspected"})


def find_flags(release: Release, pictures: Pictures) -> tuple[Flag, ...]:
    """Every emergency that is surely so. Confirmed calciphylaxis stands above suspected."""
    table = release.tables["emergencies"]
    blocks = {row["id"]: row for row in release.content["tables"]["emergencies"]["row"]}
    found: dict[tuple[str, str | None], list[str]] = {}
    for lesion, picture in pictures.lesions.items():
        surely = table.collect(picture.of(table)).sure
        feared = [row for one in _most_alarming(pictures, picture, lesion, table) for row in table.collect(one.of(table)).sure]
        # Calciphylaxis is never concluded from a contradiction: it acts only when surely true.
        feared = [row for row in feared if blocks[row]["key"] not in CALCIPHYLAXIS]
        for row in dict.fromkeys((*surely, *feared)):
            place = lesion if blocks[row]["scope"] == "lesion" else None
            rows = found.setdefault((blocks[row]["key"], place), [])
            if row not in rows:
                rows.append(row)
    order = list(dict.fromkeys(row["key"] for row in blocks.values()))
    flags = [
        Flag(key, lesion, tuple(rows))
        for (key, lesion), rows in found.items()
        if not (key == "calciphylaxis_suspected" and ("calciphylaxis", lesion) in found)
    ]
    places: list[str | None] = [None, *pictures.lesions]
    return tuple(sorted(flags, key=lambda flag: (order.index(flag.key), places.index(flag.lesion))))


def _most_alarming(pictures: Pictures, picture: Picture, lesion: str, table: CompiledTable) -> list[Picture]:
    """One picture for each end of a number whose results contradict each other, and one with every contradictory yes: danger counts."""
    doubted = {clash.fact for clash in pictures.contradictions if clash.lesion in (None, lesion)}
    if doubted & {"ca_total", "albumin"} and any(one.key == "ca_adjusted" for one in pictures.computed):
        doubted.add("ca_adjusted")
    found: list[Picture] = []
    answers = {fact: exactly(True) for fact in table.facts if fact in doubted and picture.release.domains[fact].kind == "boolean"}
    if answers:
        found.append(picture.with_known(answers))
    for fact in table.facts:
        known = picture.get(fact) if fact in doubted else None
        ends = {end for span in known.spans for end in span if end is not None} if known is not None and known.spans else set()
        found += [picture.with_known({fact: exactly(end)}) for end in sorted(ends)]
    return found


def skin_unasked(picture: Picture) -> bool:
    """Whether skin signs of calciphylaxis are still open in a sure major setting.

    An early sign does not answer for a definite one: another explanation may hold back C0b, never C0.
    """
    if picture.truth("major_setting") is not True:
        return False
    definite = picture.truth("any_definite_skin_sign")
    return definite is None or (definite is False and picture.truth("early_skin_sign") is None)
