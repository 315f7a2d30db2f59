"""Errors that a page answers with a sentence instead of a stack trace."""


class Conflict(Exception):
    """What was asked for no longer fits the state it meets; answered with status 409.

    The text says what happened, to which thing, and what to do next. It is shown to the person as
    it stands, so it carries no patient's identity.
    """
