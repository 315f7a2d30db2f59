"""Imports, their lines, and what a clinic has mapped."""

from calcinosis_app.laboratory.models.importing import Import, ImportFile
from calcinosis_app.laboratory.models.line import ImportedResult, Line
from calcinosis_app.laboratory.models.mapping import CodeMapping, UnitMapping

__all__ = ["CodeMapping", "Import", "ImportFile", "ImportedResult", "Line", "UnitMapping"]
