"""Storing the rules that came with the product. Why numbers are given here: docs/decisions/0005-release-numbers.md."""

from dataclasses import dataclass

from django.db import connection, transaction

from calcinosis_app.audit.actions import record
from calcinosis_app.audit.actors import Actor
from calcinosis_app.rulebooks.bridge import ENGINE, Rules, renumbered, shipped
from calcinosis_app.rulebooks.models import Release
from calcinosis_app.rulebooks.selectors import releases


@dataclass(frozen=True)
class Loaded:
    """The stored release, and whether it was stored just now."""

    release: Release
    is_new: bool


@transaction.atomic
def load_release(*, by: Actor, rules: Rules | None = None) -> Loaded:
    """Stores `rules`, by default those that came with the product, unless they are stored already.

    Text that differs from every stored release is stored under the next number; no stored release is touched.
    Raises ReleaseError when the text does not hold together.
    """
    _one_at_a_time()
    rules = rules or shipped()
    stored = list(releases())
    for release in stored:
        if renumbered(rules, release.number).hash == release.hash:
            return Loaded(release, is_new=False)
    numbered = renumbered(rules, max([rules.number, *(release.number + 1 for release in stored)]))
    release = Release.objects.create(
        number=numbered.number,
        hash=numbered.hash,
        content=numbered.to_json(),
        engine=ENGINE,
        published_by=by.audit_name,
    )
    record(by=by, action="release.published", subject=release, release=release.number, hash=release.hash)
    return Loaded(release, is_new=True)


def _one_at_a_time() -> None:
    """Two servers that start together would both find the number free."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('rulebooks.load_release', 0))")
