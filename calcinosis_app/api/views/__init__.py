"""What the interface offers."""

from calcinosis_app.api.views.assess import AssessView
from calcinosis_app.api.views.docs import docs, schema

__all__ = ["AssessView", "docs", "schema"]
