"""Whom a difference may touch: the cases of which a changed row's value changed, found in the columns of an index.

What is found may be too many, never too few: a case left out has the same value of every changed row, and so the same assessment.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

from clinical_rules.classification.marks import NEARLY
from clinical_rules.comparison.columns import Section, Units, truths_of
from clinical_rules.comparison.difference import Change
from clinical_rules.comparison.index import Index
from clinical_rules.comparison.inert import is_text
from clinical_rules.comparison.rows import names_beside
from clinical_rules.derive.build import MINOR_SETTINGS
from clinical_rules.quantities import scale
from clinical_rules.release import Release
from clinical_rules.tables import exactly
from clinical_rules.truth import Truth

READ_ALONE = (
    *MINOR_SETTINGS,
    *("drug_list_complete", "obesity", "on_dialysis", "ckd5", "ckd34", "ana_positive", "phosphate_sample_unreliable"),
    *("adjustment_reliable", "adjustment_unreliable"),
)
"""Facts that are read while the pictures are made, besides those that implications and group questions read."""
TYPED = frozenset({"lesion_type", "lesion_status", "calciphylaxis_suspected_or_confirmed"})
"""Facts that become known when a lesion is typed: before that, the tables see them as not known."""
When = Mapping[str, str]


@dataclass(slots=True)
class Selection:
    """The cases to judge again: whole, or only some treatments of them."""

    whole: set[int] = field(default_factory=set)
    options: dict[int, set[str]] = field(default_factory=dict)

    @property
    def cases(self) -> set[int]:
        """All of them."""
        return self.whole | self.options.keys()

    def add_options(self, cases: Iterable[int], treatment: str) -> None:
        """Judge a treatment again in these cases."""
        for case in cases:
            self.options.setdefault(case, set()).add(treatment)


def select(old: Release, new: Release, changes: Sequence[Change], index: Index) -> Selection:
    """The cases that the changes may touch."""
    return _Selector(old, new, index).select([one for one in changes if not is_text(one)])


class _Selector:
    def __init__(self, old: Release, new: Release, index: Index) -> None:
        self.old, self.new, self.index = old, new, index
        self.found = Selection()

    @cached_property
    def everybody(self) -> set[int]:
        return set(range(self.index.count))

    def select(self, changes: Sequence[Change]) -> Selection:
        rows: dict[tuple[str, ...], list[Change]] = {}
        for one in changes:
            rows.setdefault(_row_place(one.place), []).append(one)
        if any(place[0] in ("facts", "laboratory", "conditions", "drugs", "implications", "definitions") for place in rows):
            self.found.whole.update(self.index.special["error"])
        for place, mine in rows.items():
            handle = self.handlers.get(place[0])
            try:
                touched = self.everybody if handle is None else handle(self, place, mine)
            except _Unknown:
                touched = self.everybody
            self.found.whole |= touched
            if len(self.found.whole) == self.index.count:
                break
        return self.found

    # Rows of tables ---------------------------------------------------------------------------------

    def _table_row(self, place: tuple[str, ...], changes: Sequence[Change]) -> set[int]:
        if len(place) != 4 or place[2] != "row":
            return self.everybody
        table, row = place[1], place[3]
        was, now = _row_of(self.old.content["tables"][table]["row"], row), _row_of(self.new.content["tables"][table]["row"], row)
        self._known_in_both(was, now)
        if table not in ("choice", "states") and self._is_typed((was, now)):
            return self.everybody  # read before the type is known, which the columns know
        by_table: dict[str, Callable[[Any, Any, bool], set[int]]] = {
            "choice": self._choice,
            "classification": self._classification,
            "emergencies": self._emergency,
            "leading": self._leading,
            "not_calcinosis": self._when_sure,
            "states": self._when_sure,
        }
        is_more = any(one.place == place or one.place[4] != "when" for one in changes)
        return by_table[table](was, now, is_more)

    def _choice(self, was: Any, now: Any, is_more: bool) -> set[int]:
        found: set[int] = set()
        for name in ("lesion", "led"):
            section = self.index.sections[name]
            if is_more:
                found |= section.cases(self._row(section, was)[1] | self._row(section, now)[1])
            found |= section.cases(self._turned(section, was, now, asks=True))
        return found

    def _classification(self, was: Any, now: Any, is_more: bool) -> set[int]:
        section = self.index.sections["lesion"]
        units = self._turned(section, was, now, asks=False)
        if is_more:
            units |= self._row(section, was)[1] | self._row(section, now)[1]
        # Which question is the best, and what a leading type assumes, depends on the whole table.
        return section.cases(units) | set(self.index.undecided)

    def _emergency(self, was: Any, now: Any, is_more: bool) -> set[int]:
        found = self._when_sure(was, now, is_more)
        # Of what is contradictory the most alarming value counts, and what rests on it is worked out anew.
        feared = self._doubted(_facts_of(was, now))
        if feared and not is_more:
            section = self.index.sections["lesion"]
            tests = [row["when"] if row else {} for row in (was, now)]
            turned = [fact for fact in dict.fromkeys((*tests[0], *tests[1])) if tests[0].get(fact) != tests[1].get(fact)]
            feared &= section.cases(self._asks_otherwise(section, tests[0], tests[1])) | self._doubted(turned)
        return found | feared

    def _doubted(self, facts: Iterable[str]) -> set[int]:
        beneath = {one for fact in facts for release in (self.old, self.new) if fact in release.facts for one in release.rests_on(fact)}
        return {case for fact in beneath for case in self.index.doubted.get(fact, ())}

    def _when_sure(self, was: Any, now: Any, is_more: bool) -> set[int]:
        section = self.index.sections["lesion"]
        before, after = self._row(section, was)[0], self._row(section, now)[0]
        return section.cases(before | after if is_more else before ^ after)

    def _leading(self, was: Any, now: Any, is_more: bool) -> set[int]:
        """Read over what is surely so: anything else counts as false, or as not applicable."""
        section = self.index.sections["lesion"]
        before, after = self._surely_read(section, was), self._surely_read(section, now)
        return section.cases(before | after if is_more else before ^ after) & set(self.index.undecided)

    def _surely_read(self, section: Section, row: Any) -> Units:
        if row is None:
            return 0
        found = section.all
        for fact, test in row["when"].items():
            domain = self.old.domains[fact]
            values = section.values(fact)
            if domain.kind == "boolean":
                sure = [exactly(one == exactly(True)) for one in values]
                truths = truths_of(sure, fact, test, domain)
            else:
                single = [one is not None and len(one.values or ()) == 1 and not one.not_applicable for one in values]
                truths = tuple(is_single and truth for is_single, truth in zip(single, truths_of(values, fact, test, domain), strict=True))
            if test == "-":
                continue
            found &= section.where(fact, [one is True for one in truths])
        return found

    # Treatments -------------------------------------------------------------------------------------

    def _treatment(self, place: tuple[str, ...], changes: Sequence[Change]) -> set[int]:
        name = place[1]
        if len(place) > 2 and place[2] == "treatment":
            return self._treatment_head(name, changes)
        if len(place) != 4 or place[2] != "gate":
            return self.everybody
        was, now = (_row_of(one.content["treatments"][name].get("gate", ()), place[3], "row") for one in (self.old, self.new))
        was, now = (row if row is not None and row["stage"] == "start" else None for row in (was, now))
        self._known_in_both(was, now)
        section = self.index.sections["any" if self.old.treatments[name].scope == "patient" else "lesion"]
        if any(one.place == place or one.place[4] != "when" for one in changes):
            units = self._row(section, was)[1] | self._row(section, now)[1]
        else:
            units = self._turned(section, was, now, asks=False)
            if set(was["when"] if was else ()) != set(now["when"] if now else ()):
                # An open gate asks for all its facts, in the order of their names.
                units |= self._row(section, was)[1] & ~self._row(section, was)[0]
        self.found.add_options(section.cases(units), name)
        return set()

    def _treatment_head(self, name: str, changes: Sequence[Change]) -> set[int]:
        """What makes a treatment a specialist's or elective matters where it is put forward."""
        if any(one.place[3] not in ("elective", "specialist", "child_specialist") for one in changes):
            return self.everybody
        self.found.add_options(self.everybody, name)
        return set()

    # What facts rest on -----------------------------------------------------------------------------

    def _definition(self, place: tuple[str, ...], changes: Sequence[Change]) -> set[int]:
        key = place[1]
        was, now = self._block("definitions", "fact", key), self._block("definitions", "fact", key, is_new=True)
        lists = {one.place[2] for one in changes if len(one.place) > 2}
        if was is None or now is None or not lists <= {"any", "first"} or any(len(one.place) < 4 for one in changes):
            return self.everybody
        kind = next(iter(lists))
        names = dict.fromkeys(one.place[3] for one in changes)
        sections = ("patient",) if was["scope"] == "patient" else ("lesion", "led")
        old_lines = dict(enumerate(was[kind], 1))
        new_lines = _named_lines(kind, was[kind], now[kind])
        for line in (*was[kind], *now[kind]):
            self._known_in_both(_tests(line))
        pairs = [(_tests(old_lines.get(_number(name))), _tests(new_lines.get(name))) for name in names]
        if any(one.kind == "moved" or (len(one.place) > 4 and one.place[4] == "is") for one in changes):
            pairs += [(one, None) for one, _ in pairs] + [(None, other) for _, other in pairs]
        early = key in self.read_early
        # Where findings contradict each other the tables are also read with one of them; and nothing is assumed about what rests on them.
        is_other = self.old.rests_on(key) != self.new.rests_on(key)
        doubted = {case for some in self.index.doubted.values() for case in some} if is_other else self._doubted([key])
        found = doubted if is_other else self._doubted(_facts_of(*(row for pair in pairs for row in pair)))
        for name in sections:
            section = self.index.sections[name]
            units = 0
            for before, after in pairs:
                if early or self._is_typed((before, after)):
                    units |= self._differs_at_some_stage(section, before, after)
                else:
                    units |= self._turned(section, before, after, asks=True)
                    if kind == "first":  # what an open value may be depends on all rows that are open
                        for row in (before, after):
                            sure, possible = self._row(section, row)
                            units |= possible & ~sure
            if units and kind == "any" and not early:
                found |= section.cases(units) & doubted
                untouched = [line for number, line in old_lines.items() if str(number) not in names]
                for line in untouched:
                    if not self._is_typed((line,)):
                        units &= ~self._row(section, {"when": line})[0]
            found |= section.cases(units)
        return found

    @cached_property
    def read_early(self) -> frozenset[str]:
        """Everything that is read while the pictures are made, down to what it rests on."""
        waiting, found = list(READ_ALONE), set[str]()
        for release in (self.old, self.new):
            waiting += [fact for some in release.implications.values() for one in some for fact in one.test.facts]
            waiting += [fact.applies for fact in release.facts.values() if fact.applies]
            for group in (one for some in release.groups.values() for one in some):
                tests = [fact for table in (group.true_when, group.false_when) if table is not None for fact in table.facts]
                waiting += [group.fact, *group.members, *group.both, *tests]
        while waiting:
            key = waiting.pop()
            if key not in found:
                found.add(key)
                for release in (self.old, self.new):
                    definition = release.definitions.get(key)
                    waiting += definition.table.facts if definition is not None and definition.table is not None else ()
        return frozenset(found)

    def _implication(self, place: tuple[str, ...], changes: Sequence[Change]) -> set[int]:
        was, now = self._block("implications", "id", place[1]), self._block("implications", "id", place[1], is_new=True)
        if len(place) < 2 or any(one.kind == "moved" for one in changes):
            return self.everybody
        tests = [one["if"] if one else None for one in (was, now)]
        self._known_in_both(*({"when": one} for one in tests if one is not None))
        if was is None or now is None or any(len(one.place) < 3 or one.place[2] != "if" for one in changes):
            # It follows where the tests surely hold in the end, unless a fact among them turned from no to yes on the way.
            given: list[When] = [one for one in tests if one is not None]
            if any(self._may_turn(fact) for one in given for fact in one):
                return self.everybody
            found: set[int] = set()
            for name in ("patient", "lesion"):
                section = self.index.sections[name]
                for when in given:
                    found |= section.cases(self._row(section, {"when": when})[0])
            return found
        if any(self._may_turn(fact) for one in tests for fact in one or ()):
            return self.everybody
        return set().union(*(self._section_stages(name, tests[0], tests[1]) for name in ("patient", "lesion")))

    def _section_stages(self, name: str, before: When | None, after: When | None) -> set[int]:
        section = self.index.sections[name]
        return section.cases(self._differs_at_some_stage(section, before, after))

    def _may_turn(self, fact: str) -> bool:
        """Whether a fact may first be no and then yes while pictures are made: a group question, or what counts only when sure."""
        described = self.old.facts[fact]
        definition = self.old.definitions.get(fact)
        if definition is not None:
            facts = definition.table.facts if definition.table is not None else ()
            return definition.only_when_sure or any(self._may_turn(one) for one in facts)
        return bool(described.members or described.true_when or described.false_when or described.both)

    def _fact(self, place: tuple[str, ...], changes: Sequence[Change]) -> set[int]:
        fields = {one.place[2] if len(one.place) > 2 else "" for one in changes}
        if not fields <= {"shelf_life_days", "soft", "label", "synonyms"}:
            return self.everybody
        found = set(self.index.special["error"])
        if fields & {"label", "soft"}:
            found.update(self.index.special["warned"])
        if fields & {"shelf_life_days", "soft"}:
            found.update(self.index.stated.get(place[1], ()))
        return found

    def _condition(self, place: tuple[str, ...], changes: Sequence[Change]) -> set[int]:
        fields = {one.place[2] if len(one.place) > 2 else "" for one in changes}
        if not fields <= {"label", "synonyms"}:
            return self.everybody
        return {*self.index.special["error"], *self.index.special["warned"]}

    def _laboratory(self, place: tuple[str, ...], changes: Sequence[Change]) -> set[int]:
        key = place[1]
        found = set(self.index.special["error"])
        for one in changes:
            field_name = one.place[2] if len(one.place) > 2 else ""
            if field_name in ("name", "synonyms", "unit_error_hint"):
                found.update(self.index.special["warned"])
            elif field_name == "bands" and len(one.place) > 4 and one.place[4] in ("reference", "soft") and _both_pairs(one):
                found |= self._limits(key, one)
            elif field_name == "bands":
                found.update(self.index.stated.get(key, ()))
                found.update(self.index.stated.get("ca_total", ()) if key in ("ca_adjusted", "albumin") else ())
            else:
                return self.everybody
        return found

    def _limits(self, key: str, change: Change) -> set[int]:
        """The cases with a number between the old limit and the new one, or that are compared with them in another way."""
        found: set[int] = set()
        precision = self.old.facts[key].precision
        for end, (was, now) in enumerate(zip(change.before, change.after, strict=True)):
            if was == now:
                continue
            if was in (None, "") or now in (None, ""):
                return {*self.index.stated.get(key, ()), *self.index.stated.get("ca_total", ())}
            low, high = sorted(Fraction(one) for one in (was, now))
            found |= self._between(key, scale(low, precision), scale(high, precision), is_high=end == 1)
            if change.place[4] == "reference":
                # A result barely above its range, a twentieth more, is provisional while it was raised once.
                nearly = self._between(key, scale(low * NEARLY, precision) - 1, scale(high * NEARLY, precision) + 1, is_high=True)
                found |= nearly & set(self.index.special["raised_once"])
                # Whether older results were raised is compared exactly, not as rounded.
                around = self._between(key, scale(low, precision) - 1, scale(high, precision) + 1, is_high=True)
                found |= around & set(self.index.special["several_results"])
        stated = {fact: set(self.index.stated.get(fact, ())) for fact in (key, "ca_total", "albumin")}
        if change.place[4] == "soft":
            # Without an albumin, calcium is adjusted over the usual values of albumin.
            found |= stated[key] | (stated["ca_total"] if key == "albumin" else set())
        elif self._widest(self.old, key) != self._widest(self.new, key):
            found.update(self.index.own_limits.get(key, ()))  # a range beyond every age's is that of another test
        if key == "ca_adjusted":
            found |= stated[key] & stated["ca_total"] & stated["albumin"]
            found.update(self.index.special["several_results"])
        return found

    @staticmethod
    def _widest(release: Release, key: str) -> tuple[Fraction | None, Fraction | None]:
        bands = release.facts[key].bands
        lows, highs = [band.low for band in bands if band.low is not None], [band.high for band in bands if band.high is not None]
        return min(lows, default=None), max(highs, default=None)

    def _between(self, key: str, low: int, high: int, *, is_high: bool) -> set[int]:
        """The cases with a number that one of two limits includes and the other does not."""
        values, cases = self.index.numbers.get(key, ((), ()))
        find = bisect_right if is_high else bisect_left
        return set(cases[find(values, low) : find(values, high)])

    # Lists ------------------------------------------------------------------------------------------

    def _list_row(self, place: tuple[str, ...], changes: Sequence[Change]) -> set[int]:
        if len(place) < 3:
            return self.everybody
        if place[1] == "follow_up":
            is_window = all(len(one.place) > 3 and one.place[3] in ("first_due_days", "repeat_days") for one in changes)
            return set(self.index.scheduled.get(place[2], ())) if is_window else self.everybody
        was, now = (_row_of(one.content["lists"][place[1]], place[2], "row") for one in (self.old, self.new))
        section = self.index.sections["lesion"]
        sure = [self._any_line(section, row) for row in (was, now)]
        scopes = [{self.old.facts[fact].scope for line in _lines(row) for fact in line if fact in self.old.facts} for row in (was, now)]
        return section.cases(sure[0] ^ sure[1] if scopes[0] == scopes[1] and was and now else sure[0] | sure[1])

    def _any_line(self, section: Section, row: Any) -> Units:
        if row is None:
            return 0
        lines = _lines(row)
        if not lines:
            return section.all
        found = 0
        for line in lines:
            self._known_in_both({"when": line})
            found |= self._row(section, {"when": line})[0]
        return found

    # Row values -------------------------------------------------------------------------------------

    def _row(self, section: Section, row: Any) -> tuple[Units, Units]:
        return (0, 0) if row is None else section.row(row["when"], self.old.domains)

    def _turned(self, section: Section, was: Any, now: Any, *, asks: bool) -> Units:
        """The units in which a row turned; with ``asks`` also those where it stays open but asks for something else."""
        before, after = self._row(section, was), self._row(section, now)
        found = (before[0] ^ after[0]) | (before[1] ^ after[1])
        if asks:
            is_open = before[1] & ~before[0] & after[1] & ~after[0]
            if is_open:
                found |= is_open & self._asks_otherwise(section, was["when"] if was else {}, now["when"] if now else {})
        return found

    def _asks_otherwise(self, section: Section, was: When, now: When) -> Units:
        found = 0
        for fact in dict.fromkeys((*was, *now)):
            if was.get(fact) != now.get(fact):
                truths = [self._truths(section, fact, one.get(fact)) for one in (was, now)]
                found |= section.where(fact, [one is not other for one, other in zip(*truths, strict=True)])
        return found

    def _truths(self, section: Section, fact: str, test: str | None) -> Sequence[Truth]:
        values = section.values(fact)
        return (True,) * len(values) if test is None else truths_of(values, fact, test, self.old.domains[fact])

    def _differs_at_some_stage(self, section: Section, before: Any, after: Any) -> Units:
        """Where a changed test differs on what is known in the end, on nothing known, or on a no that was known before.

        Where it does not, everything that was worked out on the way is the same.
        """
        if before is None or after is None:
            return section.all
        was, now = before.get("when", before), after.get("when", after)
        found = 0
        for fact in dict.fromkeys((*was, *now)):
            if was.get(fact) == now.get(fact):
                continue
            values = section.values(fact)
            truths = [self._truths(section, fact, one.get(fact)) for one in (was, now)]
            differ = [one is not other for one, other in zip(*truths, strict=True)]
            if differ[0] or (self._may_turn(fact) and any(differ)):
                return section.all
            found |= section.where(fact, differ) if len(values) > 1 else 0
        return found

    def _is_typed(self, rows: Iterable[Any]) -> bool:
        facts = {fact for row in rows if row for fact in (row["when"] if isinstance(row.get("when"), Mapping) else row)}
        return any(not self.old.rests_on(fact).isdisjoint(TYPED) for fact in facts if fact in self.old.facts)

    def _known_in_both(self, *rows: Any) -> None:
        """A row that reads a fact of which the index has no column cannot be told from it."""
        for row in rows:
            for fact in row["when"] if row else ():
                if fact not in self.old.domains:
                    raise _Unknown
                if self.new.domains.get(fact) != self.old.domains[fact]:
                    raise _Unknown

    def _block(self, part: str, name: str, key: str, *, is_new: bool = False) -> Any:
        return _row_of((self.new if is_new else self.old).content[part], key, name)

    handlers: Mapping[str, Callable[["_Selector", tuple[str, ...], Sequence[Change]], set[int]]] = {
        "tables": _table_row,
        "treatments": _treatment,
        "definitions": _definition,
        "implications": _implication,
        "facts": _fact,
        "conditions": _condition,
        "drugs": _condition,
        "laboratory": _laboratory,
        "lists": _list_row,
    }


