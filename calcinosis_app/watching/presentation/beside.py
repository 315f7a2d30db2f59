"""What stands beside a row on the pages of the rules."""

from django.urls import reverse

from calcinosis_app.accounts.models import User
from calcinosis_app.rulebooks.beside import Beside
from calcinosis_app.rulebooks.bridge import Rules
from calcinosis_app.rulebooks.selectors import numbered_release
from calcinosis_app.watching.periods import ALL
from calcinosis_app.watching.reader import scopes_of
from calcinosis_app.watching.rows import counted_rows
from calcinosis_app.watching.selectors import counts, shares


def beside_rows(user: User, rules: Rules) -> dict[str, Beside]:
    """By row, how often it counted under this release, as this person may know it; nothing before anything was counted."""
    scope, release = scopes_of(user)[0], numbered_release(rules.number)
    if release is None:
        return {}
    found = counts(shares(release, scope.clinic, None))
    known = counted_rows(rules)
    said = {}
    for row, of in found.items():
        if row in known:
            fired = f"fired in {_cases(scope.say(of.fired, at_least=known[row].at_least))}"
            text = fired if not of.decided else f"{fired}; decided about in {scope.say(of.decided)}, against it in {scope.say(of.against)}"
            said[row] = Beside(text, f"{reverse('watching:row', args=[row])}?release={rules.number}&period={ALL}")
    return said


def _cases(number: str) -> str:
    return f"{number} case{'' if number == '1' else 's'}"
