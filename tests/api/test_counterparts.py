"""Every page has an operation that does or tells the same, or a reason why not."""

import inspect
from typing import Any

from tests.api.published import document
from tests.url_map import addresses

BY_PERSON = "it is how a person shows who it is"
BY_WHO_READ_IT = "a person says what it has read and found; a program cannot"
WATCHING = "what needs somebody stands in read_health; the counts are made to be read, rounded by who reads them"
OPENS_AN_ACCOUNT = "it lets somebody in without what guards the account; a token must not be worth more than the second factor"
COUNTERPARTS = {
    "patients:create": "create_patient",
    "patients:correct": "correct_patient",
    "patients:search": "search_patients",
    "patients:open_case": "open_case",
    "desk:save": "save_entry",
    "desk:answer": "save_entry",
    "desk:add_lesion": "add_lesion",
    "desk:remove_lesion": "remove_lesion",
    "desk:record": "record_draft",
    "desk:assess": "assess_case",
    "desk:answers": "answer_questions",
    "desk:start_review": "start_review",
    "desk:decide": ("decide_step", "withdraw_step"),
    "desk:override_type": ("override_type", "withdraw_type"),
    "desk:note": "write_note",
    "desk:sign": "sign_review",
    "followups:close": "close_reminder",
    "laboratory:imports": "upload_results",
    "laboratory:commit": "commit_import",
    "laboratory:again": "run_import_again",
    "laboratory:discard": "discard_import",
    "laboratory:codes": "map_code",
    "laboratory:units": "map_unit",
    "laboratory:set_aside": "set_line_aside",
    "people:invite": "invite_person",
    "people:details": "change_person",
    "people:roles": "set_roles",
    "people:grant": "grant_permission",
    "people:take": "take_permission",
    "people:deactivate": "deactivate_person",
    "people:reactivate": "reactivate_person",
    "people:end_sessions": "end_sessions",
    "people:end_session": "end_session",
    "people:revoke_token": "revoke_token",
    "access:offer": "offer_transfer",
    "access:accept": "accept_transfer",
    "access:decline": "decline_transfer",
    "access:withdraw": "withdraw_transfer",
    "access:emergency": "break_glass",
    "access:end": "end_emergency",
    "access:mark_seen": "mark_emergency_seen",
    "desk:choose_other": "search_patients",
    "desk:merge": "merge_patients",
    "desk:not_same": "say_not_same",
    "desk:unmerge": "unmerge_patients",
    "desk:export": "export_patient",
    "retention:years": "change_retention",
    "retention:hold": "hold_back",
    "retention:lift": "lift_hold",
    "gallery:practise": "practise",
    "gallery:put_away": "put_practice_away",
    "accounts:end_others": "end_my_sessions",
    "accounts:end_session": "end_my_session",
    "accounts:revoke_token": "revoke_my_token",
}
ONLY_PAGES = {
    "people:link": OPENS_AN_ACCOUNT,
    "people:remove_second_factors": OPENS_AN_ACCOUNT,
    "accounts:add_token": "it asks for the password first: a token must not beget tokens",
    "accounts:sign_in": BY_PERSON,
    "accounts:forgotten": BY_PERSON,
    "accounts:sign_out": BY_PERSON,
    "accounts:use_link": BY_PERSON,
    "accounts:password": BY_PERSON,
    "accounts:stay": "a program has no session that could be left alone",
    "accounts:lock": "a program has no session that could be left alone",
    "access:find": "it only finds a page; a program searches patients",
    "core:favicon": "it changes nothing",
    "watching:source": BY_WHO_READ_IT,
    "watching:alarm": BY_WHO_READ_IT,
    "watching:interval": "it is set once, by the people who look at sources",
    **dict.fromkeys(("account_login", "account_reauthenticate"), BY_PERSON),
}
READ_BY = {
    "patients:patient": ("read_patient", "list_cases", "list_look_alikes", "list_merges"),
    "patients:case": "list_findings",
    "desk:case": ("read_case", "list_assessments"),
    "desk:entry": ("list_draft", "preview_case"),
    "desk:find": "list_facts",
    "desk:chart": "read_chart",
    "desk:assessment": ("read_assessment", "list_reviews", "read_review"),
    "desk:print": "read_assessment",
    "desk:compare": "compare_patients",
    "desk:patient_history": "history_of_a_patient",
    "desk:case_history": "history_of_a_case",
    "desk:assessment_history": "history_of_an_assessment",
    "desk:reminder_history": "history_of_a_reminder",
    "desk:person_history": "history_of_a_person",
    "desk:clinic_history": "history_of_the_people",
    "desk:laboratory_history": "history_of_the_laboratory",
    "retention:list": ("read_retention", "list_records_due", "list_holds"),
    "gallery:list": "list_worked_cases",
    "gallery:case": "read_worked_case",
    "gallery:print": "read_worked_case",
    "access:seen": "seen_by",
    "access:list": "list_emergency_notices",
    "access:transfers": "list_transfers",
    "access:transfer": "read_transfer",
    "people:list": "list_people",
    "people:person": ("read_person", "list_sessions", "list_tokens"),
    "accounts:account": ("who_am_i", "list_my_sessions", "list_my_tokens"),
    "laboratory:import": ("read_import", "list_lines"),
    "laboratory:progress": "read_import",
    "laboratory:queue": ("read_queue", "list_queue_lines", "list_mappings"),
    "followups:list": "list_reminders",
    "followups:reminder": "read_reminder",
    "installation:health": "read_health",
    "rulebooks:overview": "list_releases",
    "rulebooks:release": "read_release",
    "rulebooks:row": "read_row",
    "rulebooks:table": "read_table",
    "rulebooks:treatments": "list_treatments",
    "rulebooks:treatment": "read_treatment",
    "rulebooks:list": "read_list",
    "rulebooks:fact": "list_facts",
    "rulebooks:derived": "list_definitions",
    "rulebooks:file": "read_content",
    **{f"rulebooks:{part}": f"list_{part}" for part in ("facts", "laboratory", "conditions", "drugs", "references")},
}
READ_BY_PEOPLE = {
    "home:first": "it only gathers what other pages hold",
    "laboratory:template": "an empty file to type into; a program knows the columns from the document",
    "core:healthz": "it is open to programs as it is",
    "accounts:open_link": BY_PERSON,
    "accounts:time_left": "a program has no session that could be left alone",
    **dict.fromkeys(("watching:overview", "watching:rows", "watching:row", "watching:sources"), WATCHING),
}
# All of the package for sign-in, and Django's administration pages.
BY_BEGINNING = {"mfa_": BY_PERSON, "admin:": "for whoever set the server up; people and roles have operations of their own"}


