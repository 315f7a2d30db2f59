"""Why a line goes no further."""

from calcinosis_app.laboratory.fates import Reason


class Refusal(Exception):
    """The line is ignored or refused: `reason` says which, `say` is for the person who mends it."""

    def __init__(self, reason: Reason, say: str) -> None:
        super().__init__(say)
        self.reason = reason
        self.say = say
