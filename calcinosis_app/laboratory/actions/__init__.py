"""The one door for changes to imports, their lines and mappings."""

from calcinosis_app.laboratory.actions.clearing import clear_dry_runs
from calcinosis_app.laboratory.actions.imports import commit_import, discard_import, receive_file, run_again
from calcinosis_app.laboratory.actions.mapping import MappingRefused, map_code, map_unit
from calcinosis_app.laboratory.actions.opening import note_opened, note_queue_opened
from calcinosis_app.laboratory.actions.setting_aside import set_aside
from calcinosis_app.laboratory.actions.work import work_off, work_on

__all__ = [
    "MappingRefused",
    "clear_dry_runs",
    "commit_import",
    "discard_import",
    "map_code",
    "map_unit",
    "note_opened",
    "note_queue_opened",
    "receive_file",
    "run_again",
    "set_aside",
    "work_off",
    "work_on",
]
