"""The one door for what watching writes."""

from calcinosis_app.watching.actions.alarms import take_as_right
from calcinosis_app.watching.actions.check import check_hashes
from calcinosis_app.watching.actions.count import count_rows
from calcinosis_app.watching.actions.run import run_cases
from calcinosis_app.watching.actions.sources import change_interval, check_source

__all__ = ["change_interval", "check_hashes", "check_source", "count_rows", "run_cases", "take_as_right"]
