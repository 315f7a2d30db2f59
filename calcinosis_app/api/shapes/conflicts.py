"""What is answered where what was sent no longer fits the state it meets."""

from typing import Final

from calcinosis_app.api.shapes.parts import Named, listed
from calcinosis_app.api.shapes.problems import MISTAKE

CONFLICT: Final = Named(
    "Conflict",
    {
        "type": "object",
        "properties": {
            "errors": listed(MISTAKE),
        },
        "required": ["errors"],
    },
)
