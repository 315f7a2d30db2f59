"""What needs a person now, in groups, by what the person may do."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from calcinosis_app.accounts.models import User
from calcinosis_app.accounts.permissions import CASE_WRITE, PEOPLE_MANAGE, REMINDER_WORK, REVIEW_SIGN, RULES_APPROVE, RULES_EDIT
from calcinosis_app.accounts.policy import may
from calcinosis_app.accounts.selectors import people_of
from calcinosis_app.assessments.selectors import unsigned_of
from calcinosis_app.desk.selectors import drafts_of, outdated_plans, unreviewed
from calcinosis_app.followups.presentation import item
from calcinosis_app.followups.selectors import today_in, waiting_for
from calcinosis_app.patients.models import Case, Patient
from calcinosis_app.rulebooks.bridge import current_release

MOST_REMINDERS = 8


@dataclass(frozen=True)
class Item:
    """One thing to open."""

    url: str
    name: str
    says: str
    urgent: str = ""


@dataclass(frozen=True)
class Group:
    """Things of one kind. `empty` is said when there are none."""

    key: str
    title: str
    items: tuple[Item, ...]
    empty: str


def groups_for(user: User) -> list[Group]:
    """The groups that the person's permissions open, most urgent first."""
    groups = []
    if may(user, REVIEW_SIGN):
        groups += [_outdated(user), _waiting(user), _begun(user)]
    if may(user, REMINDER_WORK):
        groups.append(_reminders(user))
    if may(user, CASE_WRITE):
        groups.append(_drafts(user))
    if may(user, RULES_EDIT) or may(user, RULES_APPROVE):
        groups.append(_rules())
    if may(user, PEOPLE_MANAGE):
        groups.append(_people(user))
    return groups


def _waiting(user: User) -> Group:
    begun = {review.assessment_id for review in unsigned_of(user)}
    items = (
        Item(
            reverse("desk:assessment", args=[one.assessment.pk]),
            _name(one.assessment.case),
            one.types,
            urgent=", ".join(one.emergencies),
        )
        for one in unreviewed(user)
        if one.assessment.pk not in begun
    )
    return Group("unreviewed", "Assessed and not signed", tuple(items), "Every assessment is signed.")


def _begun(user: User) -> Group:
    items = (
        Item(reverse("desk:assessment", args=[review.assessment_id]), _name(review.assessment.case), f"begun {review.started_at:%-d %b %Y}")
        for review in unsigned_of(user)
    )
    return Group("begun", "Your open reviews", tuple(items), "You have no review open.")


def _outdated(user: User) -> Group:
    items = (
        Item(
            reverse("desk:assessment", args=[review.assessment_id]),
            _name(review.assessment.case),
            f"something was recorded after {review.reviewer} signed",
            urgent="outdated",
        )
        for review in outdated_plans(user)
    )
    return Group("outdated", "Signed, but something new arrived", tuple(items), "No signed plan is outdated.")


def _reminders(user: User) -> Group:
    found = waiting_for(user, most=MOST_REMINDERS)
    today = today_in(user.clinic) if user.clinic else timezone.localdate()
    shown = (item(one, today) for one in found.first)
    items = [
        Item(
            reverse("followups:reminder", args=[one.reminder.pk]),
            one.patient.name,
            f"{one.what}, due {one.reminder.due_on:%-d %b %Y}",
            urgent="overdue" if one.standing == "overdue" else "",
        )
        for one in shown
    ]
    if found.overdue + found.due > len(items):
        items.append(Item(reverse("followups:list"), "All reminders", f"{found.overdue} overdue, {found.due} due"))
    return Group("reminders", "Reminders: overdue and due", tuple(items), "Nothing is due today.")


def _drafts(user: User) -> Group:
    items = (
        Item(reverse("desk:entry", args=[case.pk]), _name(case), f"{case.typed} typed, not recorded")  # type: ignore[attr-defined]
        for case in drafts_of(user)
    )
    return Group("drafts", "Typed and not recorded", tuple(items), "Nothing waits to be recorded.")


def _rules() -> Group:
    release = current_release()
    item = Item(
        reverse("rulebooks:overview"), f"Release {release.number}", f"published {release.published_at:%-d %b %Y}; not adopted by any clinic"
    )
    return Group("rules", "Rules", (item,), "")


def _people(user: User) -> Group:
    people = people_of(user.clinic) if user.clinic else ()
    items = tuple(Item(reverse("people:person", args=[person.pk]), person.display_name, person.username) for person in people)
    return Group("people", "People of your clinic", items, "You belong to no clinic, so there is nobody to show.")


def _name(case: Case) -> str:
    patient: Patient = case.patient
    return f"{patient.name} · {case.title or 'case'}"
