"""Django's own administration pages, for people and clinics only, through the same policy and the same actions as the pages under /people/.

No clinical row is registered here, and nothing can be added or deleted: people are invited, and deactivated.
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite, ModelAdmin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path

from calcinosis_app.accounts import actions
from calcinosis_app.accounts.decorators import needs
from calcinosis_app.accounts.forms import ClinicForm
from calcinosis_app.accounts.models import Clinic, User
from calcinosis_app.accounts.permissions import PEOPLE_MANAGE
from calcinosis_app.accounts.policy import may
from calcinosis_app.accounts.views.sign_in import sign_out
from calcinosis_app.core.stale import version_of


class PeopleSite(AdminSite):
    """Opens to whoever may manage people. Staff marks and superusers open nothing."""

    site_header = "Calcinosis: people and clinics"
    site_title = "People and clinics"
    index_title = "People and clinics"
    site_url = "/people/"
    enable_nav_sidebar = False
    final_catch_all_view = False

    def has_permission(self, request: HttpRequest) -> bool:
        """By the one policy."""
        return may(request.user, PEOPLE_MANAGE)

    def admin_view(  # type: ignore[override]  # the stubs have a type of their own for a view
        self, view: Callable[..., HttpResponse], cacheable: bool = False
    ) -> Callable[..., HttpResponse]:
        """The one door for somebody not signed in, and the usual answer for somebody without the permission."""
        return needs(PEOPLE_MANAGE)(super().admin_view(view, cacheable))

    def get_urls(self) -> list[Any]:
        """Signing in and out and one's password have their own pages: the names stay, the pages do not."""
        kept = [
            one for one in super().get_urls() if getattr(one, "name", None) not in (*ELSEWHERE, "view_on_site", "autocomplete", "app_list")
        ]
        moved = [path(f"{name.replace('_', '-')}/", needs(PEOPLE_MANAGE)(_to(page)), name=name) for name, page in ELSEWHERE.items()]
        moved.append(path("logout/", sign_out, name="logout"))
        return [*moved, *kept, path("<str:app_label>/", self.admin_view(self.app_index), name="app_list")]


ELSEWHERE = {"login": "/", "password_change": "/account/password/", "password_change_done": "/account/"}


def _to(page: str) -> Callable[..., HttpResponse]:
    return lambda request: redirect(page)


class OwnClinicOnly:
    """What both kinds of rows have in common."""

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Nothing is done to many at once."""
        return {}

    def has_module_permission(self, request: HttpRequest) -> bool:
        """By the one policy."""
        return may(request.user, PEOPLE_MANAGE)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """By the one policy."""
        return may(request.user, PEOPLE_MANAGE)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """By the one policy."""
        return may(request.user, PEOPLE_MANAGE)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """People are invited under /people/; clinics are made by a command."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """People are deactivated: what they did stays with their name."""
        return False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """No row is found by what stands in the address: it could ask for a password's hash letter by letter."""
        return False

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Our audit log has it already, written by the action."""
        return None

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """What an action refuses is said on the same page; nothing of the form is saved then."""
        try:
            return super().changeform_view(request, *args, **kwargs)  # type: ignore[misc,no-any-return]  # the stubs have a type of their own for a view
        except ValidationError as error:
            for says in error.messages:
                messages.error(request, says)
            return redirect(request.path)


class UserForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """What may be changed of a person here; roles, permissions and who may come in have their own page."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen"] = version_of(actions.person_texts(self.instance))

    class Meta:
        model = User
        fields = ("display_name", "email")


class UserAdmin(OwnClinicOnly, ModelAdmin):  # type: ignore[type-arg]  # generic in the stubs only
    """The people of one's own clinic."""

    form = UserForm
    list_display = ("display_name", "username", "email", "is_active", "last_login")
    search_fields = ("display_name", "username")
    readonly_fields = ("username", "is_active", "last_login")
    fields = ("username", "display_name", "email", "is_active", "last_login", "seen")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Another clinic's people are not there."""
        user = request.user
        return User.objects.filter(clinic=user.clinic) if isinstance(user, User) and user.clinic else User.objects.none()

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """By the same action as under /people/."""
        by = request.user
        assert isinstance(by, User)  # noqa: S101 (the site let nobody else in)
        typed = form.cleaned_data
        names = ("display_name", "email")
        actions.change_person(by=by, user=obj, **{name: typed[name] for name in names}, seen=typed["seen"] or None)


class StoredClinicForm(ClinicForm):
    """A clinic's details, with the version that the page showed."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen"] = version_of(actions.clinic_texts(self.instance))


class ClinicAdmin(OwnClinicOnly, ModelAdmin):  # type: ignore[type-arg]  # generic in the stubs only
    """One's own clinic."""

    form = StoredClinicForm
    list_display = ("name", "time_zone", "jurisdiction")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Clinic]:
        """Other clinics are not there."""
        user = request.user
        return Clinic.objects.filter(pk=user.clinic_id) if isinstance(user, User) and user.clinic_id else Clinic.objects.none()

    def save_model(self, request: HttpRequest, obj: Clinic, form: Any, change: bool) -> None:
        """By the same action as everything else."""
        by = request.user
        assert isinstance(by, User)  # noqa: S101
        typed = form.cleaned_data
        actions.change_clinic(by=by, clinic=obj, **{**typed, "seen": typed["seen"] or None})


site = PeopleSite(name="admin")
site.register(User, UserAdmin)
site.register(Clinic, ClinicAdmin)
