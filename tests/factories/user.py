"""Makes people, through the same actions as the product."""

from calcinosis_app.accounts.actions import create_clinic, create_user, give_role
from calcinosis_app.accounts.models import Clinic, User
from calcinosis_app.accounts.selectors import clinics
from calcinosis_app.audit.actors import System

TESTS = System("tests")
PASSWORD = "a long walk by the river"


def make_clinic(name: str, *, time_zone: str = "Europe/Berlin", jurisdiction: str = "eu") -> Clinic:
    """The clinic of this name, made when it is not there."""
    known = clinics().filter(name=name).first()
    return known or create_clinic(by=TESTS, name=name, time_zone=time_zone, jurisdiction=jurisdiction)


def make_user(username: str, display_name: str, *roles: str, clinic: Clinic | None) -> User:
    """A person with these roles, who signs in with PASSWORD."""
    user = create_user(by=TESTS, username=username, display_name=display_name, password=PASSWORD, clinic=clinic)
    for role in roles:
        give_role(by=TESTS, user=user, role=role)
    return user
