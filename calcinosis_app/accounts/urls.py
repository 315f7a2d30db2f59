"""Where people come in and leave, and where each looks after the own account."""

from django.urls import path

from calcinosis_app.accounts.views import account, idle, links, sign_in

app_name = "accounts"

urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/forgotten/", links.forgotten, name="forgotten"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("link/", links.use, name="use_link"),
    path("link/<str:secret>/", links.open_link, name="open_link"),
    path("session/time-left/", idle.time_left, name="time_left"),
    path("session/stay/", idle.stay, name="stay"),
    path("session/lock/", idle.lock, name="lock"),
    path("account/", account.account, name="account"),
    path("account/password/", account.password, name="password"),
    path("account/sessions/end/", account.end_others, name="end_others"),
    path("account/sessions/<int:pk>/end/", account.end_one, name="end_session"),
    path("account/tokens/", account.add_token, name="add_token"),
    path("account/tokens/<uuid:pk>/revoke/", account.end_token, name="revoke_token"),
]
