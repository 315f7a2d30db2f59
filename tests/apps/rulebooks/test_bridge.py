"""Which release is in force, and how often that is asked."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from pytest_django import DjangoAssertNumQueries

from calcinosis_app.rulebooks.bridge import current, current_release
from calcinosis_app.rulebooks.memo import OneReleasePerRequestMiddleware
from calcinosis_app.rulebooks.models import Release


@pytest.mark.django_db
def test_an_installation_without_rules_says_which_command_is_missing() -> None:
    with pytest.raises(ImproperlyConfigured, match=r"manage\.py load_release"):
        current()


def test_the_rules_are_compiled_once_per_process(release: Release) -> None:
    assert current() is current()


def test_a_request_looks_the_release_up_once(release: Release, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(str({current_release().number, current().number}))

    current()
    with django_assert_num_queries(1):
        answer = OneReleasePerRequestMiddleware(view)(HttpRequest())

    assert answer.content == b"{1}"


def test_the_next_request_looks_again(release: Release, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    middleware = OneReleasePerRequestMiddleware(lambda request: HttpResponse(str(current_release().number)))

    with django_assert_num_queries(2):
        middleware(HttpRequest())
        middleware(HttpRequest())
