"""Where the package for sign-in asks how things are done here."""

import base64
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal.httpkit import get_client_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from calcinosis_app.accounts.actions import sign_in_failed
from calcinosis_app.accounts.models import User
from calcinosis_app.accounts.selectors import has_second_factor, must_have_second_factor, second_factors_of

UNKNOWN_ADDRESS = "0.0.0.0"  # noqa: S104 (written down, not bound)


def address_of(request: HttpRequest) -> str:
    """The network address of the browser; what stands for it when the server in front gives none."""
    return get_client_ip(request) or UNKNOWN_ADDRESS


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # the package has no types
    """Sign-in by name and password."""

    error_messages: ClassVar = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": (
            "That was wrong too often. Wait five minutes, then try again; a forgotten password is not found by guessing."
        ),
        "incorrect_password": "This is not your password. Capital letters count.",
    }

    def add_message(self, request: HttpRequest, level: int, message_template: Any = None, *args: Any, **kwargs: Any) -> None:
        """Only what a view says itself; the package's own remarks are left out."""
        if kwargs.get("message"):
            super().add_message(request, level, None, message=kwargs["message"])

    def get_client_ip(self, request: HttpRequest) -> str:
        """Never refuses: behind a socket there may be no address, and then all share one count."""
        return address_of(request)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Name and address together: whoever guesses at a name shuts that name at the own address only."""
        return f"{credentials.get('username', '').casefold()} {address_of(request)}"

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Every refused password leaves an event."""
        sign_in_failed(username=credentials.get("username", ""), address=address_of(request), step="password")

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """Back to the door, without a word about who is deactivated."""
        return redirect("accounts:sign_in")


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # the package has no types
    """Authenticator apps, passkeys and recovery codes."""

    error_messages: ClassVar = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "This did not work. A code of six digits is good once and for half a minute: try again with the next one.",
        "cannot_delete_authenticator": "Your roles need a second factor. Add another one first, then remove this one.",
    }

    def encrypt(self, text: str) -> str:
        """The seed of an authenticator app, unreadable for whoever reads the table without the installation's key."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The seed; after a change of the installation's key one that no app has, so that no code fits."""
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return str(generate_totp_secret())

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The last second factor stays where the person's roles need one."""
        others = second_factors_of(authenticator.user).exclude(pk=authenticator.pk)
        return others.exists() or not must_have_second_factor(authenticator.user)

    def is_mfa_enabled(self, user: Any, types: Any = None) -> bool:
        """As the package has it; recovery codes alone are no second factor."""
        return bool(super().is_mfa_enabled(user, types)) and (types is not None or has_second_factor(user))

    def build_totp_svg(self, url: str) -> str:
        """The square to be scanned, as an element of the page: the content policy allows no other."""
        svg: str = super().build_totp_svg(url)
        return svg[svg.index("<svg") :]

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002 (the package's word)
        """A name that tells one's keys apart."""
        count = Authenticator.objects.filter(user=user, type=type).count()
        return "Passkey" if count == 0 else f"Passkey {count + 1}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """What the browser shows when it asks for the passkey."""
        return {**super().get_public_key_credential_rp_entity(), "name": "Calcinosis"}

    def _get_user_identifier(self, user: User) -> str:
        return user.username


def _cipher() -> MultiFernet:
    """One key for each of the installation's, the current one first."""
    keys = [str(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    derived = (HKDF(algorithm=SHA256(), length=32, salt=None, info=b"second factors").derive(key.encode()) for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in derived])