class _Unknown(Exception):
    """The index does not know a fact that a changed row reads."""


def _row_place(place: tuple[str, ...]) -> tuple[str, ...]:
    """What changes together: the row that a changed cell belongs to."""
    if place[0] in ("tables", "treatments"):
        return place[:3] if len(place) > 2 and place[2] in ("table", "treatment") else place[:4]
    return place[:3] if place[0] == "lists" else place[:2]


def _row_of(rows: Iterable[Mapping[str, Any]], key: str, name: str = "id") -> Any:
    found = [one for one in rows if one.get(name) == key]
    if len(found) > 1 or "#" in key:
        raise _Unknown
    return found[0] if found else None


def _facts_of(*rows: Any) -> set[str]:
    return {fact for row in rows if row for fact in row["when"]}


def _lines(row: Any) -> list[Mapping[str, str]]:
    if row is None:
        return []
    return list(row.get("any") or ([row["when"]] if row.get("when") else []))


def _tests(line: Any) -> Any:
    """A line of a definition as a row."""
    if line is None:
        return None
    return {"when": line["when"] if "is" in line and isinstance(line.get("when"), Mapping) else line}


def _both_pairs(change: Change) -> bool:
    return all(isinstance(one, list) and len(one) == 2 for one in (change.before, change.after))


def _number(name: str) -> int:
    return int(name) if name.isdigit() else 0


def _named_lines(kind: str, old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    return dict(zip(names_beside(("definitions", "", kind), old, new), new, strict=True))
