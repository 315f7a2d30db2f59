"""One case, its assessment and an error, as the published interface shows them."""

from typing import Any, Final

CASE: Final[dict[str, Any]] = {
    "id": "A",
    "on": "2026-03-02",
    "patient": {
        "age_years": 48,
        "sex": "female",
        "findings": {
            "phosphate": {"value": 9.7, "unit": "mg/dL", "date": "2026-03-01"},
            "ca_total": {"value": 9.6, "unit": "mg/dL", "date": "2026-03-01"},
            "albumin": {"value": 3.2, "unit": "g/dL", "date": "2026-03-01"},
            "on_dialysis": True,
        },
    },
    "lesions": [{"id": "L", "findings": {"painful": True}}],
}
# Of what the case above comes to: the long lists hold one item each.
ASSESSMENT: Final[dict[str, Any]] = {
    "contradictions": [],
    "emergencies": [],
    "engine": "2",
    "hash": "a381ce38d5e0fa20a90aab65e7e78fc7670cf7879ce41acc9c6f8abc394b31f3",
    "id": "A",
    "jurisdiction": None,
    "lesions": [
        {
            "id": "L",
            "status": "open",
            "type": None,
            "parts": [],
            "types": [],
            "candidates": ["iatrogenic", "mixed", "metastatic"],
            "candidates_exact": True,
            "fired": [],
            "leading": {
                "type": "metastatic",
                "assumes": [
                    {"fact": "site_exposure", "is": "none"},
                    {"fact": "qualifying_local_or_autoimmune_cause", "is": False},
                ],
            },
            "no_lead": None,
            "marks": ["presumed"],
            "settle": ["any_exposure_at_site"],
        }
    ],
    "on": "2026-03-02",
    "options": [
        {
            "treatment": "antibiotics_infected",
            "lesion": "L",
            "phase": "act_now",
            "status": "unassessable",
            "because": [],
            "needs": ["infection_at_site", "probing_to_bone_or_sinus"],
        }
    ],
    "release": 1,
    "schedule": [
        {"condition": "all", "row": "all.baseline.1", "lesion": None, "from": "2026-03-02", "due": "2026-03-02", "until": "2026-03-03"}
    ],
    "status": "open",
    "steps": [{"step": "work_up.history", "phase": "confirm", "lesion": None}],
    "type": None,
    "warnings": [],
}
NO_UNIT: Final[dict[str, Any]] = {
    "patient": {"findings": {"phosphate": {"value": 1.2}}},
    "lesions": [{"id": "L"}],
}
ERROR: Final[dict[str, Any]] = {
    "errors": [{"case": "", "lesion": None, "key": "phosphate", "value": "1.2", "say": "a unit is required: one of mmol/L, mg/dL"}]
}
