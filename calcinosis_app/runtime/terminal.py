"""What the product says to the person at the terminal."""

import sys


def say(text: str) -> None:
    """Progress and problems: on standard error, which nobody parses."""
    print(text, file=sys.stderr, flush=True)


def answer(text: str) -> None:
    """What was asked for: on standard output."""
    print(text, file=sys.stdout, flush=True)
