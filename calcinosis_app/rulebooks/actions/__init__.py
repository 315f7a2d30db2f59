"""The one door for changes to releases."""

from calcinosis_app.rulebooks.actions.load import Loaded, load_release

__all__ = ["Loaded", "load_release"]
