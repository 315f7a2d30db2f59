"""What a page says when a decision is not possible."""


class Refused(Exception):
    """A decision that the rules of reviewing do not allow.

    The text says what is in the way and what to do. `needs` are the facts whose answer would help, `because` the rows
    that stand in the way.
    """

    def __init__(self, say: str, *, needs: tuple[str, ...] = (), because: tuple[str, ...] = ()) -> None:
        super().__init__(say)
        self.say = say
        self.needs = needs
        self.because = because
