"""Records that may be, or are, of one person."""

from typing import Any, Final

from calcinosis_app.accounts.models import User
from calcinosis_app.api.shapes.parts import Named, answered, identifier, listed, moment, perhaps, said, sent, text, yes_or_no
from calcinosis_app.api.shapes.patients import PATIENT, patient
from calcinosis_app.api.shapes.persons import SOMEBODY, somebody
from calcinosis_app.desk.comparing import Comparison
from calcinosis_app.patients.look_alikes import LookAlike
from calcinosis_app.patients.models import Merge
from calcinosis_app.patients.models.merge import REASON_LENGTH

LOOK_ALIKE: Final = Named(
    "LookAlike",
    answered(
        "A patient who may be the same person.",
        patient=PATIENT,
        why=listed(said(example="same name and birth date"), "What speaks for it."),
        differs=listed(said(), "What speaks against it."),
    ),
)
MERGE: Final = Named(
    "Merge",
    answered(
        "One record that counts together with another.",
        duplicate=identifier("The record that went."),
        survivor=identifier("The record that stays."),
        numbers=answered(
            "By which your clinic knows the two; null for one that is in another clinic by now.",
            duplicate=perhaps(said(example="R-4712")),
            survivor=perhaps(said(example="R-4711")),
        ),
        reason=said(),
        merged_at=moment(),
        merged_by=SOMEBODY,
        unmerged_at=perhaps(moment("Null while the two count together.")),
        unmerged_by=perhaps(SOMEBODY),
        unmerge_reason=said(),
    ),
)
COMPARISON: Final = Named(
    "Comparison",
    answered(
        "Two records side by side, before they are merged or said to be of two people.",
        one=PATIENT,
        other=PATIENT,
        merged=yes_or_no("Whether they count together already; then both are the survivor."),
        why=listed(said(), "What speaks for one person."),
        said_not_same=said("Who said that they are two people, and when; empty when nobody did."),
        contradictions=listed(
            answered(fact=said(example="Juvenile dermatomyositis"), one=said(example="yes"), other=said(example="no"), counts=said()),
            "Facts on which the two disagree, and which counts once they are merged.",
        ),
        refusal=said("Why they cannot be merged as they are; empty when they can."),
    ),
)
NEW_MERGE: Final = Named(
    "NewMerge",
    sent(
        "Which record goes, and how it is known.",
        needed=("duplicate", "reason"),
        duplicate=identifier("The record that leads to this patient from then on."),
        reason=text("How it is known that this is one person.", most=REASON_LENGTH, least=1, example="identity card seen"),
    ),
)
UNMERGE: Final = Named(
    "Unmerge",
    sent(
        "Why.",
        needed=("reason",),
        reason=text("How it is known that these are two people.", most=REASON_LENGTH, least=1, example="two birth dates confirmed"),
    ),
)


def look_alike(one: LookAlike) -> dict[str, Any]:
    """A look-alike."""
    return {"patient": patient(one.patient), "why": list(one.resemblance.why), "differs": list(one.resemblance.differs)}


def merge(one: Merge, reader: User) -> dict[str, Any]:
    """A merge. Whoever left the reader's clinic after it was undone is not named."""
    return {
        "duplicate": str(one.duplicate_id),
        "survivor": str(one.survivor_id),
        "numbers": {
            "duplicate": one.duplicate.number if one.duplicate.clinic_id == reader.clinic_id else None,
            "survivor": one.survivor.number if one.survivor.clinic_id == reader.clinic_id else None,
        },
        "reason": one.reason,
        "merged_at": one.merged_at.isoformat(),
        "merged_by": somebody(one.merged_by),
        "unmerged_at": one.unmerged_at.isoformat() if one.unmerged_at else None,
        "unmerged_by": somebody(one.unmerged_by) if one.unmerged_by else None,
        "unmerge_reason": one.unmerge_reason,
    }


def comparison(one: Comparison) -> dict[str, Any]:
    """Two records."""
    mine, other = one.one.patient, one.other.patient
    return {
        "one": patient(mine),
        "other": patient(other),
        "merged": mine.pk == other.pk,
        "why": list(one.why),
        "said_not_same": one.said,
        "contradictions": [
            {"fact": each.label, "one": each.one.value, "other": each.other.value, "counts": each.counts} for each in one.contradictions
        ],
        "refusal": one.refusal,
    }
