"""Pages about watching the rules."""

from calcinosis_app.watching.views.alarms import alarm
from calcinosis_app.watching.views.overview import overview
from calcinosis_app.watching.views.rows import row, rows
from calcinosis_app.watching.views.sources import interval, source, sources

__all__ = ["alarm", "interval", "overview", "row", "rows", "source", "sources"]
