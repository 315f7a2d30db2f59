"""A release to take away: as a spreadsheet, as CSV files, as JSON."""

from django.http import Http404, HttpRequest, HttpResponse

from calcinosis_app.rulebooks.bridge import FORMATS, Rules, written_as
from calcinosis_app.rulebooks.views.loading import of_release


@of_release
def file(request: HttpRequest, rules: Rules, form: str) -> HttpResponse:
    """The whole release in one file. Its name says which release it is."""
    if form not in FORMATS:
        raise Http404
    ending, media_type = FORMATS[form]
    name = f"calcinosis-release-{rules.number}-{rules.hash[:8]}.{ending}"
    return HttpResponse(written_as(rules, form), content_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
