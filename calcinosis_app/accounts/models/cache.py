"""The table behind Django's cache: counts of wrong passwords, and codes that were used already."""

from django.db import models


class CacheEntry(models.Model):
    """Read and written by Django's database cache alone; it is a model so that migrations make its table."""

    cache_key = models.CharField(primary_key=True, max_length=255)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.cache_key
