"""One writer at a time for each case."""

from calcinosis_app.patients.models import Case


def hold(case: Case) -> None:
    """Makes every other writer of this case wait until the transaction ends.

    Fields are saved one by one as they are left, and *record* may be pressed twice: without order
    a field could slip between the reading and the clearing of the draft, and be lost.
    """
    Case.objects.select_for_update(no_key=True).only("pk").get(pk=case.pk)
