"""Addresses of the rules. They name the release, so that a link keeps showing what it showed."""

from django.urls import path

from calcinosis_app.rulebooks import views

app_name = "rulebooks"

urlpatterns = [
    path("rules/", views.overview, name="overview"),
    path("rules/rows/<str:row>/", views.row, name="row"),
    path("rules/facts/<str:key>/", views.fact, name="fact"),
    path("rules/<int:number>/", views.overview, name="release"),
    path("rules/<int:number>/rows/<str:row>/", views.row, name="row"),
    path("rules/<int:number>/facts/<str:key>/", views.fact, name="fact"),
    path("rules/<int:number>/tables/<slug:name>/", views.table, name="table"),
    path("rules/<int:number>/treatments/", views.treatments, name="treatments"),
    path("rules/<int:number>/treatments/<slug:name>/", views.treatment, name="treatment"),
    path("rules/<int:number>/lists/<slug:name>/", views.listing, name="list"),
    path("rules/<int:number>/facts/", views.facts, name="facts"),
    path("rules/<int:number>/laboratory/", views.laboratory, name="laboratory"),
    path("rules/<int:number>/conditions/", views.conditions, name="conditions"),
    path("rules/<int:number>/drugs/", views.drugs, name="drugs"),
    path("rules/<int:number>/derived/", views.derived, name="derived"),
    path("rules/<int:number>/references/", views.references, name="references"),
    path("rules/<int:number>/file/<slug:form>/", views.file, name="file"),
]
