"""What happened to a patient and to what belongs to one: who changed it, who saw it, and the measurements over time."""

from typing import Any, Final

from calcinosis_app.api.shapes.parts import Named, answered, count, day, identifier, listed, moment, one_of, perhaps, said, yes_or_no
from calcinosis_app.desk.chart.analytes import Analyte, Point
from calcinosis_app.desk.chart.lanes import Lane
from calcinosis_app.desk.chart.page import Chart
from calcinosis_app.desk.history.moments import Moment
from calcinosis_app.desk.seen import Seen, Viewer
from calcinosis_app.patients.bridge import Stretch

POSITION: Final = one_of(("below", "within", "above"), "Against the range that judges it.", example="above")
MOMENT: Final = Named(
    "Moment",
    answered(
        "What one person did at one time.",
        at=moment(),
        who=said("By name.", example="Nadia Brook"),
        how=said("A part of the product, or the role of the database; usually empty."),
        outside=yes_or_no("Whether it was done past the application.", example=False),
        changes=listed(
            answered(
                what=said(example="Typed: Phosphate, inorganic"),
                verb=said(example="changed"),
                differences=listed(answered(column=said(example="typed"), before=said(), after=said())),
                said=listed(said(), "What else there is to say of it."),
            )
        ),
    ),
)
VIEWER: Final = Named(
    "Viewer",
    answered(
        "One person who opened or changed something of the patient.",
        id=said("The person's id, or the name of a part of the product."),
        name=said(example="Sven Holt"),
        role=said("What the person is now.", example="clinician"),
        clinic=said(example="Hill clinic"),
        first=moment(),
        last=moment(),
        openings=count("Openings within a quarter of an hour count as one."),
        changes=count(),
        emergencies=listed(identifier(), "The emergency accesses by which the person came in."),
    ),
)
SEEN_BY: Final = Named(
    "SeenBy",
    answered(
        "Who has seen the patient.",
        viewers=listed(VIEWER, "Everybody, by the last time."),
        events=listed(
            answered(
                at=moment(), name=said(), what=said(example="looked at a case"), emergency=yes_or_no(), times=count("One after another.")
            ),
            "What was done, newest first.",
        ),
        more=yes_or_no("Whether there are older events than those sent: ask for a time of your own."),
    ),
)
CHART: Final = Named(
    "Chart",
    answered(
        "The patient's measurements over time, each judged on its own day, with what was given and done meanwhile.",
        release=count("By whose rules it is judged.", least=1, example=1),
        measurements=listed(
            answered(
                key=said("The fact.", example="phosphate"),
                label=said(example="Phosphate, inorganic"),
                lesion=perhaps(identifier("Of which lesion; null for the patient.")),
                unit=said("Of the values below.", example="mmol/L"),
                now=said("What counts now.", example="1 counts now"),
                ranges=listed(
                    answered(
                        start=perhaps(day("Null where the birth date is not known.")),
                        end=perhaps(day()),
                        range=said("Empty where there is none for this age.", example="0.81 to 1.45 mmol/L"),
                    ),
                    "The ranges on file for the patient's ages.",
                ),
                points=listed(
                    answered(
                        finding=identifier(),
                        day=day(),
                        reported=said("As it was reported.", example="9.7 mg/dL"),
                        value=said("In the unit above; empty without a number.", example="3.13"),
                        position=listed(POSITION, "Several where it is not certain, none where nothing judges it."),
                        range=said("By which it was judged.", example="0.81 to 1.45 mmol/L"),
                        counts=yes_or_no("Whether the rules use it now."),
                        standing=said(example="counts now"),
                        notes=listed(said()),
                    ),
                    "Oldest first.",
                ),
            )
        ),
        lanes=listed(
            answered(
                name=said(example="Diltiazem"),
                kind=said(example="treatment"),
                first=day(),
                says=listed(said(), "Everything that is known of it, with its days."),
            ),
            "Treatments, exposures, assessments and reviews.",
        ),
    ),
)


def moment_told(one: Moment) -> dict[str, Any]:
    """A moment of a history."""
    return {
        "at": one.at.isoformat(),
        "who": one.who,
        "how": one.how,
        "outside": one.outside,
        "changes": [
            {
                "what": line.what,
                "verb": line.verb,
                "differences": [{"column": each.label, "before": each.before, "after": each.after} for each in line.differences],
                "said": list(line.said),
            }
            for line in one.lines
        ],
    }


def seen_by(one: Seen) -> dict[str, Any]:
    """Who has seen a patient."""
    return {
        "viewers": [_viewer(each) for each in one.viewers],
        "events": [
            {"at": each.at.isoformat(), "name": each.name, "what": each.what, "emergency": each.emergency, "times": each.times}
            for each in one.lines
        ],
        "more": one.more,
    }


def _viewer(one: Viewer) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "role": one.role,
        "clinic": one.clinic,
        "first": one.first.isoformat(),
        "last": one.last.isoformat(),
        "openings": one.openings,
        "changes": one.changes,
        "emergencies": [str(each.pk) for each in one.emergencies],
    }


def chart(one: Chart) -> dict[str, Any]:
    """The measurements and what was given and done meanwhile."""
    return {
        "release": one.release,
        "measurements": [_measurement(each) for each in one.analytes],
        "lanes": [_lane(each) for each in one.lanes],
    }


def _measurement(one: Analyte) -> dict[str, Any]:
    return {
        "key": one.key,
        "label": one.label,
        "lesion": str(one.lesion.pk) if one.lesion else None,
        "unit": one.unit,
        "now": one.now,
        "ranges": [_range(each) for each in one.stretches],
        "points": [_point(each) for each in one.points],
    }


def _range(one: Stretch) -> dict[str, Any]:
    return {
        "start": one.start.isoformat() if one.start else None,
        "end": one.end.isoformat() if one.end else None,
        "range": one.said,
    }


def _point(one: Point) -> dict[str, Any]:
    return {
        "finding": str(one.finding.pk),
        "day": one.day.isoformat(),
        "reported": one.typed,
        "value": one.in_unit,
        "position": list(one.result.positions),
        "range": one.said_range,
        "counts": one.counts,
        "standing": one.standing,
        "notes": list(one.notes),
    }


def _lane(one: Lane) -> dict[str, Any]:
    return {"name": one.name, "kind": one.kind, "first": one.first.isoformat(), "says": list(one.says)}
