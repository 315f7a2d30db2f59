"""The commands about rules alone: no database, no process, no secret; JSON alone on standard output where it is asked for."""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from clinical_rules import exact_json
from clinical_rules.assessment import Assessment, assess
from clinical_rules.case_check import check
from clinical_rules.comparison import Terms, build_index, difference, impact
from clinical_rules.comparison import as_json as comparison_as_json
from clinical_rules.comparison import as_lines as comparison_as_lines
from clinical_rules.errors import CaseError, ReleaseError
from clinical_rules.facts import Fact
from clinical_rules.knowledge_files import read_knowledge
from clinical_rules.mutation import PARTS, Hunter, sampled, share
from clinical_rules.mutation import as_json as mutation_as_json
from clinical_rules.mutation import as_lines as mutation_as_lines
from clinical_rules.release import Release, load
from clinical_rules.release_shape import what_is_amiss
from clinical_rules.verification import ReleaseReport, verify_release
from clinical_rules.verification.check import BUDGET


def main(arguments: Sequence[str]) -> int:
    """Run one command; 0 when it went well, 1 when a decided type is wrong or a release may not be published, 2 for an error."""
    options = _parser().parse_args(list(arguments))
    try:
        return int(options.run(options))
    except CaseError as error:
        print(json.dumps({"errors": [error.as_json()]}, ensure_ascii=False), file=sys.stderr)
        return 2
    except ReleaseError as error:
        print(f"{error}: the release does not hold together; mend it and try again", file=sys.stderr)
        return 2
    except BrokenPipeError:  # whoever read the answer has seen enough
        sys.stdout = None
        return 0
    except (OSError, UnicodeDecodeError) as error:
        print(f"{error}: give a JSON file that can be read", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="manage.py")
    commands = parser.add_subparsers(dest="command", required=True)
    facts = commands.add_parser("facts", help="every fact that may be entered or is derived")
    facts.add_argument("--json", action="store_true")
    facts.set_defaults(run=_facts)
    one = commands.add_parser("assess", help="judge the case, or the list of cases, in a file")
    one.add_argument("file")
    one.add_argument("--on", type=date.fromisoformat, metavar="YYYY-MM-DD")
    one.add_argument("--jurisdiction", choices=("uk", "us", "eu"))
    one.add_argument("--json", action="store_true")
    one.set_defaults(run=_assess)
    cases = commands.add_parser("check_cases", help="expected against obtained; exit 1 where a decided type is wrong")
    cases.add_argument("file", nargs="?")
    cases.set_defaults(run=_check_cases)
    verify = commands.add_parser("verify_release", help="prove a release before it is published; exit 1 where something blocks")
    verify.add_argument(
        "file", nargs="?", help="a release as JSON, or a folder of knowledge files; else the one that comes with the product"
    )
    verify.add_argument("--json", action="store_true")
    verify.add_argument("--witness", metavar="DIR", help="write each witness there as a case file")
    verify.add_argument("--budget", type=_steps, default=BUDGET, help="steps of the search for each statement")
    verify.set_defaults(run=_verify_release)
    compared = commands.add_parser("compare_releases", help="what changed between two releases, and for which cases")
    for name in ("old", "new"):
        compared.add_argument(name, help="canonical JSON of a release, a folder of knowledge files, or `current` for the one shipped")
    compared.add_argument("--cases", metavar="FILE", help="a case, or a list of cases (default: the old release's own)")
    compared.add_argument("--jurisdiction", choices=("uk", "us", "eu"))
    compared.add_argument("--json", action="store_true")
    compared.set_defaults(run=_compare_releases)
    mutated = commands.add_parser("mutate_release", help="slips made in the release one by one: do its cases and statements notice?")
    mutated.add_argument("--part", choices=PARTS, action="append", help="only this part; may be given several times")
    mutated.add_argument("--sample", type=_steps, metavar="N", help="only so many, drawn with the seed")
    mutated.add_argument("--seed", type=int, default=0)
    mutated.add_argument("--json", action="store_true")
    mutated.add_argument("--write", metavar="FILE", help="write the page there as well")
    mutated.set_defaults(run=_mutate_release)
    return parser


