"""The names under which the package for sign-in looks for its pages. Only what is used here has an address."""

from django.urls import path

from calcinosis_app.accounts.views import second_factor, sign_in

urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="account_login"),
    path("sign-in/second-factor/", sign_in.second_step, name="mfa_authenticate"),
    path("sign-in/passkey/", sign_in.passkey, name="mfa_login_webauthn"),
    path("account/confirm/", second_factor.confirm_by_password, name="account_reauthenticate"),
    path("account/confirm/code/", second_factor.confirm_by_code, name="mfa_reauthenticate"),
    path("account/confirm/passkey/", second_factor.confirm_by_passkey, name="mfa_reauthenticate_webauthn"),
    path("account/second-factor/", second_factor.overview, name="mfa_index"),
    path("account/second-factor/app/", second_factor.add_app, name="mfa_activate_totp"),
    path("account/second-factor/app/remove/", second_factor.remove_app, name="mfa_deactivate_totp"),
    path("account/second-factor/passkey/", second_factor.add_passkey, name="mfa_add_webauthn"),
    path("account/second-factor/passkey/<int:pk>/name/", second_factor.rename_passkey, name="mfa_edit_webauthn"),
    path("account/second-factor/passkey/<int:pk>/remove/", second_factor.remove_passkey, name="mfa_remove_webauthn"),
    path("account/second-factor/codes/", second_factor.recovery_codes, name="mfa_view_recovery_codes"),
    path("account/second-factor/codes/new/", second_factor.new_recovery_codes, name="mfa_generate_recovery_codes"),
]
