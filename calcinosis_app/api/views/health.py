"""How the installation is doing."""

from typing import Any

from calcinosis_app.accounts.permissions import SYSTEM_READ
from calcinosis_app.accounts.policy import require
from calcinosis_app.api.endpoint import Endpoint
from calcinosis_app.api.operation import Call, operation
from calcinosis_app.api.shapes.installation import HEALTH, health
from calcinosis_app.core.installation import groups
from calcinosis_app.rulebooks.bridge import current_release
from calcinosis_app.watching.health import watching_group


class HealthView(Endpoint):
    """What an administrator watches."""

    @operation(
        "read_health",
        "How the installation is doing",
        "Work in the background, data, versions, the rules as they are watched; each with a remedy where something is not well. "
        "Nothing is about a patient.",
        tag="installation",
        gives=HEALTH,
    )
    def get(self, call: Call) -> Any:
        """Most urgent group first."""
        require(call.by, SYSTEM_READ)
        return health([*groups(release=current_release().number), watching_group()])
