"""People, clinics, what each person may do, and the keys that let somebody in."""

from calcinosis_app.accounts.models.cache import CacheEntry
from calcinosis_app.accounts.models.clinic import Clinic
from calcinosis_app.accounts.models.emergency import EmergencyAccess
from calcinosis_app.accounts.models.factor import SecondFactor
from calcinosis_app.accounts.models.link import OneTimeLink
from calcinosis_app.accounts.models.rights import PermissionGranted, RoleHeld
from calcinosis_app.accounts.models.token import ApiToken
from calcinosis_app.accounts.models.user import User

__all__ = ["ApiToken", "CacheEntry", "Clinic", "EmergencyAccess", "OneTimeLink", "PermissionGranted", "RoleHeld", "SecondFactor", "User"]
