"""How the installation is doing."""

from typing import Any, Final

from calcinosis_app.api.shapes.parts import Named, answered, listed, one_of, said
from calcinosis_app.core.installation import Group, worst

TONE: Final = one_of(("good", "warning", "danger", "quiet"), "quiet: nothing to judge.", example="good")
HEALTH: Final = Named(
    "Health",
    answered(
        "What an administrator watches.",
        worst=TONE,
        groups=listed(
            answered(
                key=said(example="work"),
                title=said(example="Work in the background"),
                lines=listed(answered(label=said(example="Worker heard of"), value=said(), tone=TONE, remedy=said("What to do."))),
            )
        ),
    ),
)


def health(groups: list[Group]) -> dict[str, Any]:
    """Everything that was looked at."""
    return {
        "worst": worst(groups)[0],
        "groups": [
            {
                "key": group.key,
                "title": group.title,
                "lines": [{"label": one.label, "value": one.value, "tone": one.tone, "remedy": one.remedy} for one in group.lines],
            }
            for group in groups
        ],
    }
