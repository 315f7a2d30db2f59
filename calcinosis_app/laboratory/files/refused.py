"""A file that cannot be read as a whole."""


class FileRefused(Exception):
    """Nothing of the file was taken. The text says what is wrong and what to do; it repeats no cell of a patient."""
