"""How often one caller may call. Each token, and each person at the browser, has a share of its own, so nobody uses up another's."""

import time
from typing import Final

from django.conf import settings
from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from calcinosis_app.accounts.models import ApiToken

SECONDS: Final = 60


class PerCaller(BaseThrottle):
    """So many calls in each minute. Somebody not signed in is refused before, and counts for nobody: there is nothing to guess."""

    def allow_request(self, request: Request, view: object) -> bool:
        """Counts the call. Two at the same moment may count as one: it is a share, not a lock."""
        if not request.user.is_authenticated:
            return True
        caller = f"token:{request.auth.pk}" if isinstance(request.auth, ApiToken) else f"person:{request.user.pk}"
        key = f"api:{caller}:{int(time.time()) // SECONDS}"
        calls = int(cache.get(key, 0)) + 1
        cache.set(key, calls, 2 * SECONDS)
        return calls <= settings.API_CALLS_PER_MINUTE

    def wait(self) -> float:
        """Until the next minute begins; sent as Retry-After."""
        return SECONDS - time.time() % SECONDS
