"""What a person types to come in, to invite others, and to look after the own account."""

import json
import struct
import zoneinfo
from collections.abc import Sequence
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.mfa.adapter import get_adapter as second_factors
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm, LoginWebAuthnForm, ReauthenticateWebAuthnForm
from allauth.mfa.webauthn.internal.auth import clear_state, get_state, parse_authentication_response
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, SetPasswordForm
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError

from calcinosis_app.accounts.models import ApiToken, Clinic, User
from calcinosis_app.accounts.roles import ROLES

# What reading foreign bytes as a key raises when they are none.
NO_KEY = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
    InvalidSignature,
    UnsupportedAlgorithm,
    struct.error,
)


class SignInForm(AuthenticationForm):
    """One answer for a wrong password and an unknown name: neither tells who works here."""

    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": ("This sign-in name and password do not belong together. Check both; capital letters count in the password."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "Sign-in name"

    def clean(self) -> dict[str, Any]:
        """Asks through the package, which counts wrong answers by address and name."""
        name, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if name and password:
            self.user_cache = get_adapter().authenticate(self.request, username=name, password=password)
            if self.user_cache is None:
                raise self.get_invalid_login_error()
        return self.cleaned_data


class ForgottenForm(forms.Form):
    """Whose password is forgotten."""

    username = forms.CharField(label="Sign-in name", max_length=150, widget=forms.TextInput(attrs={"autocomplete": "username"}))


class NewPasswordForm(SetPasswordForm):  # type: ignore[type-arg]  # generic in the stubs only
    """A password, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].label = "New password"
        self.fields["new_password1"].help_text = "At least 12 characters. A sentence of your own is easy to keep and hard to guess."
        self.fields["new_password2"].label = "The same password again"
        self.fields["new_password2"].help_text = ""


class ChangePasswordForm(PasswordChangeForm, NewPasswordForm):
    """The present password, and a new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = "Present password"

    def clean_old_password(self) -> str:
        """Counts wrong answers as the sign-in does."""
        password: str = self.cleaned_data["old_password"]
        if not get_adapter().reauthenticate(self.user, password):
            raise get_adapter().validation_error("incorrect_password")
        return password


class FirstAdministratorForm(NewPasswordForm):
    """The clinic, and who lets in all others."""

    clinic_name = forms.CharField(label="Clinic", max_length=200)
    time_zone = forms.ChoiceField(
        label="Time zone", choices=lambda: [("", "choose"), *((z, z) for z in sorted(zoneinfo.available_timezones()))]
    )
    jurisdiction = forms.ChoiceField(label="Country whose drug labels count", choices=[("", "choose"), *Clinic.Jurisdiction.choices])
    display_name = forms.CharField(label="Your name", max_length=200, help_text="As colleagues know you, for example Ada Moss.")
    username = forms.CharField(
        label="Your sign-in name",
        max_length=150,
        validators=[UnicodeUsernameValidator()],
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
    )
    field_order = ["clinic_name", "time_zone", "jurisdiction", "display_name", "username", "new_password1", "new_password2"]


class RolesForm(forms.Form):
    """The roles a person holds."""

    roles = forms.MultipleChoiceField(
        label="Roles",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(role.name, f"{role.name}: {role.sentence}") for role in ROLES.values()],
    )


class PersonForm(forms.Form):
    """Name and address of a person."""

    display_name = forms.CharField(
        label="Name", max_length=200, help_text="As patients and colleagues know the person, for example Dr Clara Winter."
    )
    email = forms.EmailField(label="E-mail", required=False, max_length=254, help_text="Only for links that the person asks for.")


class StoredRolesForm(RolesForm):
    """The roles of somebody who is here already, with those that the page showed: two administrators may have it open at once."""

    shown_roles = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, held: Sequence[str] = ()) -> None:
        super().__init__(data, initial={"roles": list(held), "shown_roles": " ".join(held)})

    def clean_shown_roles(self) -> list[str]:
        """The names, one by one."""
        found: str = self.cleaned_data["shown_roles"]
        return found.split()


class StoredPersonForm(PersonForm):
    """Name and address of somebody who is here already, with what the page showed."""

    shown_display_name = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    shown_email = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, user: User | None = None) -> None:
        now = {"display_name": user.display_name, "email": user.email} if user else {}
        super().__init__(data, initial=now | {f"shown_{name}": value for name, value in now.items()})

    @property
    def shown(self) -> dict[str, str]:
        """What the page showed."""
        return {name: self.cleaned_data[f"shown_{name}"] for name in ("display_name", "email")}

    @property
    def typed(self) -> dict[str, str]:
        """What is wanted."""
        return {name: self.cleaned_data[name] for name in ("display_name", "email")}


