"""What the product says to the person at the terminal."""

import signal
import sys
from collections.abc import Callable
from types import FrameType

import psycopg2
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError
from django.db import Error as DjangoDatabaseError

from calcinosis_app.runtime.processes import RuntimeProblem


def say(text: str) -> None:
    """Progress and problems: on standard error, which nobody parses."""
    print(text, file=sys.stderr, flush=True)


def answer(text: str) -> None:
    """What was asked for: on standard output."""
    print(text, file=sys.stdout, flush=True)


def carried_out(work: Callable[[], None]) -> int:
    """Does the work of a command, and says what kept it from being done. Returns the exit code.

    A signal to stop lets the work clean up after itself first.
    """

    def stop(number: int, frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    try:
        work()
    except (RuntimeProblem, ImproperlyConfigured, CommandError) as problem:
        say(str(problem))
    except (psycopg2.Error, DjangoDatabaseError) as problem:
        say(f"The database does not do what is asked: {str(problem).strip().splitlines()[0]}")
    except KeyboardInterrupt:
        say("Stopped.")
    else:
        return 0
    return 1