def _steps(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 18 or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r}: write a whole number, 1 or more")
    return int(text)


def read_json(path: str) -> Any:
    """A JSON file with exact numbers (``-`` for standard input)."""
    text = sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8")
    return parse_json(text, path)


def parse_json(text: str, name: str = "input") -> Any:
    """JSON with exact decimals. Raises ``CaseError`` for text that is no JSON."""
    try:
        return exact_json.read(text)
    except ValueError as error:
        raise CaseError(name, text[:40], f"is no JSON: {error}") from None


def _facts(options: argparse.Namespace) -> int:
    release = load()
    described = [describe(fact) for fact in release.facts.values()]
    if options.json:
        print(json.dumps({"release": release.number, "hash": release.hash, "facts": described}, ensure_ascii=False, indent=1))
    else:
        for one in described:
            derived = "derived" if one["derived"] else ""
            print(f"{one['key']:55} {one['kind']:8} {one['scope']:8} {one['unit'] or '':22} {derived:8} {one['label']}")
    return 0


def describe(fact: Fact) -> dict[str, Any]:
    """One fact for those who write cases."""
    low, high = fact.hard
    return {
        "key": fact.key,
        "label": fact.label,
        "question": fact.question,
        "kind": fact.kind,
        "scope": fact.scope,
        "section": fact.section,
        "derived": fact.derived,
        "unit": fact.unit,
        "units": [unit.code for unit in fact.units],
        "unit_required": fact.needs_unit,
        "precision": fact.precision if fact.kind == "number" else None,
        "limits": [None if low is None else float(low), None if high is None else float(high)] if fact.kind == "number" else None,
        "codes": [{"code": one.code, "label": one.label} for one in fact.codes],
        "members": list(fact.members),
        "aliases": list(fact.aliases),
        "synonyms": list(fact.synonyms),
        "shelf_life_days": fact.shelf_life_days,
        "asks": list(fact.asks),
        "sources": list(fact.sources),
    }


def _assess(options: argparse.Namespace) -> int:
    document = read_json(options.file)
    release = load()
    several = document.get("cases") if isinstance(document, dict) else document
    if isinstance(several, list):
        judged = [_judge(one, release, options) for one in several]
        print("[" + ",\n".join(one.to_json() for one in judged) + "]")
    else:
        print(_judge(document, release, options).to_json())
    return 0


def _judge(document: Any, release: Release, options: argparse.Namespace) -> Assessment:
    if not isinstance(document, dict):
        raise CaseError("case", document, "a case is an object with patient and lesions")
    return assess(document, release, options.on, options.jurisdiction, _today())


def _today() -> date:
    return datetime.now(UTC).date()


def _compare_releases(options: argparse.Namespace) -> int:
    paths = [None if name in ("current", "-") else name for name in (options.old, options.new)]
    old, new = (_release(path) for path in paths)
    documents = _listed(read_json(options.cases)) if options.cases else old.content["cases"]
    with _blamed_on(*paths):
        changes = difference(old.content, new.content)
        index = build_index(documents, old, Terms(_today(), options.jurisdiction))
        found = impact(old, new, index, documents, changes)
    names = [str(one.get("id", number)) if isinstance(one, dict) else str(number) for number, one in enumerate(documents, 1)]
    if options.json:
        print(json.dumps(comparison_as_json(old, new, changes, found, names), ensure_ascii=False, indent=1))
    else:
        for line in comparison_as_lines(old, new, changes, found, names):
            print(line)
    return 0


def _mutate_release(options: argparse.Namespace) -> int:
    release = load()
    hunter = Hunter(release)
    chosen = sampled(release, options.part or PARTS, options.sample, options.seed)
    verdicts = []
    for number, mutant in enumerate(chosen, 1):
        verdicts.append(hunter.hunt(mutant))
        if number % 100 == 0:
            print(f"{number} of {len(chosen)}, {share(verdicts):.1%} noticed", file=sys.stderr, flush=True)
    page = "\n".join(mutation_as_lines(verdicts, release))
    if options.write:
        Path(options.write).write_text(page + "\n", encoding="utf-8")
    print(json.dumps(mutation_as_json(verdicts, release), ensure_ascii=False, indent=1) if options.json else page)
    return 0


