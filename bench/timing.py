"""Times calls one by one, in short runs that take turns, so that a busy machine hurts all alike."""

import gc
import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figures:
    """Medians over the runs; microseconds per call."""

    per_second: float
    p50: float
    p99: float

    def plain(self) -> dict[str, float]:
        """For JSON."""
        return asdict(self)


def take_turns(calls: Mapping[str, Sequence[Callable[[], object]]], runs: int) -> dict[str, Figures]:
    """Each named list of calls is run `runs` times, the names in turn; the first run only warms up."""
    # The patients waiting for their turn are no garbage: collecting must not search them again and again.
    gc.collect()
    gc.freeze()
    samples: dict[str, list[Figures]] = {name: [] for name in calls}
    for run in range(runs + 1):
        for name, some in calls.items():
            figures = _run(some)
            if run:
                samples[name].append(figures)
    return {name: _median(some) for name, some in samples.items()}


def _run(calls: Iterable[Callable[[], object]]) -> Figures:
    spent = []
    for call in calls:
        start = time.perf_counter_ns()
        call()
        spent.append(time.perf_counter_ns() - start)
    spent.sort()
    return Figures(
        per_second=len(spent) / sum(spent) * 1e9,
        p50=spent[len(spent) // 2] / 1000,
        p99=spent[int(len(spent) * 0.99)] / 1000,
    )


def _median(runs: Sequence[Figures]) -> Figures:
    return Figures(
        per_second=statistics.median(run.per_second for run in runs),
        p50=statistics.median(run.p50 for run in runs),
        p99=statistics.median(run.p99 for run in runs),
    )
