"""Which facts stand on which panel of case entry.

A panel names sections of the release's dictionary, so a fact that a later release adds to a section
appears here by itself. `first` brings facts to the top; what stands on no panel is found by search.
"""

from dataclasses import dataclass
from typing import Final, Literal

from calcinosis_app.rulebooks.bridge import Fact


@dataclass(frozen=True)
class Panel:
    """One group of questions. `open` panels are unfolded from the start; `search` names the search box in it."""

    key: str
    title: str
    scope: Literal["patient", "lesion"]
    sections: tuple[str, ...]
    first: tuple[str, ...] = ()
    hint: str = ""
    open: bool = False
    search: str = ""


LESION: Final = (
    Panel(
        "place",
        "Site and form",
        "lesion",
        ("place", "appearance", "onset"),
        first=("site", "side", "form", "lesion_count", "lesion_size", "lesion_depth", "lesion_duration_weeks", "growing", "fast_growing"),
        open=True,
    ),
    Panel(
        "exposure",
        "Exposure or injury at this very site",
        "lesion",
        ("exposure", "injury"),
        first=("any_exposure_at_site", "any_injury_at_site", "calcium_or_phosphate_infusion_at_site"),
        open=True,
    ),
    Panel(
        "skin", "Skin signs of calciphylaxis", "lesion", ("skin_signs",), first=("any_definite_skin_sign", "any_early_skin_sign"), open=True
    ),
    Panel("symptoms", "Pain, ulcer and function", "lesion", ("symptoms",), first=("painful", "pain_score", "ulcerated"), open=True),
    Panel("infection", "Infection and danger", "lesion", ("infection", "danger"), first=("infection_at_site",)),
    Panel(
        "findings", "Diagnoses at this site", "lesion", (), hint="Subtypes and neighbours, found by name, synonym or code.", search="lesion"
    ),
    Panel("imaging", "Imaging and biopsy", "lesion", ("imaging_and_biopsy",)),
    Panel("load", "Mineral load before it began", "lesion", ("transient_load",), first=("any_transient_mineral_load",)),
    Panel("site_gates", "Gate questions about this site", "lesion", ("skin_site", "heart")),
)

PATIENT: Final = (
    Panel(
        "history",
        "History and conditions",
        "patient",
        ("autoimmune", "mineral"),
        first=("any_connective_tissue_disease", "any_predisposing_skin_disease", "any_mineral_disease", "on_dialysis"),
        hint="One no to a group question is a no to all its members. Search for anything else by name, synonym or code.",
        open=True,
        search="history",
    ),
    Panel("setting", "Kidney and risk of calciphylaxis", "patient", ("kidney", "calciphylaxis_setting", "bone"), first=("on_dialysis",)),
    Panel(
        "drugs",
        "Drugs",
        "patient",
        (),
        first=("drug_list_complete", "any_mineral_treatment", "on_phosphate_binder", "vitamin_k_antagonist_within_3_months"),
        hint="Search for each drug taken and answer yes; say when the list is complete.",
        open=True,
        search="drugs",
    ),
    Panel("signs", "Signs of danger in the patient", "patient", ("emergency_signs",)),
    Panel("childhood", "Childhood and family", "patient", ("childhood",)),
    Panel("measures", "Measurements", "patient", ("measures",)),
    Panel(
        "gates",
        "Gate questions, by organ",
        "patient",
        (
            "heart",
            "liver",
            "pregnancy",
            "oesophagus",
            "bone_teeth",
            "blood",
            "infection",
            "cancer",
            "allergy",
            "skin_site",
            "other",
            "plans",
        ),
        hint="The options ask for these. Answer them here, or later beside the option.",
    ),
)

PANELS: Final = {panel.key: panel for panel in (*LESION, *PATIENT)}

LABORATORY: Final = "laboratory"
# What a first laboratory sheet nearly always holds; any other analyte is one search away.
FIRST_RESULTS: Final = ("ca_total", "albumin", "ca_ionised", "phosphate", "creatinine", "pth", "vitd25", "alp", "ck", "crp")

# Where a search looks, by the name of the search box.
SEARCHED: Final = {
    "history": ("conditions", "autoimmune", "mineral", "kidney", "calciphylaxis_setting", "bone", "childhood"),
    "drugs": ("drug_list", "drugs"),
    "lesion": ("conditions",),
    "laboratory": ("laboratory",),
    "anything": (),
}


def box_of(fact: Fact) -> str:
    """The search box under which a fact stands that is on no panel."""
    if fact.section in SEARCHED["drugs"]:
        return "drugs"
    if fact.scope == "lesion":
        return "lesion"
    return "history" if fact.section in SEARCHED["history"] else "anything"
