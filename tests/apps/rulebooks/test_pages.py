"""The rules are readable: every part of a release has its page, and every row its address."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from calcinosis_app.accounts.models import User
from calcinosis_app.audit.actors import System
from calcinosis_app.rulebooks.actions import load_release
from calcinosis_app.rulebooks.bridge import Rules, current, shipped
from calcinosis_app.rulebooks.presentation.pages import contents
from calcinosis_app.rulebooks.presentation.places import url_of_fact, url_of_row
from tests.cast import SignIn

ALL_PAGES = [
    reverse(f"rulebooks:{view}", args=[1, name] if name else [1])
    for view, name, _ in [*contents(shipped()), *(("treatment", name, "") for name in shipped().content["treatments"])]
]


@pytest.fixture
def client(karl: User, sign_in: SignIn) -> Client:
    return sign_in(karl)


def anchors(client: Client, url: str) -> set[str]:
    return set(re.findall(r'id="([^"]+)"', client.get(url).text))


@pytest.mark.parametrize("url", ["/rules/", *ALL_PAGES])
def test_every_part_has_a_page(client: Client, url: str) -> None:
    response = client.get(url)

    assert response.status_code == 200
    assert "Release 1" in response.text


def test_every_row_and_every_fact_stands_where_its_address_says(client: Client) -> None:
    rules = current()
    found: dict[str, set[str]] = {}
    addresses = {row: url_of_row(rules, row) for row in rules.rows} | {
        key: url_of_fact(rules, key) for key in rules.facts if rules.facts[key].kind != "codes"
    }

    for name, address in addresses.items():
        assert address, name
        page, _, anchor = address.partition("#")
        if page not in found:
            found[page] = anchors(client, page)
        assert anchor in found[page], f"{name}: {address}"


def test_every_link_within_the_rules_leads_somewhere(client: Client) -> None:
    known: dict[str, set[str]] = {page: anchors(client, page) for page in ALL_PAGES}

    for page in ALL_PAGES:
        for link in set(re.findall(r'href="(/rules/1/[^"]*|#[^"]*)"', client.get(page).text)):
            target, _, anchor = link.partition("#")
            assert not anchor or anchor in known[target or page] or anchor == "main", f"{page} links to {link}"


def test_a_row_is_found_by_its_id(client: Client) -> None:
    response = client.get(reverse("rulebooks:row", args=["diltiazem.contraindication.3"]))

    assert (response.status_code, response["Location"]) == (302, "/rules/1/treatments/diltiazem/#diltiazem.contraindication.3")


def test_a_check_that_bears_the_id_of_a_response_has_an_address_of_its_own(client: Client) -> None:
    assert client.get(reverse("rulebooks:row", args=["diltiazem.response.3"]))["Location"].startswith("/rules/1/treatments/")
    check = client.get(reverse("rulebooks:row", args=["follow_up:diltiazem.response.3"]))["Location"]
    assert check == "/rules/1/lists/follow_up/#diltiazem.response.3"


@pytest.mark.parametrize("url", ALL_PAGES)
def test_an_anchor_stands_once_on_a_page(client: Client, url: str) -> None:
    found = re.findall(r' id="([^"]+)"', client.get(url).text)

    assert len(found) == len(set(found)), sorted({one for one in found if found.count(one) > 1})


def test_a_long_list_is_folded_until_something_is_looked_for(client: Client) -> None:
    folded = client.get("/rules/1/lists/follow_up/").text
    assert folded.index("By what the patient has") < folded.index("Everybody with calcinosis") < folded.index("By treatment")
    names = re.findall(r"<summary><h3>(.*?)</h3>", folded[folded.index("By treatment") :])
    assert len(names) > 20
    assert names == sorted(names, key=str.casefold)
    for open_query in ({"q": "phosphate"}, {"all": ""}):
        assert "<summary>" not in client.get("/rules/1/lists/follow_up/", open_query).text
    assert "<summary>" not in client.get("/rules/1/lists/advice/").text


def test_a_fact_is_found_by_its_key(client: Client) -> None:
    for key, page in (("phosphate", "laboratory"), ("sbp", "facts"), ("ssc", "conditions"), ("calcium_status", "derived")):
        assert client.get(reverse("rulebooks:fact", args=[key]))["Location"].endswith(f"/rules/1/{page}/#fact-{key}")


def test_a_row_of_an_older_release_stays_where_it_was(client: Client) -> None:
    load_release(by=System("tests"), rules=Rules({**shipped().content, "treatments": {}, "statements": [], "evidence": "less"}))

    old = client.get(reverse("rulebooks:row", args=[1, "diltiazem.contraindication.3"]))
    assert old["Location"].startswith("/rules/1/")
    assert client.get(old["Location"]).status_code == 200
    assert client.get(reverse("rulebooks:row", args=["diltiazem.contraindication.3"])).status_code == 404
    assert "Release 2, in force" in client.get("/rules/").text


def test_a_gate_shows_what_it_asks_why_and_on_what_ground(client: Client) -> None:
    page = client.get(reverse("rulebooks:treatment", args=[1, "diltiazem"])).text

    assert "below 90 mmHg" in page
    assert "Gates: absolute" in page
    assert "LBL_DILT" in page
    assert "figure not confirmed in a source" in page
    assert "9 of 17 partial response" in page


@pytest.mark.parametrize(
    ("url", "query", "found"),
    [
        ("/rules/1/lists/follow_up/", "THIOSULFATE intralesional", "sts_intralesional.safety.1"),
        ("/rules/1/lists/follow_up/", "wound_care_offload.response", "wound_care_offload.response.x64"),
        ("/rules/1/facts/", "sbp", "fact-sbp"),
        ("/rules/1/facts/", "systolic", "fact-sbp"),
        ("/rules/1/conditions/", "scleroderma", "fact-ssc"),
        ("/rules/1/laboratory/", "scr", "fact-creatinine"),
        ("/rules/1/drugs/", "diltiazem", "fact-"),
        ("/rules/1/treatments/", "verapamil or diltiazem", ""),
        ("/rules/1/references/", "jimenez", "ref-JIMENEZ2015"),
        ("/rules/1/derived/", "calcium_status", "fact-calcium_status"),
    ],
)
def test_a_page_shows_only_what_is_looked_for(client: Client, url: str, query: str, found: str) -> None:
    everything, page = client.get(url).text, client.get(url, {"q": query}).text

    assert len(page) < len(everything)
    assert f'value="{query}"' in page
    assert "Show all" in page
    if found:
        assert f'id="{found}' in page
    else:
        assert "None of" in page


def test_what_is_looked_for_is_shown_as_it_is(client: Client) -> None:
    page = client.get("/rules/1/facts/", {"q": "<script>alert(1)</script>" + "x" * 200}).text

    assert "<script>alert" not in page
    assert "None of" in page


def test_the_outcome_of_a_row_stands_beside_its_name(client: Client) -> None:
    page = client.get("/rules/1/tables/classification/").text

    assert '<th scope="col">Row</th><th scope="col">Outcome</th>' in page
    assert re.search(r'<a href="#C2">C2</a></th><td class="rules__outcome">Iatrogenic</td>', page)


@pytest.mark.parametrize("url", ALL_PAGES)
def test_no_name_of_the_release_is_used_as_a_word(client: Client, url: str) -> None:
    """Keys and ids are shown as such; labels and values are words."""
    page = client.get(url).text
    labels = re.findall(r"<dt>([^<]*)</dt>", page)

    assert not [one for one in labels if "_" in one or one in ("Text", "Action threshold", "What to check")]
    assert not re.search(r"\[IU\]|\[arb'U\]|mg/dL\{", page)
    assert "Metastatic ckd" not in page
    assert "Hftc" not in page


def test_what_is_shown_says_that_nobody_has_adopted_it(client: Client) -> None:
    for url in ("/rules/", "/rules/1/tables/classification/", "/rules/1/treatments/diltiazem/"):
        page = client.get(url).text
        assert page.index("Confirmed by no clinician yet") < page.index("<h1>")


@pytest.mark.parametrize(
    "url",
    [
        "/rules/7/",
        "/rules/7/facts/",
        "/rules/1/tables/nothing/",
        "/rules/1/treatments/nothing/",
        "/rules/1/lists/nothing/",
        "/rules/rows/nothing/",
        "/rules/facts/nothing/",
    ],
)
def test_what_is_not_there_is_not_found(client: Client, url: str) -> None:
    assert client.get(url).status_code == 404


def test_nobody_signed_in_is_sent_to_sign_in(release: object) -> None:
    assert Client().get("/rules/1/facts/")["Location"] == "/sign-in/?next=/rules/1/facts/"


@pytest.mark.parametrize("who", ["clara", "nadia", "karl", "aya", "ada"])
def test_every_role_may_read(who: str, request: pytest.FixtureRequest, sign_in: SignIn) -> None:
    assert sign_in(request.getfixturevalue(who)).get("/rules/").status_code == 200


def test_somebody_without_a_role_may_not(sign_in: SignIn, riverside: object) -> None:
    nobody = User.objects.create(username="nobody", display_name="Nobody")

    assert sign_in(nobody).get("/rules/").status_code == 403


def test_the_rules_are_read_not_posted_to(client: Client) -> None:
    assert client.post("/rules/").status_code == 405
