"""Reading files of results, line by line, whatever their form."""

from calcinosis_app.laboratory.files.refused import FileRefused
from calcinosis_app.laboratory.files.table import FileLine, Table, open_table

__all__ = ["FileLine", "FileRefused", "Table", "open_table"]
