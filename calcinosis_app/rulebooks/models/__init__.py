"""Releases of the rules."""

from calcinosis_app.rulebooks.models.release import Release

__all__ = ["Release"]