def _listed(document: Any) -> list[Any]:
    if isinstance(document, list):
        return document
    several = document.get("cases", [document]) if isinstance(document, dict) else [document]
    if not isinstance(several, list):
        raise CaseError("cases", several, "write a list of cases")
    return several


def _check_cases(options: argparse.Namespace) -> int:
    release = load()
    documents = _listed(read_json(options.file)) if options.file else release.content["cases"]
    return check(documents, release, sys.stdout, _today())


def _verify_release(options: argparse.Namespace) -> int:
    release = _release(options.file)
    with _blamed_on(options.file):
        report = verify_release(release, options.budget)
    if options.witness:
        folder = Path(options.witness)
        folder.mkdir(parents=True, exist_ok=True)
        for name, case in report.witnesses.items():
            (folder / f"{name}.json").write_text(json.dumps(case, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if options.json:
        print(report.to_json())
    else:
        for line in said(report):
            print(line)
    return 1 if report.blocking else 0


def _release(path: str | None) -> Release:
    if path is None:
        return load()
    with _blamed_on(path):
        return Release(_content(path))


def _content(path: str) -> Any:
    place = Path(path)
    return read_knowledge(place) if place.is_dir() else json.loads(place.read_text(encoding="utf-8"))


@contextmanager
def _blamed_on(*paths: str | None) -> Iterator[None]:
    """Whatever a release from elsewhere makes fail is told as a fault of that release: where it is, and what belongs there."""
    try:
        yield
    except (CaseError, ReleaseError, UnicodeDecodeError):
        raise
    except (AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        given = [path for path in paths if path is not None]
        if not given:
            raise
        raise ReleaseError("; ".join(text for path in given for text in _amiss(path)) or f"{', '.join(given)}: {error!r}") from error


def _amiss(path: str) -> list[str]:
    try:
        return [f"{path} is no release: {text}" for text in what_is_amiss(_content(path), load().content)]
    except json.JSONDecodeError as error:
        return [f"{path} is no release: no JSON: {error}"]
    except (LookupError, RecursionError, TypeError, ValueError) as error:
        return [f"{path} is no release: {error}"]


def said(report: ReleaseReport) -> Iterator[str]:
    """A report for people: statements, findings, and what blocks."""
    promises = {one.id: one for one in report.release.statements}
    yield f"Release {report.release.number}, {report.release.hash[:12]}"
    yield ""
    for one in report.statements:
        promise = promises[one.id]
        unseen = "" if promise.seen else "  [not seen in a source]"
        yield f"{one.verdict.replace('_', ' '):10} {one.id:28} {promise.say}{unseen}"
        if one.verdict != "proved":
            yield f"{'':10} {one.why}"
        if one.allowed_only:
            yield f"{'':10} only of patients of whom nothing contradicts an implication of the release"
        if one.witness:
            where = f" --jurisdiction {one.jurisdiction}" if one.jurisdiction else ""
            yield f"{'':10} assess{where}: {json.dumps(one.witness, ensure_ascii=False)}"
    shown = [one for one in report.findings if one.severity != "note"]
    for title, some in (
        ("Findings", [one for one in shown if not one.accepted]),
        ("Accepted, with the reason", [one for one in shown if one.accepted]),
    ):
        if some:
            yield ""
            yield title
        for finding in some:
            yield f"{finding.severity:10} {finding.place}: {finding.say}"
            if finding.accepted:
                yield f"{'':10} {finding.accepted}"
            elif finding.witness or finding.values:
                yield f"{'':10} {json.dumps(finding.witness or finding.values, ensure_ascii=False)}"
    proved = sum(one.verdict == "proved" for one in report.statements)
    notes = sum(one.severity == "note" for one in report.findings)
    yield ""
    yield f"{proved} of {len(report.statements)} statements proved; {notes} notes (in --json)."
    yield f"Blocked by {len(report.blocking)}: {'; '.join(report.blocking)}" if report.blocking else "Nothing blocks."
