"""What needs a person now, in groups, by what the person may do."""

from dataclasses import dataclass
from textwrap import shorten

from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.timezone import localtime

from calcinosis_app.accounts.models import User
from calcinosis_app.accounts.permissions import (
    ACCESS_WATCH,
    CASE_WRITE,
    EMERGENCY_READ,
    PATIENT_TRANSFER,
    PEOPLE_MANAGE,
    REMINDER_WORK,
    REVIEW_SIGN,
    RULES_APPROVE,
    RULES_EDIT,
    SYSTEM_READ,
)
from calcinosis_app.accounts.policy import may
from calcinosis_app.accounts.selectors import emergencies_to_see, live_emergencies_of, people_of
from calcinosis_app.assessments.models import Review
from calcinosis_app.assessments.selectors import corrected_after, outdated_by, unsigned_of
from calcinosis_app.desk.selectors import Assessed, drafts_of, outdated_plans, unreviewed
from calcinosis_app.desk.watching import openings, records
from calcinosis_app.followups.presentation import item
from calcinosis_app.followups.selectors import today_in, waiting_for
from calcinosis_app.patients.models import Case, Patient
from calcinosis_app.patients.selectors import transfers_in
from calcinosis_app.rulebooks.bridge import current_release
from calcinosis_app.watching.models.alarm import Kind
from calcinosis_app.watching.presentation.sources import due_sources
from calcinosis_app.watching.presentation.table import Chosen, Table
from calcinosis_app.watching.selectors import open_alarms

MOST_REMINDERS = 8
MOST_WATCHED = 5
# One line of the list; the whole text stands on the page behind it.
LONGEST_TEXT = 80


@dataclass(frozen=True)
class Mark:
    """What is grave about a thing, in a word."""

    text: str
    tone: str = "warning"


OVERDUE = Mark("overdue", "danger")
OUTDATED = Mark("plan outdated")


@dataclass(frozen=True)
class Item:
    """One thing to open, and by when or since when."""

    url: str
    name: str
    says: str
    when: str = ""
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True)
class Group:
    """Things of one kind. `empty` is said when there are none; `waits` is false for what is only good to know."""

    key: str
    title: str
    items: tuple[Item, ...]
    empty: str
    waits: bool = True


def groups_for(user: User) -> list[Group]:
    """The groups that the person's permissions open, most urgent first."""
    groups = [_open_emergencies(user)] if may(user, EMERGENCY_READ) else []
    signs = may(user, REVIEW_SIGN)
    waiting = _unsigned(user) if signs else []
    if signs:
        groups += [_emergencies(waiting), _outdated(user)]
    if may(user, ACCESS_WATCH):
        groups.append(_emergencies_to_see(user))
    if may(user, PATIENT_TRANSFER):
        groups.append(_offered(user))
    if may(user, REMINDER_WORK):
        groups.append(_reminders(user))
    if signs:
        groups += _calm(waiting)
    if may(user, CASE_WRITE):
        groups.append(_drafts(user))
    if may(user, RULES_EDIT) or may(user, RULES_APPROVE):
        groups += [_alarms(Kind.ANSWER, Kind.SILENT, Kind.TOUCHED), *_watched(user), _rules()]
    elif may(user, SYSTEM_READ):
        groups.append(_alarms(Kind.TOUCHED))
    if may(user, PEOPLE_MANAGE):
        groups.append(_people(user))
    return groups


def _open_emergencies(user: User) -> Group:
    live = list(live_emergencies_of(user))
    whose = records(live)
    items = tuple(
        Item(
            reverse("patients:patient", args=[one.record_id]),
            whose[one.record_id].name,
            f"{one.clinic}: reading only",
            when=f"until {localtime(one.until):%-d %b, %H:%M}",
        )
        for one in live
        if one.record_id in whose
    )
    return Group("emergency_access", "Your emergency access", items, "")  # seldom anything, so nothing is said of nothing


def _emergencies_to_see(user: User) -> Group:
    items = tuple(
        Item(
            f"{reverse('access:list')}#access-{one.access.pk}",
            capfirst(one.whose),
            f"{one.access.user}, {one.access.user.clinic or 'no clinic'}: {shorten(one.access.reason, LONGEST_TEXT, placeholder=' …')}",
            when=f"{localtime(one.access.opened_at):%-d %b %Y, %H:%M}",
            marks=(Mark("emergency access", "danger"),),
        )
        for one in openings(user, emergencies_to_see(user.clinic) if user.clinic else ())
    )
    return Group("emergencies_to_see", "Your patients, opened by another clinic", items, "")


def _offered(user: User) -> Group:
    items = tuple(
        Item(
            reverse("access:transfer", args=[one.pk]),
            f"From {one.from_clinic}",
            shorten(one.reason, LONGEST_TEXT, placeholder=" …"),
            when=f"{localtime(one.offered_at):%-d %b %Y}",
        )
        for one in transfers_in(user).filter(end="")
    )
    return Group("offered", "Patients offered to your clinic", items, "")


@dataclass(frozen=True)
class _Unsigned:
    """An assessment that nobody has signed. `begun` says when this person began its review, if so."""

    assessed: Assessed
    begun: str = ""

    @property
    def item(self) -> Item:
        assessment = self.assessed.assessment
        return Item(
            reverse("desk:assessment", args=[assessment.pk]),
            _name(assessment.case),
            self.assessed.types,
            when=self.begun,
            marks=tuple(Mark(one, "danger") for one in self.assessed.emergencies),
        )


