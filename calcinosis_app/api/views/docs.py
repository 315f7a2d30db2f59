"""The published interface, readable in the browser."""

from csp.decorators import csp_update
from django.views.decorators.http import require_safe
from drf_spectacular.views import SpectacularSwaggerSplitView

# The viewer styles its own elements and carries its icons inside its style sheet; scripts stay our own.
docs = require_safe(
    csp_update({"style-src": ["'unsafe-inline'"], "img-src": ["data:"]})(
        SpectacularSwaggerSplitView.as_view(url_name="api:schema", title="Calcinosis: interface")
    )
)
