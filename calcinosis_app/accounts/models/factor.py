"""Second factors, as far as their past is kept."""

from allauth.mfa.models import Authenticator

from calcinosis_app.core.past import keeps_its_past


@keeps_its_past(by=["user"], noise=["data", "last_used_at"], app="accounts")
class SecondFactor(Authenticator):  # type: ignore[misc]  # the package has no types
    """The package's rows, so that the database keeps when one came and went. `data` holds the secret, and a counter of its uses."""

    class Meta:
        proxy = True
