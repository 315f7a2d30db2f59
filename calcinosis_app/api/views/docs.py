"""The published interface, readable in the browser."""

from csp.decorators import csp_update
from drf_spectacular.views import SpectacularSwaggerSplitView

# The viewer styles its own elements and carries its icons inside its style sheet; scripts stay our own.
docs = csp_update({"style-src": ["'unsafe-inline'"], "img-src": ["data:"]})(
    SpectacularSwaggerSplitView.as_view(url_name="api:schema", title="Calcinosis: interface")
)
