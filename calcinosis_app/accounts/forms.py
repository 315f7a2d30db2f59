"""What a person types to sign in."""

from typing import Any

from django.contrib.auth.forms import AuthenticationForm


class SignInForm(AuthenticationForm):
    """One answer for a wrong password and an unknown name: neither tells who works here."""

    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": ("This sign-in name and password do not belong together. Check both; capital letters count in the password."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "Sign-in name"
