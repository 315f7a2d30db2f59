"""Every address, by every role, in one's own clinic, in another one, and in another one under emergency access."""

from collections import Counter

import pytest
from django.test import Client

from calcinosis_app.accounts.actions import open_emergency
from calcinosis_app.accounts.models import User
from tests.apps.accounts.second_factors import give_app
from tests.everywhere.matrix import ROLES, Cell, cells
from tests.everywhere.visits import METHODS, OF_PAGES, address, outcome
from tests.everywhere.world import ONES_OWN, SHARED, World, make_world
from tests.factories.user import make_user
from tests.url_map import addresses

CELLS = cells()
BY_ROUTE: dict[str, dict[str, Cell]] = {}
for one in CELLS:
    BY_ROUTE.setdefault(one.route, {})[one.method] = one


def test_every_address_has_its_cells_and_every_cell_its_address() -> None:
    known, written = {one.route for one in addresses()}, set(BY_ROUTE)
    assert sorted(known - written) == [], "without a row in matrix.txt: who is let in?"
    assert sorted(written - known) == [], "in matrix.txt, but the product has no such address"


def test_there_is_a_cell_of_each_kind() -> None:
    count = Counter((bool(cell.own), bool(cell.other), bool(cell.emergency)) for cell in CELLS)
    assert count[(True, False, False)] > 100
    assert count[(True, False, True)] >= 5, "nothing can be read in an emergency"
    assert not any(cell.other for cell in CELLS if cell.thing not in SHARED), "nothing of another clinic is anybody's"


@pytest.fixture
def own(clara: User, nadia: User, tilda: User) -> World:
    return make_world(clara, nadia, tilda)


@pytest.fixture
def other(sven: User, tilda: User) -> World:
    return make_world(sven, make_user("hanna", "Hanna Berg", "nurse", clinic=sven.clinic), tilda)


@pytest.mark.parametrize("role", ROLES.values())
def test_who_is_let_in(role: str, own: World, other: World, request: pytest.FixtureRequest) -> None:
    person: User = request.getfixturevalue({"clinician": "clara", "nurse": "nadia", "curator": "karl", "approver": "aya"}.get(role, "ada"))
    client = visitor(person)
    wrong = [
        difference
        for route, found in BY_ROUTE.items()
        for method in (METHODS if route.startswith("api/") else OF_PAGES)
        for difference in (_in_own(client, role, route, method, found, own), _in_other(client, role, found.get(method), other))
        if difference
    ]
    assert not wrong, "\n".join(wrong)


def test_who_is_let_in_under_emergency_access(other: World, clara: User) -> None:
    """Clinicians alone can have it: whoever else would be let in by it is nobody."""
    assert {role for cell in CELLS for role in cell.emergency} == {"clinician"}
    open_emergency(by=clara, clinic=other.patient.clinic, record_id=other.patient.pk, reason="Brought in unconscious")
    client = visitor(clara)
    wrong = [
        difference
        for cell in CELLS
        if cell.thing not in SHARED
        for difference in [_differs(client, cell, other, "clinician" in cell.emergency, "clinician" in cell.own)]
        if difference
    ]
    assert not wrong, "\n".join(wrong)


def visitor(person: User) -> Client:
    """Somebody's browser, signed in; the person has a second factor, so that its pages have something to show."""
    give_app(person)
    client = Client()
    client.force_login(person)
    return client


def _in_own(client: Client, role: str, route: str, method: str, found: dict[str, Cell], own: World) -> str:
    """What differs in one's own clinic. A method without a row does not exist for anybody who is let in by another one."""
    if method in found:
        cell = found[method]
        return _differs(client, cell, own, role in cell.own, False)
    some = next(iter(found.values()))
    if role != min(some.own, default=role):
        return ""  # one who is let in has tried it
    obtained = outcome(client, method, address(route, some.thing, own), route)
    return "" if obtained in ("no such method", "forbidden") else f"{method} {route}: {obtained}, and has no row"


def _in_other(client: Client, role: str, cell: Cell | None, other: World) -> str:
    if cell is None or cell.thing in SHARED:
        return ""
    return _differs(client, cell, other, role in cell.other, role in cell.own)


def _differs(client: Client, cell: Cell, world: World, expected: bool, hidden: bool) -> str:
    """What differs from "in", from "hidden" for whoever could open such a thing here, or from "forbidden" for everybody else."""
    wanted = "in" if expected else "hidden" if hidden or cell.thing in ONES_OWN else "forbidden"
    obtained = outcome(client, cell.method, address(cell.route, cell.thing, world), cell.route)
    if cell.thing == "leaving" and obtained == "sign in":
        obtained = "in"  # where whoever leaves is led to
    return "" if obtained == wanted else f"{cell.method} {cell.route}: {obtained} instead of {wanted}"
