"""The published interface, readable by programs and in the browser."""

import json
from typing import Any

from csp.decorators import csp_update
from django.views.decorators.http import require_safe
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.request import Request
from rest_framework.response import Response

from calcinosis_app.api import examples
from calcinosis_app.api.document import operations
from calcinosis_app.api.schema import ABOUT, ASSESS_OPERATION

schema = SpectacularAPIView.as_view()


class DocsPage(SpectacularSwaggerSplitView):
    """What there is, in words, and below it the viewer of the whole document."""

    url_name = "api:schema"
    template_name = "api/docs.html"

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The page, or its script."""
        response: Response = super().get(request, *args, **kwargs)  # type: ignore[no-untyped-call]  # the package has no types
        response.data |= {
            "about": ABOUT,
            "operations": operations(),
            "answers": [(status, answer.description) for status, answer in ASSESS_OPERATION["responses"].items()],
            "examples": [
                (title, json.dumps(shown, indent=2, ensure_ascii=False))
                for title, shown in (
                    ("A case", examples.CASE),
                    ("Its assessment, long lists cut short", examples.ASSESSMENT),
                    ("An error", examples.ERROR),
                )
            ],
        }
        return response


# The viewer styles its own elements and carries its icons inside its style sheet; scripts stay our own.
docs = require_safe(csp_update({"style-src": ["'unsafe-inline'"], "img-src": ["data:"]})(DocsPage.as_view()))
