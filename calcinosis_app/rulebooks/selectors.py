"""What is read of stored releases. Their content is large: it is read only where it is wanted."""

from django.db.models import QuerySet

from calcinosis_app.rulebooks.models import Release


def releases() -> QuerySet[Release]:
    """Every stored release without its content, newest first."""
    return Release.objects.defer("content")


def newest_release() -> Release | None:
    """The release with the highest number, without its content."""
    return releases().first()


def numbered_release(number: int) -> Release | None:
    """One release of this installation, without its content."""
    return releases().filter(number=number).first()


def content_of(hash_of_release: str) -> str:
    """The canonical text of the release with this hash."""
    return Release.objects.values_list("content", flat=True).get(hash=hash_of_release)