def changes_something(view: Any) -> bool:
    """Whether it takes anything but reading: said by the decorators that every page of ours has."""
    return "GET" not in allowed(view) or "POST" in allowed(view)


def allowed(view: Any) -> set[str]:
    """The methods of a page, as its decorator lists them; a page that lists none takes all."""
    while view is not None:
        names = inspect.getclosurevars(view).nonlocals if inspect.isfunction(view) else {}
        if "request_method_list" in names:
            return set(names["request_method_list"])
        view = getattr(view, "__wrapped__", None)
    return {"GET", "POST"}


CHANGING = sorted({one.name for one in addresses() if not one.name.startswith("api:") and changes_something(one.view)})


def test_every_page_that_changes_something_has_its_operation_or_a_reason() -> None:
    missing = [
        name
        for name in CHANGING
        if name not in COUNTERPARTS and name not in ONLY_PAGES and not any(name.startswith(one) for one in BY_BEGINNING)
    ]
    assert not missing, f"Give these an operation in calcinosis_app/api, or name here why they stay pages: {missing}"


def test_every_page_that_is_read_has_its_operation_or_a_reason() -> None:
    reading = {one.name for one in addresses() if not one.name.startswith("api:") and not changes_something(one.view)}
    missing = {name for name in reading if not name.startswith(tuple(BY_BEGINNING))} - READ_BY.keys() - READ_BY_PEOPLE.keys()
    assert not missing, f"Give these an operation in calcinosis_app/api, or name here why they are only read: {sorted(missing)}"
    assert {*READ_BY, *READ_BY_PEOPLE} <= reading
    assert len(reading) > 40


def test_every_named_operation_is_there_and_every_name_is_a_page() -> None:
    there = {one["operationId"] for path in document()["paths"].values() for one in path.values()}
    named = {one for said in (*COUNTERPARTS.values(), *READ_BY.values()) for one in ([said] if isinstance(said, str) else said)}
    assert named <= there
    assert {*COUNTERPARTS, *ONLY_PAGES} <= set(CHANGING), sorted({*COUNTERPARTS, *ONLY_PAGES} - set(CHANGING))
    assert len(CHANGING) > 50
