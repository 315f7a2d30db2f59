"""The commands ``export_release`` and ``import_release``: files alone, no database and no process."""

import argparse
import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from clinical_rules.errors import ReleaseError
from clinical_rules.exchange import FORMATS, ExchangeRefused, Problem, read, read_json, write
from clinical_rules.exchange.json_form import canonical
from clinical_rules.release import Release, load


def main(arguments: Sequence[str]) -> int:
    """Run one command; 0 when it went well, 1 when a file holds no release that holds together, 2 where it cannot be read at all."""
    options = _parser().parse_args(list(arguments))
    try:
        return int(options.run(options))
    except OSError as error:
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="manage.py")
    commands = parser.add_subparsers(dest="command", required=True)
    out = commands.add_parser("export_release", help="write a release as a spreadsheet, as a ZIP archive of CSV files, or as JSON")
    out.add_argument("file", type=Path, metavar="FILE")
    out.add_argument("--format", choices=sorted(FORMATS), help="default: by the ending of FILE, .xlsx, .zip or .json")
    out.add_argument("--of", type=Path, metavar="JSON", help="a release in canonical JSON; default: the one that came with the product")
    out.set_defaults(run=_export)
    back = commands.add_parser("import_release", help="read such a file back, print every problem in it, or the hash of its content")
    back.add_argument("file", type=Path, metavar="FILE")
    back.add_argument("--format", choices=sorted(FORMATS), help="default: by the ending of FILE")
    back.add_argument("--check", action="store_true", required=True, help="only read and check; a release is published in the application")
    back.add_argument("--json", type=Path, metavar="FILE", help="also write the content there, as canonical JSON")
    back.set_defaults(run=_import)
    return parser


def _export(options: argparse.Namespace) -> int:
    form = _form(options)
    if form is None:
        return 2
    try:
        content = read_json(options.of.read_bytes()) if options.of else load().content
        data = write(content, form)
    except ReleaseError as error:
        print(error, file=sys.stderr)
        return 1
    options.file.write_bytes(data)
    print(json.dumps({"file": str(options.file), "format": form, "bytes": len(data), **_named(content)}))
    return 0


def _import(options: argparse.Namespace) -> int:
    form = _form(options)
    if form is None:
        return 2
    try:
        content = read(options.file.read_bytes(), form)
    except ExchangeRefused as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        print(json.dumps({"file": str(options.file), "problems": [problem.as_json() for problem in error.problems]}, ensure_ascii=False))
        return 1
    say = _of_the_rules(content)
    if say:
        print(say, file=sys.stderr)
        print(json.dumps({"file": str(options.file), "problems": [Problem("", "", "", say).as_json()]}, ensure_ascii=False))
        return 1
    if options.json:
        options.json.write_text(canonical(content), encoding="utf-8")
    print(json.dumps({"file": str(options.file), "problems": [], **_named(content)}))
    return 0


def _of_the_rules(content: dict[str, Any]) -> str:
    """Why the content is no release that holds together; empty where it is one."""
    try:
        Release(content)
    except ReleaseError as error:
        return str(error)
    except (KeyError, TypeError, AttributeError, IndexError, ValueError) as error:
        lacking = f"{error.args[0]!r} is missing" if isinstance(error, KeyError) else str(error)
        return f"the rules do not hold together: {lacking}. Compare with the sheet Columns of a fresh export"
    return ""


def _named(content: Any) -> dict[str, Any]:
    return {"release": content.get("number"), "hash": hashlib.sha256(canonical(content).encode()).hexdigest()}


def _form(options: argparse.Namespace) -> str | None:
    ending = options.file.suffix.lower().lstrip(".")
    form = options.format or next((name for name, (end, _) in FORMATS.items() if ending in (name, end)), None)
    if form is None:
        print(f"{options.file}: the name does not say which format it is: add --format {'|'.join(sorted(FORMATS))}", file=sys.stderr)
    return form
