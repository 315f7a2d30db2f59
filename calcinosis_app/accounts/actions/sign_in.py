"""What happens at the door, as the audit log keeps it."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from calcinosis_app.accounts.models import User
from calcinosis_app.audit.actions import record

# Stands for whoever typed a name that nobody has. The name itself may be a password typed into the wrong field.
NOBODY = UUID(int=0)


@dataclass(frozen=True)
class AtTheDoor:
    """Somebody who has not shown yet who it is, at a door of a clinic where the typed name is known."""

    audit_clinic: str = ""
    audit_id: str = "system:sign_in"
    audit_name: str = "Calcinosis (sign in)"


@transaction.atomic
def signed_in(*, user: User, address: str, way: str) -> None:
    """Notes that a session began; `way` is `password`, `passkey` or `link`."""
    record(by=user, action="user.signed_in", subject=user, address=address, way=way)


@transaction.atomic
def sign_in_failed(*, username: str, address: str, step: str) -> None:
    """Notes a refused sign-in: for a known name under that person, else under nobody and without the name."""
    user = User.objects.filter(username=username).first()
    by = AtTheDoor(user.audit_clinic) if user else AtTheDoor()
    record(by=by, action="user.sign_in_failed", subject=user or User(pk=NOBODY), address=address, step=step)


@transaction.atomic
def signed_out(*, user: User, why: str) -> None:
    """Notes that a session ended by the person's own hand (`asked`) or for lack of activity (`idle`)."""
    record(by=user, action="user.signed_out", subject=user, why=why)
