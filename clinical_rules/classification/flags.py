"""Emergencies, and the skin questions of calciphylaxis."""

from clinical_rules.classification.model import Flag
from clinical_rules.derive import Picture, Pictures
from clinical_rules.release import Release
from clinical_rules.tables import exactly


def find_flags(release: Release, pictures: Pictures) -> tuple[Flag, ...]:
    """Every emergency that is surely so. Confirmed calciphylaxis stands above suspected."""
    table = release.tables["emergencies"]
    blocks = {row["id"]: row for row in release.content["tables"]["emergencies"]["row"]}
    found: dict[tuple[str, str | None], list[str]] = {}
    for lesion, picture in pictures.lesions.items():
        for row in dict.fromkeys(row for one in _most_alarming(pictures, picture) for row in table.collect(one.of(table)).sure):
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


def _most_alarming(pictures: Pictures, picture: Picture) -> list[Picture]:
    """The picture itself, and one for each end of calcium results that contradict each other: danger counts."""
    found = [picture]
    for key in ("ca_total", "ca_adjusted", "ca_ionised"):
        known, reading = picture.get(key), pictures.readings.get(key)
        if known is not None and known.spans and reading is not None and reading.contradictions:
            ends = {end for span in known.spans for end in span if end is not None}
            found += [picture.with_known({key: exactly(end)}) for end in sorted(ends)]
    return found


def skin_unasked(picture: Picture) -> bool:
    """Whether skin signs of calciphylaxis are still open in a sure major setting.

    An early sign does not answer for a definite one: another explanation may hold back C0b, never C0.
    """
    if picture.truth("major_setting") is not True:
        return False
    definite = picture.truth("any_definite_skin_sign")
    return definite is None or (definite is False and picture.truth("early_skin_sign") is None)
