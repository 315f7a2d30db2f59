"""For each row of the release: a patient of whom it holds, just inside, and for each of its tests one who just fails it.

What is expected follows from the row alone: it holds where all its tests do, and fails where one does. Whether a row says what the
dossier says is another test (`tests/rules/test_ledger.py`).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from clinical_rules.assessment import assess
from clinical_rules.release import Release
from tests.rules.boundary.edges import around
from tests.rules.boundary.witnesses import DAY, Composer, Found, When

ONLY_IF_LISTED = {"dialysis_optimise", "cinacalcet", "parathyroidectomy"}


@dataclass(slots=True)
class Scenario:
    """One patient with one lesion, and what a row says of them."""

    row: str
    why: str
    case: dict[str, Any]
    expected: dict[str, Any]


@dataclass(slots=True)
class Maker:
    """Makes the scenarios of one release; ``missing`` names those for which no patient was found."""

    release: Release
    composer: Composer
    missing: list[tuple[str, str, bool]] = field(default_factory=list)

    def all(self) -> Iterator[Scenario]:
        for name in ("not_calcinosis", "classification", "leading", "emergencies", "choice", "states"):
            for row in self.release.content["tables"][name]["row"]:
                yield from self._row(name, row)
        yield from self._held_back()
        yield from self._definitions()
        yield from self._implications()
        yield from self._questions()
        yield from self._lists()
        yield from self._options()

    def _found(self, row: str, why: str, tests: When, unless: Iterable[When] = ()) -> Found:
        found = self.composer.of(tests, unless)
        if found.case is None:
            self.missing.append((row, why, found.impossible))
        return found

    def _first(self, row: str, why: str, tests: When, *exempt: Iterable[When]) -> tuple[int, dict[str, Any]] | None:
        """The strictest of several wishes that some patient meets, and which it is."""
        for number, unless in enumerate(exempt):
            found = self.composer.of(tests, unless)
            if found.case is not None:
                return number, found.case
        self.missing.append((row, why, found.impossible))
        return None

    # Tables -----------------------------------------------------------------------------------------

    def _row(self, table: str, row: Mapping[str, Any]) -> Iterator[Scenario]:
        for holds, why, tests in around(row["when"], self.release.domains):
            word = "holds" if holds else "fails"
            expected: dict[str, Any] = {"rows": {"L1": {row["id"]: word}}}
            found = self._first(row["id"], why, tests, *((self._others(table, row), ()) if holds else ((),)))
            if found is None:
                continue
            strictness, case = found
            if holds and strictness == 0:
                expected |= self._outcome(table, row, case)
            yield Scenario(row["id"], why, case, expected)

    def _others(self, table: str, row: Mapping[str, Any]) -> list[When]:
        """Rows that must not hold as well, so that what follows is this row's doing."""
        tables = self.release.content["tables"]
        neighbours = [one["when"] for one in tables["not_calcinosis"]["row"]]
        calciphylaxis = [one["when"] for one in tables["emergencies"]["row"] if one["key"] == "calciphylaxis"]
        rows = tables[table]["row"]
        if table == "classification":
            return [one["when"] for one in rows[: rows.index(row)]] + neighbours + calciphylaxis
        if table == "leading":
            return [one["when"] for one in rows[: rows.index(row)]] + neighbours
        if table == "not_calcinosis":
            return calciphylaxis
        if table == "emergencies":
            return [one["when"] for one in rows if one["key"] != row["key"]]
        if table == "choice" and not row.get("always"):
            rank = row.get("exclusive")
            return [
                one["when"] for one in rows if one.get("exclusive") and one["id"] != row["id"] and (rank is None or one["exclusive"] < rank)
            ]
        return []

    def _outcome(self, table: str, row: Mapping[str, Any], case: Mapping[str, Any]) -> dict[str, Any]:
        if table == "classification":
            return {"type": {"L1": row["then"]["type"]}}
        if table == "not_calcinosis":
            return {"type": {"L1": "not_calcinosis"}}
        if table == "choice":
            return {"offers": {row["id"]: list(row["offer"])}}
        if table == "states":
            checks = [one["row"] for one in self.release.content["lists"]["follow_up"] if one.get("condition") == row["condition"]]
            return {"schedule": checks}
        if table == "emergencies":
            place = "L1" if row["scope"] == "lesion" else "patient"
            forward = [one for one in row.get("forward", ()) if one not in ONLY_IF_LISTED]
            return {"flags": {place: [row["key"]]}, "offers": {row["id"]: forward}}
        leading = assess(case, self.release, today=DAY).lesions[0]
        if leading.status == "open" and leading.leading is not None and leading.leading.type == row["then"]["type"]:
            return {"leading": {"L1": row["then"]["type"]}}
        return {}

    def _held_back(self) -> Iterator[Scenario]:
        """An exclusive row that holds leaves the rows below it out, but not those that always count."""
        rows = self.release.content["tables"]["choice"]["row"]
        exclusive = [one for one in rows if one.get("exclusive")]
        for first in exclusive:
            for row in rows:
                if row is first or not row["offer"] or (row.get("exclusive") or 99) <= first["exclusive"]:
                    continue
                if any(first["when"].get(fact, test) != test for fact, test in row["when"].items() if fact != "lesion_type"):
                    continue
                tests = _both(first["when"], row["when"])
                higher = [one["when"] for one in exclusive if one["exclusive"] < first["exclusive"]]
                found = self.composer.of(tests, higher) if tests is not None else None
                if found is not None and found.case is not None:
                    held = [] if not row.get("always") else list(row["offer"])
                    rows_hold = {first["id"]: "holds", row["id"]: "holds"}
                    yield Scenario(
                        row["id"],
                        f"{first['id']} holds too",
                        found.case,
                        {"rows": {"L1": rows_hold}, "offers": {row["id"]: held, first["id"]: list(first["offer"])}},
                    )

    # What facts rest on -----------------------------------------------------------------------------

    def _definitions(self) -> Iterator[Scenario]:
        for block in self.release.content["definitions"]:
            key, place = block["fact"], "patient" if block["scope"] == "patient" else "L1"
            if "first" in block:
                yield from self._first_lines(key, place, block["first"])
            else:
                yield from self._any_lines(key, place, block["any"], is_sure=block.get("only_when_sure", False))

    def _any_lines(self, key: str, place: str, lines: list[When], *, is_sure: bool) -> Iterator[Scenario]:
        for number, line in enumerate(lines, 1):
            others = [one for one in lines if one is not line]
            for holds, why, tests in around(line, self.release.domains):
                name = f"{key} line {number}"
                if holds:
                    found = self._found(name, why, tests, others)
                    value: Any = True
                elif is_sure:
                    found = self._found(name, why, tests, others)
                    value = False
                else:
                    found = self.composer.of({**tests, key: "false"})
                    value = False
                    if found.case is None:
                        found = self._found(name, why, tests, lines)
                        value = None
                if found.case is not None:
                    if value is None:
                        value = self._said(found.case, key)
                    yield Scenario(name, why, found.case, {"facts": {place: {key: value}}})

    def _first_lines(self, key: str, place: str, lines: list[Mapping[str, Any]]) -> Iterator[Scenario]:
        for number, line in enumerate(lines, 1):
            earlier = [one["when"] for one in lines[: number - 1]]
            if not line["when"]:
                found = self._found(f"{key} line {number}", "nothing else holds", {key: line["is"]}, earlier)
                if found.case is not None:
                    yield Scenario(f"{key} line {number}", "nothing else holds", found.case, {"facts": {place: {key: line["is"]}}})
                continue
            for holds, why, tests in around(line["when"], self.release.domains):
                name = f"{key} line {number}"
                wanted = {**tests, key: line["is"]} if holds else {**tests, key: f"not({line['is']})"}
                found = self._found(name, why, wanted, earlier)
                if found.case is not None:
                    value = line["is"] if holds else self._said(found.case, key)
                    yield Scenario(name, why, found.case, {"facts": {place: {key: value}}})

    def _said(self, case: Mapping[str, Any], key: str) -> Any:
        """What is known of a fact of which only a value is ruled out: nothing, no, one code or several."""
        known = assess(case, self.release, today=DAY).pictures.lesions["L1"].get(key)
        if known is None or known.values is None:
            return None
        values = sorted(known.values, key=str)
        return values[0] if len(values) == 1 else values

    def _implications(self) -> Iterator[Scenario]:
        for block in self.release.content["implications"]:
            for holds, why, tests in around(block["if"], self.release.domains):
                if any(fact in tests for fact in block["then"]):
                    continue
                unless = [] if holds else [{fact: test} for fact, test in block["then"].items()]
                found = self._found(block["id"], why, tests, unless)
                if found.case is None:
                    continue
                told = {}
                for fact, test in block["then"].items():
                    place = "patient" if self.release.facts[fact].scope == "patient" else "L1"
                    value: Any = {"true": True, "false": False}.get(test, test) if holds else self._said(found.case, fact)
                    told.setdefault(place, {})[fact] = value
                case = _without(found.case, block["then"]) if holds else found.case
                yield Scenario(block["id"], why, case, {"facts": told})

    def _questions(self) -> Iterator[Scenario]:
        for block in self.release.content["facts"]:
            for kind, value in (("true_when", True), ("false_when", False)):
                lines = block.get(kind, [])
                for number, line in enumerate(lines, 1):
                    for holds, why, tests in around(line, self.release.domains):
                        place = "patient" if block["scope"] == "patient" else "L1"
                        name = f"{block['key']} {kind} {number}"
                        others = [one for one in lines if one is not line]
                        wish = {block["key"]: "true" if value else "false"}
                        found = self._found(name, why, tests, others) if holds else self._found(name, why, tests, [*lines, wish])
                        if found.case is None:
                            continue
                        case = _without(found.case, (block["key"], *block.get("members", ())))
                        yield Scenario(
                            name, why, case, {"facts": {place: {block["key"]: value if holds else self._said(case, block["key"])}}}
                        )

    # Lists and options ------------------------------------------------------------------------------

    def _lists(self) -> Iterator[Scenario]:
        for name in ("work_up", "causes", "advice", "referrals"):
            for row in self.release.content["lists"][name]:
                lines = row.get("any") or ([row["when"]] if row.get("when") else [])
                for number, line in enumerate(lines, 1):
                    others = [one for one in lines if one is not line]
                    for holds, why, tests in around(line, self.release.domains):
                        found = self._found(f"{row['row']} line {number}", why, tests, others if holds else lines)
                        if found.case is not None:
                            yield Scenario(f"{row['row']} line {number}", why, found.case, {"steps" if holds else "no_steps": [row["row"]]})

    def _options(self) -> Iterator[Scenario]:
        """What is a specialist's, what a specialist's in a child, and what waits while calciphylaxis is suspected."""
        finder = self.composer.finder
        for name, treatment in self.release.treatments.items():
            head = treatment.content["treatment"]
            wishes: list[tuple[str, str, When]] = []
            if head["category"] != "avoid":
                status = "specialist" if head.get("specialist") else "offered"
                wishes.append(("may be accepted", status, {"age_years": "40"}))
                wishes.append(
                    ("child", "specialist" if head.get("specialist") or head.get("child_specialist") else "offered", {"age_years": "16"})
                )
                held = "blocked" if head.get("elective") else "specialist" if head.get("specialist") else "offered"
                wishes.append(("calciphylaxis suspected at another site", held, {"age_years": "40", "flag": "calciphylaxis_suspected"}))
            for why, status, tests in wishes:
                statuses = (status,) if status != "offered" else ("offered", "caution", "reason")
                found = finder.option(name, statuses, tests)
                if found.case is None or found.jurisdiction is not None:
                    self.missing.append((name, why, found.impossible))
                    continue
                shown = next(one.status for one in assess(found.case, self.release, today=DAY).options if one.treatment == name)
                yield Scenario(name, why, found.case, {"options": {name: shown}})


def _both(one: When, other: When) -> dict[str, str] | None:
    """The tests of both rows; of two lists of types those that stand in both."""
    found = dict(one)
    for fact, test in other.items():
        if fact in found and found[fact] != test:
            shared = [code for code in found[fact].split(", ") if code in test.split(", ")]
            if not shared:
                return None
            test = ", ".join(shared)
        found[fact] = test
    return found


def _without(case: Mapping[str, Any], facts: Iterable[str]) -> dict[str, Any]:
    """The case without findings of these facts: what follows must follow by itself."""
    left = set(facts)
    patient = {**case["patient"], "findings": {key: one for key, one in (case["patient"].get("findings") or {}).items() if key not in left}}
    lesions = [
        {**one, "findings": {key: each for key, each in (one.get("findings") or {}).items() if key not in left}} for one in case["lesions"]
    ]
    return {**case, "patient": patient, "lesions": lesions}
