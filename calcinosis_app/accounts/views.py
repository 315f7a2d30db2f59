"""Sign in and sign out."""

from django.contrib.auth.views import LoginView, LogoutView

from calcinosis_app.accounts.forms import SignInForm


class SignInView(LoginView):
    """Sign in, and on to where the person wanted to go: never in a circle back to the door."""

    def get_success_url(self) -> str:
        """Where to go afterwards; the first page when the address names this page itself."""
        wanted = super().get_success_url()
        return self.get_default_redirect_url() if wanted.partition("?")[0] == self.request.path else wanted


sign_in = SignInView.as_view(
    template_name="accounts/sign_in.html",
    authentication_form=SignInForm,
    redirect_authenticated_user=True,
)
sign_out = LogoutView.as_view()