class InviteForm(PersonForm, RolesForm):
    """Who is invited, and as what."""

    username = forms.CharField(
        label="Sign-in name",
        max_length=150,
        validators=[UnicodeUsernameValidator()],
        help_text="Letters, digits and . _ - @ +, for example clara.",
    )
    field_order = ["display_name", "username", "email", "roles"]


class TokenForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """What a token is for."""

    class Meta:
        model = ApiToken
        fields = ("label",)


class ClinicForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """What is known of a clinic."""

    class Meta:
        model = Clinic
        fields = ("name", "time_zone", "jurisdiction")


class KeyField(forms.JSONField):
    """What a browser says of a passkey: an object, of text that the database can keep."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        """Raises ValidationError for anything that is no such object."""
        try:
            found = super().to_python(value)
            text = json.dumps(found, ensure_ascii=False, allow_nan=False).encode("utf-8")
        except (RecursionError, ValueError):  # too deep, a number of 5,000 digits, NaN, half a letter
            raise second_factors().validation_error("incorrect_code") from None
        if found in self.empty_values:
            return None
        if not isinstance(found, dict) or b"\\u0000" in text:
            raise second_factors().validation_error("incorrect_code")
        return found

    def bound_data(self, data: Any, initial: Any) -> None:
        """What was refused is not sent back: a key answers one question once."""


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]  # the package has no types
    """A new passkey and what it is called."""

    name = forms.CharField(label="What you call it", max_length=100, required=False)
    credential = KeyField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        alone = self.fields["passwordless"]
        alone.label = "Sign in with this passkey alone, without name and password"
        alone.help_text = "Your device then asks for a PIN, finger or face each time. Leave it empty for an old security key without a PIN."
        alone.initial = True

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError for whatever no key would say."""
        try:
            cleaned: dict[str, Any] = super().clean()
            if cleaned.get("credential"):
                _keep_the_choice(cleaned["credential"], alone=bool(cleaned.get("passwordless")))
        except NO_KEY as error:
            raise _refused(error) from error
        return cleaned


class UsePasskeyForm(AuthenticateWebAuthnForm):  # type: ignore[misc]  # the package has no types
    """A passkey as the second step of a sign-in."""

    credential = KeyField()

    def clean_credential(self) -> Any:
        """Raises ValidationError for whatever no key would say."""
        try:
            return super().clean_credential()
        except NO_KEY as error:
            raise _refused(error) from error


class SignInByPasskeyForm(UsePasskeyForm, LoginWebAuthnForm):  # type: ignore[misc]  # the package has no types
    """A passkey in the place of name and password: only one set up for it, and only after PIN, finger or face.

    The package keeps one question to the key for both uses; the one of the second step asks for no PIN and does not count here.
    """

    def clean_credential(self) -> Any:
        """Raises ValidationError for an answer to another question, without PIN, or of a key that is a second step only."""
        state = get_state()
        if not state or state.get("user_verification") != "required":
            clear_state()
            raise second_factors().validation_error("incorrect_code")
        sent = self.cleaned_data["credential"]
        found = super().clean_credential()
        verified = parse_authentication_response(sent).response.authenticator_data.is_user_verified()
        if not verified or not found.wrap().is_passwordless:
            raise second_factors().validation_error("incorrect_code")
        return found


class ConfirmByPasskeyForm(UsePasskeyForm, ReauthenticateWebAuthnForm):  # type: ignore[misc]  # the package has no types
    """A passkey to confirm that it is still the same person."""

    reauthenticated = True


def _keep_the_choice(credential: dict[str, Any], *, alone: bool) -> None:
    """Whether the key signs in alone is the person's choice, whatever the browser says of where the key keeps it."""
    said = credential.get("clientExtensionResults")
    credential["clientExtensionResults"] = {**(said if isinstance(said, dict) else {}), "credProps": {"rk": alone}}


def _refused(error: BaseException) -> ValidationError:
    if isinstance(error, ValidationError):
        return error
    refused: ValidationError = second_factors().validation_error("incorrect_code")
    return refused
