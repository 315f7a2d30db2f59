"""Where administrators look after the people of their clinic."""

from django.urls import path

from calcinosis_app.accounts.views import people, person

app_name = "people"

urlpatterns = [
    path("people/", people.people, name="list"),
    path("people/invite/", people.add, name="invite"),
    path("people/<uuid:pk>/", person.person, name="person"),
    path("people/<uuid:pk>/details/", person.details, name="details"),
    path("people/<uuid:pk>/roles/", person.roles, name="roles"),
    path("people/<uuid:pk>/grant/", person.grant, name="grant"),
    path("people/<uuid:pk>/take/", person.take, name="take"),
    path("people/<uuid:pk>/deactivate/", person.deactivate, name="deactivate"),
    path("people/<uuid:pk>/reactivate/", person.reactivate, name="reactivate"),
    path("people/<uuid:pk>/link/", person.link, name="link"),
    path("people/<uuid:pk>/sessions/end/", person.end_sessions, name="end_sessions"),
    path("people/<uuid:pk>/session/end/", person.end_session, name="end_session"),
    path("people/<uuid:pk>/token/revoke/", person.revoke_token, name="revoke_token"),
    path("people/<uuid:pk>/second-factor/remove/", person.remove_second_factors, name="remove_second_factors"),
]
