"""Every address of the product, in one list; each app owns its part."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("calcinosis_app.core.urls")),
    path("", include("calcinosis_app.accounts.urls")),
    path("", include("calcinosis_app.accounts.package_urls")),
    path("", include("calcinosis_app.accounts.people_urls")),
    path("", include("calcinosis_app.accounts.admin_urls")),
    path("", include("calcinosis_app.rulebooks.urls")),
    path("", include("calcinosis_app.patients.urls")),
    path("", include("calcinosis_app.laboratory.urls")),
    path("", include("calcinosis_app.followups.urls")),
    path("", include("calcinosis_app.watching.urls")),
    path("", include("calcinosis_app.api.urls")),
    path("", include("calcinosis_app.desk.home_urls")),
    path("", include("calcinosis_app.desk.health_urls")),
    path("", include("calcinosis_app.desk.gallery_urls")),
    path("", include("calcinosis_app.desk.access_urls")),
    path("", include("calcinosis_app.desk.retention_urls")),
    path("", include("calcinosis_app.desk.urls")),
]

handler400 = "calcinosis_app.core.views.bad_request"
handler403 = "calcinosis_app.core.views.forbidden"
handler429 = "calcinosis_app.core.views.too_many"
handler404 = "calcinosis_app.core.views.not_found"
handler500 = "calcinosis_app.core.views.server_error"
