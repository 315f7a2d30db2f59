"""Cases that were opened; lesions that were added and removed."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.text import capfirst

from calcinosis_app.desk.chart.lesions import LesionCourse
from calcinosis_app.desk.chart.record import Record
from calcinosis_app.desk.chart.story.entry import Entry


def entries(record: Record, lesions: tuple[LesionCourse, ...]) -> Iterator[Entry]:
    """One entry each."""
    for case in record.cases:
        yield Entry(
            case.opened_at, "case", f"{case.title or 'Case'} opened", (f"By {case.opened_by}",), url=case.get_absolute_url(), link="Case"
        )
    for course in lesions:
        lesion = course.lesion
        title = f"Lesion {record.titles[lesion.pk]} of {lesion.case.title or 'the case'}"
        url = reverse("patients:case", args=[lesion.case_id])
        yield Entry(lesion.added_at, "lesion", f"{title} added", (f"By {lesion.added_by}", capfirst(course.now)), url=url, link="Record")
        if lesion.removed_at:
            yield Entry(lesion.removed_at, "lesion", f"{title} removed", (f"By {lesion.removed_by}",), url=url, link="Record")
