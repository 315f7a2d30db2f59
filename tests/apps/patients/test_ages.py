"""Age in words, on both sides of each border."""

from datetime import date

import pytest

from calcinosis_app.patients.ages import age_in_words


@pytest.mark.parametrize(
    ("born", "on", "words"),
    [
        ("2026-03-02", "2026-03-01", "not yet born"),
        ("2026-03-01", "2026-03-01", "0 d"),
        ("2026-02-01", "2026-02-28", "27 d"),
        ("2026-02-01", "2026-03-01", "1 mo"),
        ("2026-01-31", "2026-02-28", "28 d"),
        ("2024-03-02", "2026-03-01", "23 mo"),
        ("2024-03-01", "2026-03-01", "2 y"),
        ("2023-02-01", "2026-03-15", "3 y 1 mo"),
        ("2008-03-02", "2026-03-01", "17 y 11 mo"),
        ("2008-03-01", "2026-03-01", "18 y"),
        ("1961-05-04", "2026-03-01", "64 y"),
    ],
)
def test_age(born: str, on: str, words: str) -> None:
    assert age_in_words(date.fromisoformat(born), date.fromisoformat(on)) == words
