"""What is answered where something is wrong."""

from typing import Final

from calcinosis_app.api.shapes.parts import Named, listed, perhaps, said

MISTAKE: Final = {
    "type": "object",
    "properties": {
        "case": said("The id of the case that was sent, where one was."),
        "lesion": perhaps(said("The lesion, by its label, where it is about one.")),
        "key": said("Which name in what was sent, or which fact.", example="phosphate"),
        "value": said("What stood there.", example="1.2"),
        "say": said("What is wrong, and what to do.", example="a unit is required: one of mmol/L, mg/dL"),
    },
    "required": ["case", "lesion", "key", "value", "say"],
}
ERRORS: Final = Named("Errors", {"type": "object", "properties": {"errors": listed(MISTAKE)}, "required": ["errors"]})
