"""Logs say what happened, never to whom."""

import logging

import pytest
from django.db import DatabaseError, connection

from calcinosis_app.core.logs import WithoutRowValues

# Named here, so that the source lines of a traceback do not show them.
NAME = "Secret Person\n\nof Nowhere"
REFUSED = f"refused\nDETAIL:  Failing row contains ({NAME})."


def logged(error: Exception) -> str:
    record = logging.LogRecord("test", logging.ERROR, __file__, 1, "It failed.", (), (type(error), error, error.__traceback__))
    return WithoutRowValues().format(record)


@pytest.mark.django_db
def test_a_refused_row_is_not_repeated_in_the_log() -> None:
    with connection.cursor() as cursor, pytest.raises(DatabaseError) as refused:
        cursor.execute(
            "INSERT INTO audit_event (at, actor, actor_id, clinic, action, subject_kind, subject_id, detail) "
            "VALUES (now(), %s, '', '', '', '', '', '{}')",
            [NAME],
        )
    assert "Secret" in str(refused.value)
    text = logged(refused.value)
    assert "event_names_actor_action_and_subject" in text
    assert "Secret" not in text
    assert "Nowhere" not in text


def test_what_follows_a_refused_row_is_kept() -> None:
    try:
        try:
            raise ValueError(REFUSED)
        except ValueError as error:
            raise RuntimeError("so it stopped") from error
    except RuntimeError as error:
        text = logged(error)
    assert "so it stopped" in text
    assert "Secret" not in text
    assert "Nowhere" not in text
