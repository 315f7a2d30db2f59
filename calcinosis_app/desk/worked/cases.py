"""The worked cases of a release: what others made of them beside what its rules say, judged here and now."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from calcinosis_app.assessments.bridge import Judged, LesionResult, compare, judge
from calcinosis_app.rulebooks.bridge import EMERGENCY_LABELS, TYPE_LABELS, Rules

LEAK_FREE: Final = "leak_free"
CHILD_BELOW_YEARS: Final = 18
KIDNEY: Final = frozenset({"ckd34", "ckd5", "on_dialysis", "kidney_transplant"})
CALCIPHYLAXIS: Final = "calciphylaxis"
NOT_EXCLUDED: Final = "calciphylaxis_not_excluded"

# How near the rules come to what the authors said, the nearest first.
AGREES, LEADS, POSSIBLE, OTHER = "agrees", "leads", "possible", "other"
VERDICTS: Final = {
    AGREES: "as the authors said",
    LEADS: "left open, leaning the authors' way",
    POSSIBLE: "left open, the authors' type among those possible",
    OTHER: "not what the authors said",
}
TEACHES: Final = {
    "open": "Type left open",
    "decided": "Type decided",
    "withheld": "Type withheld: an emergency",
    "emergency": "An emergency is named",
    "not_excluded": "Calciphylaxis not excluded",
    "mixed": "Two causes in one lesion",
    "several": "Several lesions",
    "child": "A child",
    "kidney": "Kidney disease",
    "contradiction": "Findings that contradict each other",
    "no_albumin": "Calcium without albumin",
}


@dataclass(frozen=True)
class WorkedCase:
    """One case of a release with what the rules make of it. `verdict` is empty where nobody published a type."""

    document: Mapping[str, Any]
    judged: Judged
    differences: tuple[str, ...]

    @property
    def id(self) -> str:
        """Its name in the release, as in O11."""
        return str(self.document["id"])

    @property
    def title(self) -> str:
        """What it is about."""
        return str(self.document["title"])

    @property
    def expected(self) -> Mapping[str, Any]:
        """What was written down before the rules were run."""
        expected: Mapping[str, Any] = self.document["expected"]
        return expected

    @property
    def shows(self) -> str:
        """What it shows, in a sentence."""
        return str(self.expected.get("note", ""))

    @property
    def is_published(self) -> bool:
        """Whether it is a case that somebody published; else it was made up for the release."""
        return "published_type" in self.expected

    @property
    def source(self) -> str:
        """Where it comes from: the journal and its number, or the place of the dossier that it was made up for."""
        source = self.document["source"]
        return ", ".join(text for text in (source.get("journal_year", ""), source["ref"]) if text)

    @property
    def note(self) -> str:
        """What the source leaves out, or how it was read."""
        return str(self.document["source"].get("note", ""))

    @property
    def is_leak_free(self) -> bool:
        """Whether what the authors concluded was left out, so that the rules must find it themselves."""
        return self.expected.get("run") == LEAK_FREE

    @property
    def wanted(self) -> str:
        """The type that the authors gave; of a made-up case the one that was expected."""
        wanted = self.expected.get("published_type", self.expected.get("type"))
        if isinstance(wanted, Mapping):
            return "; ".join(f"{name} {type_in_words(kind)}" for name, kind in wanted.items())
        return type_in_words(wanted) if wanted else str(self.expected.get("status", ""))

    @property
    def said(self) -> str:
        """What the rules say, lesion by lesion."""
        several = len(self.judged.lesions) > 1
        return "; ".join(f"{one.id} {_lesion_in_words(one)}" if several else _lesion_in_words(one) for one in self.judged.lesions)

    @property
    def emergencies(self) -> tuple[str, ...]:
        """The emergencies that the rules name, each once."""
        return tuple(dict.fromkeys(EMERGENCY_LABELS[flag.key] for flag in self.judged.emergencies))

    @property
    def verdict(self) -> str:
        """How near the rules come to the authors; of several lesions the farthest counts."""
        if not self.is_published:
            return ""
        found = {self._verdict(one, self.expected["published_type"]) for one in self.judged.lesions}
        return next(verdict for verdict in reversed(VERDICTS) if verdict in found)

    @property
    def verdict_in_words(self) -> str:
        """The same, for people."""
        return VERDICTS.get(self.verdict, "")

    @property
    def types(self) -> frozenset[str]:
        """Every type that its row names: the authors' or the expected one, and ours."""
        wanted = self.expected.get("published_type", self.expected.get("type"))
        named = set(wanted.values()) if isinstance(wanted, Mapping) else {wanted}
        for one in self.judged.lesions:
            named |= {one.type, one.leading.type if one.leading else None}
        if any(flag.key == CALCIPHYLAXIS for flag in self.judged.emergencies):
            named.add(CALCIPHYLAXIS)
        return frozenset(kind for kind in named if kind)

    @property
    def teaches(self) -> frozenset[str]:
        """What it can be looked up for."""
        return frozenset(self._teaches())

    def _teaches(self) -> Iterator[str]:
        yield from {one.status for one in self.judged.lesions} & set(TEACHES)
        marks = {mark for one in self.judged.lesions for mark in one.marks}
        holds = {
            "emergency": bool(self.judged.emergencies),
            "not_excluded": NOT_EXCLUDED in marks,
            "mixed": any(one.type == "mixed" for one in self.judged.lesions),
            "several": len(self.judged.lesions) > 1,
            "child": _is_child(self.document["patient"]),
            "kidney": bool(KIDNEY & set(_affirmed(self.document["patient"].get("findings", {})))),
            "contradiction": bool(self.judged.contradictions),
            "no_albumin": "provisional_no_albumin" in marks,
        }
        yield from (name for name, does in holds.items() if does)

    def _verdict(self, lesion: LesionResult, published: str) -> str:
        if published == CALCIPHYLAXIS:
            flags = {flag.key for flag in self.judged.emergencies}
            if CALCIPHYLAXIS in flags:
                return AGREES
            return LEADS if f"{CALCIPHYLAXIS}_suspected" in flags else POSSIBLE if NOT_EXCLUDED in lesion.marks else OTHER
        if lesion.type:
            return AGREES if published == lesion.type else OTHER
        if lesion.leading and lesion.leading.type == published:
            return LEADS
        return POSSIBLE if published in lesion.candidates else OTHER


