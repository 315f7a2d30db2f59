"""People, clinics, and what each person may do."""

from calcinosis_app.accounts.models.clinic import Clinic
from calcinosis_app.accounts.models.rights import PermissionGranted, RoleHeld
from calcinosis_app.accounts.models.user import User

__all__ = ["Clinic", "PermissionGranted", "RoleHeld", "User"]
