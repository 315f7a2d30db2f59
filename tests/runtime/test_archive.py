"""The file of a backup: complete or not there, private, and never believed when it is damaged."""

import errno
import json
import os
import stat
import tarfile
from io import BytesIO
from pathlib import Path

import pytest

from calcinosis_app.runtime import archive
from calcinosis_app.runtime.archive import Backup, writing
from calcinosis_app.runtime.processes import RuntimeProblem

DUMP = b"rows and rows " * 1000


def write(target: Path, **manifest: object) -> Path:
    with writing(target) as writer:
        writer.add(archive.DUMP, BytesIO(DUMP))
        writer.add(archive.KEY, BytesIO(b"a secret"))
        writer.finish({"kind": "demo", **manifest})
    return target


def test_what_was_written_comes_back(tmp_path: Path) -> None:
    backup = Backup(write(tmp_path / "one.tar"))
    copied = BytesIO()
    backup.copy_dump(copied)
    assert copied.getvalue() == DUMP
    assert backup.secret_key() == "a secret"
    assert backup.manifest["kind"] == "demo"
    assert backup.manifest["parts"][archive.DUMP]["bytes"] == len(DUMP)


def test_any_tar_can_open_it_and_only_its_owner_may(tmp_path: Path) -> None:
    target = write(tmp_path / "one.tar")
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    with tarfile.open(target) as tar:
        assert tar.getnames() == [archive.DUMP, archive.KEY, archive.MANIFEST]
    assert [one.name for one in tmp_path.iterdir()] == ["one.tar"], "nothing else is left"


def test_a_write_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), writing(tmp_path / "one.tar") as writer:
        writer.add(archive.DUMP, BytesIO(DUMP))
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_write_left_is_no_obstacle_and_not_taken_over(tmp_path: Path) -> None:
    left = tmp_path / ".one.tar.partial"
    left.write_bytes(b"half of something longer" * 10_000)
    left.chmod(0o644)
    target = write(tmp_path / "one.tar")
    Backup(target)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert not left.exists()


def test_a_backup_is_never_overwritten(tmp_path: Path) -> None:
    target = write(tmp_path / "one.tar")
    before = target.read_bytes()
    with pytest.raises(RuntimeProblem, match="exists already"):
        write(target)
    assert target.read_bytes() == before


@pytest.mark.parametrize("links", [True, False], ids=["links", "no links"])
def test_what_appeared_meanwhile_is_not_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool) -> None:
    if not links:
        monkeypatch.setattr(os, "link", refuse_links)
    target = tmp_path / "one.tar"
    with pytest.raises(RuntimeProblem, match="appeared meanwhile"), writing(target) as writer:
        writer.add(archive.DUMP, BytesIO(DUMP))
        writer.finish({})
        target.write_text("somebody else's")
    assert target.read_text() == "somebody else's"
    assert list(tmp_path.iterdir()) == [target]


def test_a_place_that_knows_no_links_is_written_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "link", refuse_links)
    target = write(tmp_path / "one.tar")
    Backup(target)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [target]


def refuse_links(*names: Path) -> None:
    """As Linux answers on a file system without links."""
    raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))


def test_two_at_once_to_one_place_are_refused(tmp_path: Path) -> None:
    with writing(tmp_path / "one.tar") as writer:
        with pytest.raises(RuntimeProblem, match="Another backup is being written"):
            write(tmp_path / "one.tar")
        writer.add(archive.DUMP, BytesIO(DUMP))
        writer.finish({})
    Backup(tmp_path / "one.tar")


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(RuntimeProblem, match="cannot be written"), writing(tmp_path / "nowhere" / "one.tar"):
        pass


@pytest.mark.parametrize("at", [600, 5000, 512 + len(DUMP) - 1])
def test_one_changed_byte_is_noticed(tmp_path: Path, at: int) -> None:
    target = write(tmp_path / "one.tar")
    damaged = bytearray(target.read_bytes())
    damaged[at] ^= 1
    target.write_bytes(damaged)
    with pytest.raises(RuntimeProblem, match="damaged"):
        Backup(target)


@pytest.mark.parametrize("kept", [0, 100, 5000, 14_000])
def test_a_file_that_was_cut_off_is_noticed(tmp_path: Path, kept: int) -> None:
    target = write(tmp_path / "one.tar")
    target.write_bytes(target.read_bytes()[:kept])
    with pytest.raises(RuntimeProblem, match="no backup of Calcinosis, or is damaged"):
        Backup(target)


def test_something_else_is_no_backup(tmp_path: Path) -> None:
    other = tmp_path / "other.tar"
    with tarfile.open(other, "w") as tar:
        text = json.dumps({"format": archive.FORMAT}).encode()
        member = tarfile.TarInfo(archive.MANIFEST)
        member.size = len(text)
        tar.addfile(member, BytesIO(text))
    for path, words in [(other, "no backup"), (tmp_path / "none.tar", "There is no file"), (tmp_path, "cannot be read")]:
        with pytest.raises(RuntimeProblem, match=words):
            Backup(path)


def test_the_form_of_a_newer_product_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "FORMAT", 2)
    target = write(tmp_path / "one.tar")
    monkeypatch.setattr(archive, "FORMAT", 1)
    with pytest.raises(RuntimeProblem, match="has the form 2"):
        Backup(target)
