"""A person's own second factors: the package's pages, with our words and our events."""

from typing import Any

from allauth.account.views import ReauthenticateView
from allauth.mfa.base.views import IndexView
from allauth.mfa.base.views import ReauthenticateView as ConfirmByCodeView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, EditWebAuthnView, ReauthenticateWebAuthnView, RemoveWebAuthnView
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy

from calcinosis_app.accounts.actions import note_second_factor
from calcinosis_app.accounts.adapters import SecondFactorAdapter
from calcinosis_app.accounts.models import User
from calcinosis_app.accounts.selectors import has_second_factor, must_have_second_factor, second_factors_of

PAGES = "accounts/second_factor"


class Noted:
    """Does what the form asks for and writes its event, in one transaction; two forms sent at once come one after the other."""

    request: Any
    what: str
    kind: str

    def form_valid(self, form: Any) -> HttpResponse:
        """Nothing is changed where the event cannot be written."""
        with transaction.atomic():
            User.objects.select_for_update().get(pk=self.request.user.pk)
            if self.is_done():
                return redirect("mfa_index")
            response: HttpResponse = super().form_valid(form)  # type: ignore[misc]  # the package has no types
            note_second_factor(by=self.request.user, what=self.what, kind=self.kind)
        return response

    def is_done(self) -> bool:
        """Whether somebody was faster, and nothing is left to do."""
        return False

    def form_invalid(self, form: Any) -> HttpResponse:
        """The form again, with what is wrong."""
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]  # the package has no types
        response.status_code = 422
        return response


class OverviewView(IndexView):  # type: ignore[misc]  # the package has no types
    """What a person signs in with."""

    template_name = f"{PAGES}/overview.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Also whether a second factor has to be set up before anything else."""
        found: dict[str, Any] = super().get_context_data(**kwargs)
        must = must_have_second_factor(self.request.user)
        return found | {"must": must, "missing": must and not has_second_factor(self.request.user)}


class AddAppView(Noted, ActivateTOTPView):  # type: ignore[misc]  # the package has no types
    """An authenticator app: a square to scan, and a code to show that it worked."""

    template_name = f"{PAGES}/add_app.html"
    what, kind = "added", "app"

    def is_done(self) -> bool:
        """One app per person."""
        return bool(Authenticator.objects.filter(user=self.request.user, type=Authenticator.Type.TOTP).exists())


class RemoveAppView(Noted, DeactivateTOTPView):  # type: ignore[misc]  # the package has no types
    """No authenticator app any more."""

    template_name = f"{PAGES}/remove_app.html"
    what, kind = "removed", "app"

    def is_done(self) -> bool:
        """Removed already by another tab."""
        return not Authenticator.objects.filter(pk=self.authenticator.pk).exists()


class AddPasskeyView(Noted, AddWebAuthnView):  # type: ignore[misc]  # the package has no types
    """A passkey: the browser asks the device, the page hands over what it says."""

    template_name = f"{PAGES}/add_passkey.html"
    what, kind = "added", "passkey"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form as it was sent, which the package leaves out."""
        found: dict[str, Any] = super().get_context_data(**kwargs)
        return found | kwargs


class RenamePasskeyView(Noted, EditWebAuthnView):  # type: ignore[misc]  # the package has no types
    """Another name for a passkey."""

    template_name = f"{PAGES}/rename_passkey.html"
    success_url = reverse_lazy("mfa_index")
    what, kind = "renamed", "passkey"


class RemovePasskeyView(Noted, RemoveWebAuthnView):  # type: ignore[misc]  # the package has no types
    """One passkey less."""

    template_name = f"{PAGES}/remove_passkey.html"
    success_url = reverse_lazy("mfa_index")
    what, kind = "removed", "passkey"

    def is_done(self) -> bool:
        """Removed already, or the last second factor of somebody who needs one."""
        found = second_factors_of(self.request.user).filter(pk=self.object.pk).first()
        if found is not None and not SecondFactorAdapter().can_delete_authenticator(found):
            messages.error(self.request, SecondFactorAdapter.error_messages["cannot_delete_authenticator"])
            return True
        return found is None


class RecoveryCodesView(ViewRecoveryCodesView):  # type: ignore[misc]  # the package has no types
    """Ten codes for the day the telephone is lost, shown once."""

    template_name = f"{PAGES}/recovery_codes.html"


class NewRecoveryCodesView(Noted, GenerateRecoveryCodesView):  # type: ignore[misc]  # the package has no types
    """New codes in the place of the old ones."""

    template_name = f"{PAGES}/new_recovery_codes.html"
    what, kind = "renewed", "recovery codes"


overview = OverviewView.as_view()
add_app = AddAppView.as_view()
remove_app = RemoveAppView.as_view()
add_passkey = AddPasskeyView.as_view()
rename_passkey = RenamePasskeyView.as_view()
remove_passkey = RemovePasskeyView.as_view()
recovery_codes = RecoveryCodesView.as_view()
new_recovery_codes = NewRecoveryCodesView.as_view()
confirm_by_password = ReauthenticateView.as_view(template_name="accounts/confirm.html")
confirm_by_code = ConfirmByCodeView.as_view(template_name="accounts/confirm.html")
confirm_by_passkey = ReauthenticateWebAuthnView.as_view(template_name="accounts/confirm.html")
