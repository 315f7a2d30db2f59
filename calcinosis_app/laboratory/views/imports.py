"""The list of imports, the form for one more, and the template of a file."""

from dataclasses import asdict

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from calcinosis_app.accounts.decorators import SignedInRequest, needs
from calcinosis_app.accounts.permissions import LABORATORY_IMPORT
from calcinosis_app.core.once import key_of, once
from calcinosis_app.laboratory import columns
from calcinosis_app.laboratory.actions import receive_file
from calcinosis_app.laboratory.files import FileRefused
from calcinosis_app.laboratory.files.written import CHARACTERS, Delimiter
from calcinosis_app.laboratory.forms import UploadForm
from calcinosis_app.laboratory.selectors import counts_of, imports_of
from calcinosis_app.laboratory.tasks import ring

A_PAGE = 20


@require_http_methods(["GET", "POST"])
@needs(LABORATORY_IMPORT)
def imports(request: SignedInRequest) -> HttpResponse:
    """A file that was sent becomes a dry run, and its page; what is wrong with the file as a whole is said beside it."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_valid():
        file, laboratory = form.cleaned_data["file"], form.cleaned_data["laboratory"]
        content = file.read()
        try:
            made = once(
                by=request.user,
                key=key_of(request),
                purpose="import.receive",
                content=[content, asdict(form.written), laboratory],
                act=lambda: receive_file(
                    by=request.user, content=content, file_name=file.name, written=form.written, laboratory=laboratory
                ),
            )
        except FileRefused as refused:
            form.add_error("file", str(refused))
        else:
            ring()
            return redirect(made.row)
    page = Paginator(imports_of(request.user), A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "laboratory/imports.html",
        {"form": form, "page": page, "rows": [(source, counts_of(source)) for source in page], "delimiters": Delimiter},
        status=422 if form.is_bound else 200,
    )


@require_safe
@needs(LABORATORY_IMPORT)
def template(request: SignedInRequest, delimiter: str) -> HttpResponse:
    """An empty file with all columns. Raises Http404 for a separator that is none."""
    if delimiter not in Delimiter.values:
        raise Http404
    content = columns.template(CHARACTERS[Delimiter(delimiter)])
    return HttpResponse(
        content,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="laboratory-results.csv"'},
    )
