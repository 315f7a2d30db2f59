"""Counts, answers to the release's own cases, alarms, checks, and when a source was looked at."""

from calcinosis_app.watching.models.alarm import Alarm
from calcinosis_app.watching.models.answer import Answer, Run
from calcinosis_app.watching.models.check import Check
from calcinosis_app.watching.models.count import RowCount, Share
from calcinosis_app.watching.models.source import ReviewInterval, SourceCheck

__all__ = ["Alarm", "Answer", "Check", "ReviewInterval", "RowCount", "Run", "Share", "SourceCheck"]
