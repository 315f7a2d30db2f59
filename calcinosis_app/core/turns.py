"""Work that one process does at a time. The database keeps the turn; it ends with the transaction, however that ends."""

from django.db import connection, transaction


def nobody_else(work: str) -> bool:
    """Whether this transaction has the turn for `work`. It does not wait: whoever has the turn does the work."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(f"The turn for {work!r} is kept by a transaction, and there is none.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [work])
        return bool(cursor.fetchone()[0])
