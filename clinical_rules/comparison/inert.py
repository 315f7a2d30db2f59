"""Fields that say something to people and change no assessment."""

from collections.abc import Mapping

from clinical_rules.comparison.difference import Change

_SOURCED = frozenset({"say", "sources", "seen", "seen_basis", "note", "notes"})
TEXTS: Mapping[str, frozenset[str]] = {
    "tables": _SOURCED | {"do", "urgency"},
    "treatments": _SOURCED
    | {"name", "route", "population", "indication", "dose", "time_to_effect", "judge_after_days", "grade", "grade_rank", "harm_rank"}
    | {"ranks_seen", "specialist_reason", "action", "reason"},
    "definitions": _SOURCED | {"label"},
    "implications": _SOURCED,
    "facts": _SOURCED | {"question"},
    "laboratory": _SOURCED | {"loinc", "specimen", "critical"},
    "conditions": _SOURCED | {"role", "confirming", "codes", "snomed_seen", "group", "predisposes_to"},
    "drugs": _SOURCED | {"groups"},
    "lists": _SOURCED
    | {"id", "text", "title", "order", "facts", "cause", "type", "treatments", "for_treatments", "to", "urgency", "within_days", "step"}
    | {"disease", "action", "action_threshold", "interval", "interval_seen", "method", "owner_role", "priority", "what_to_check"}
    | {"expectation"},
}
"""By the part of the content. What orders options or is printed beside them counts as text: no option changes its status by it."""
QUIET_PARTS = frozenset({"accepted", "cases", "references", "statements", "grades", "number"})
QUIET_HEAD = frozenset(
    {"title", "dated", "dossier", "developer", "funding", "intended_use", "not_for", "patients", "evidence", "limits", "number"}
)
QUIET_LISTS = frozenset({"controversies", "instruments"})
QUIET_ROWS = frozenset({"stop", "dose", "response", "monitoring"})


def is_text(change: Change) -> bool:
    """Whether a change can change no assessment."""
    place = change.place
    head = place[0]
    if head in QUIET_PARTS or head in QUIET_HEAD:
        return True
    if head == "lists" and len(place) > 1 and place[1] in QUIET_LISTS:
        return True
    if head == "treatments" and len(place) > 2 and place[2] in QUIET_ROWS:
        return True
    if head == "tables" and len(place) == 4 and place[2] == "table":
        return place[3] == "title"
    fields = place[_DEPTH.get(head, 2) :]
    if head == "laboratory" and len(place) > 3 and place[2] == "bands":
        fields = place[4:]
    if head == "treatments" and len(place) > 2 and place[2] == "treatment":
        fields = place[3:]
    if head == "tables" and fields and fields[0] == "say":
        return place[1] != "leading"  # what a leading row says may stand in the assessment
    return bool(fields) and fields[0] in TEXTS.get(head, ())


_DEPTH: Mapping[str, int] = {"tables": 4, "treatments": 4, "lists": 3}
