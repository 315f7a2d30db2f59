"""Pages of the laboratory import."""

from calcinosis_app.laboratory.views.imports import imports, template
from calcinosis_app.laboratory.views.mapping import codes, units
from calcinosis_app.laboratory.views.one_import import one_import, progress
from calcinosis_app.laboratory.views.queue import aside, queue
from calcinosis_app.laboratory.views.running import again, commit, discard

__all__ = ["again", "aside", "codes", "commit", "discard", "imports", "one_import", "progress", "queue", "template", "units"]
