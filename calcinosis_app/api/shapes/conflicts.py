"""What is answered where what was sent no longer fits the state it meets."""

from typing import Final

from calcinosis_app.api.shapes.parts import Named, answered, listed, moment, perhaps, said
from calcinosis_app.api.shapes.problems import MISTAKE

_FIELDS: Final = {"type": "object", "additionalProperties": {"type": "string"}}
CONFLICT: Final = Named(
    "Conflict",
    {
        "type": "object",
        "properties": {
            "errors": listed(MISTAKE),
            "versions": answered(
                "Where something would have been overwritten: both versions. Nothing was stored.",
                mine={**_FIELDS, "description": "What you sent."},
                theirs={**_FIELDS, "description": "What is stored now."},
                differs=listed(said(), "The fields in which they differ."),
                by=said("Who stored it.", example="Nadia Brook"),
                at=perhaps(moment()),
                version=said("Send it as seen, to replace what is stored on purpose."),
            ),
        },
        "required": ["errors"],
    },
)