@lru_cache(maxsize=2)
def worked_cases(rules: Rules) -> tuple[WorkedCase, ...]:
    """Every worked case of a release: the published ones first, then those made up for it. Cases that only sit on limits teach nothing.

    Judged once per process: a compiled release never changes, and neither does the engine while a process lives.
    """
    found = (_judged(document, rules) for document in rules.content["cases"] if document.get("purpose") != "boundary")
    return tuple(sorted(found, key=lambda one: (not one.is_published, one.id.replace("-full", "~"))))


def worked_case(rules: Rules, name: str) -> WorkedCase | None:
    """One of them, by its name."""
    return next((one for one in worked_cases(rules) if one.id == name), None)


def type_in_words(kind: str | None) -> str:
    """A type as people say it."""
    return TYPE_LABELS.get(kind or "", (kind or "open").replace("_", " ")).lower()


def _judged(document: Mapping[str, Any], rules: Rules) -> WorkedCase:
    judged = judge(document, rules)
    return WorkedCase(document, judged, compare(document, judged).differences)


def _lesion_in_words(one: LesionResult) -> str:
    if one.type:
        return type_in_words(one.type)
    if one.status == "open" and one.leading:
        return f"open, {type_in_words(one.leading.type)} leads"
    return "type withheld" if one.status == "withheld" else one.status


def _is_child(person: Mapping[str, Any]) -> bool:
    return "age_days" in person or person.get("age_years", CHILD_BELOW_YEARS) < CHILD_BELOW_YEARS or "child" in person.get("note", "")


def _affirmed(findings: Mapping[str, Any]) -> Iterator[str]:
    for key, finding in findings.items():
        if finding is True:
            yield key
        elif isinstance(finding, list):
            yield from (code for code in finding if isinstance(code, str))
        elif isinstance(finding, Mapping) and "yes" in finding:
            yield from finding["yes"]
