"""Rows that are written once. The database's rights forbid the rest as well; this says so earlier, and in words."""

from typing import Any, NoReturn, TypeVar

from django.db import models

Row = TypeVar("Row", bound=models.Model)


class WrittenForGood(Exception):
    """Somebody tried to change or delete what is written once."""


class WrittenOnceQuerySet(models.QuerySet[Row]):
    """Reads rows; the doors to change them in bulk are shut."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Refuses: such rows are written once."""
        raise WrittenForGood(f"{self.model._meta.verbose_name_plural} are never changed. Add a new one instead.")

    def delete(self) -> NoReturn:
        """Refuses: such rows are written once."""
        raise WrittenForGood(f"{self.model._meta.verbose_name_plural} are never deleted.")


class WrittenOnce(models.Model):
    """A row that can be added and read, and nothing else."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Adds it, and refuses to change it afterwards."""
        if not self._state.adding:
            raise WrittenForGood(f"A stored {self._meta.verbose_name} is never changed. Add a new one instead.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuses: such rows are written once."""
        raise WrittenForGood(f"A stored {self._meta.verbose_name} is never deleted.")