def _unsigned(user: User) -> list[_Unsigned]:
    begun = [
        _Unsigned(Assessed(one.assessment, ()), f"your review begun {localtime(one.started_at):%-d %b %Y}") for one in unsigned_of(user)
    ]
    named = {one.assessed.assessment.pk for one in begun}
    return [*begun, *(_Unsigned(one) for one in unreviewed(user) if one.assessment.pk not in named)]


def _emergencies(waiting: list[_Unsigned]) -> Group:
    items = tuple(one.item for one in waiting if one.assessed.emergencies)
    return Group("emergencies", "Emergencies, not signed", items, "No emergency waits for a signature.")


def _calm(waiting: list[_Unsigned]) -> list[Group]:
    calm = [one for one in waiting if not one.assessed.emergencies]
    begun, unreviewed_yet = (tuple(one.item for one in calm if bool(one.begun) is is_begun) for is_begun in (True, False))
    return [
        Group("begun", "Your open reviews", begun, "You have no review open."),
        Group("unreviewed", "Assessed and not signed", unreviewed_yet, "Every assessment is signed or in review."),
    ]


def _outdated(user: User) -> Group:
    items = (
        Item(
            reverse("desk:assessment", args=[review.assessment_id]),
            _name(review.assessment.case),
            _why_outdated(review),
            marks=(OUTDATED,),
        )
        for review in outdated_plans(user)
    )
    return Group("outdated", "Plans outdated", tuple(items), "No signed plan is outdated.")


def _why_outdated(review: Review) -> str:
    if outdated_by(review).exists():
        what = "Something was recorded"
    else:
        what = "Birth date or sex were corrected" if corrected_after(review) else "The patient was merged or unmerged"
    return f"{what} after {review.reviewer} signed."


def _reminders(user: User) -> Group:
    found = waiting_for(user, most=MOST_REMINDERS)
    today = today_in(user.clinic) if user.clinic else timezone.localdate()
    shown = (item(one, today) for one in found.first)
    items = [
        Item(
            reverse("followups:reminder", args=[one.reminder.pk]),
            one.patient.name,
            shorten(one.what, LONGEST_TEXT, placeholder="\u00a0…"),
            when=one.when if one.standing == "overdue" else f"due {one.when}",
            marks=tuple(mark for mark, holds in ((OVERDUE, one.standing == "overdue"), (OUTDATED, one.plan_outdated)) if holds),
        )
        for one in shown
    ]
    if found.overdue + found.due > len(items):
        items.append(Item(reverse("followups:list"), "All reminders", f"{found.overdue} overdue, {found.due} due"))
    return Group("reminders", "Reminders: overdue and due", tuple(items), "Nothing is due today.")


def _drafts(user: User) -> Group:
    items = (
        Item(reverse("desk:entry", args=[case.pk]), _name(case), f"{case.typed} typed, not recorded")  # type: ignore[attr-defined]  # counted by the query
        for case in drafts_of(user)
    )
    return Group("drafts", "Typed and not recorded", tuple(items), "Nothing waits to be recorded.")


def _rules() -> Group:
    release = current_release()
    item = Item(
        reverse("rulebooks:overview"),
        f"Release {release.number}",
        f"published {localtime(release.published_at):%-d %b %Y}; not adopted by any clinic",
    )
    return Group("rules", "Rules", (item,), "", waits=False)


def _alarms(*kinds: Kind) -> Group:
    items = tuple(
        Item(
            reverse("watching:alarm", args=[one.pk]),
            Kind(one.kind).label,
            one.says,
            when=f"since {localtime(one.raised_at):%-d %b %Y, %H:%M}",
            marks=(Mark("alarm", "danger"),),
        )
        for one in open_alarms(*kinds)
    )
    return Group("alarms", "Alarms of the rules", items, "No answer changed, no row went silent, nothing was touched.")


def _watched(user: User) -> list[Group]:
    """Rows that ask for a review, and sources that are due."""
    table = Table(user, Chosen.of(user, {}))
    asking = tuple(
        Item(f"{reverse('watching:row', args=[row.id])}?{table.chosen.query}", row.id, why) for row, why in table.asking[:MOST_WATCHED]
    )
    due = due_sources(table.chosen.rules, user.clinic)
    sources = [Item(reverse("watching:source", args=[one.key]), one.key, one.why) for one in due[:MOST_WATCHED]]
    if len(due) > len(sources):
        sources.append(Item(reverse("watching:sources"), "All sources", f"{len(due)} to look at again"))
    return [
        Group("asking", "Rows that ask for a review", asking, "No row is declined or overridden clearly more often than its peers."),
        Group("sources", "Sources to look at again", tuple(sources), "No source is due."),
    ]


def _people(user: User) -> Group:
    people = people_of(user.clinic) if user.clinic else ()
    items = tuple(Item(reverse("people:person", args=[person.pk]), person.display_name, person.username) for person in people)
    return Group("people", "People of your clinic", items, "You belong to no clinic, so there is nobody to show.", waits=False)


def _name(case: Case) -> str:
    patient: Patient = case.patient.survivor
    return f"{patient.name} · {case.title or 'case'}"
