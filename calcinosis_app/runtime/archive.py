"""The file of a backup: one tar with the dump, the secret key unless it was left out, and a manifest that says what they hold.

Each part's SHA-256 stands in the manifest, which is written last. A file of this form is complete or does not exist: it is written
under another name beside its place, brought to the disk, and only then given its own.
"""

import fcntl
import hashlib
import json
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from calcinosis_app.runtime.processes import RuntimeProblem

FORMAT = 1
DUMP = "database.dump"
KEY = "secret-key"
MANIFEST = "manifest.json"
PIECE = 1 << 20
PRIVATE = 0o600


class Writer:
    """Adds parts to the file that is being written."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.parts: dict[str, dict[str, Any]] = {}

    def add(self, name: str, source: IO[bytes]) -> None:
        """Copies `source` to its end, whatever its length turns out to be, and notes length and hash."""
        begin = self._file.tell()
        self._file.write(bytes(tarfile.BLOCKSIZE))  # the header's place, until the length is known
        size, digest = 0, hashlib.sha256()
        while piece := source.read(PIECE):
            self._file.write(piece)
            digest.update(piece)
            size += len(piece)
        self._file.write(bytes(-size % tarfile.BLOCKSIZE))
        end = self._file.tell()
        header = tarfile.TarInfo(name)
        header.size, header.mode = size, PRIVATE
        self._file.seek(begin)
        self._file.write(header.tobuf(tarfile.GNU_FORMAT))
        self._file.seek(end)
        self.parts[name] = {"bytes": size, "sha256": digest.hexdigest()}

    def finish(self, manifest: dict[str, Any]) -> None:
        """Writes the manifest, which names the parts, and the end."""
        text = json.dumps({"format": FORMAT, **manifest, "parts": dict(self.parts)}, indent=1, ensure_ascii=False)
        self.add(MANIFEST, BytesIO(text.encode()))
        self._file.write(bytes(2 * tarfile.BLOCKSIZE))


@contextmanager
def writing(target: Path) -> Iterator[Writer]:
    """A new file at `target`, readable by its owner only; there only when the block ends well.

    Raises RuntimeProblem when something is there already, or the folder cannot be written to.
    """
    partial = target.with_name(f".{target.name}.partial")
    if target.exists():
        raise RuntimeProblem(f"{target} exists already, and a backup is never overwritten: choose another name, or name a folder.")
    try:
        descriptor = os.open(partial, os.O_RDWR | os.O_CREAT, PRIVATE)
    except OSError as error:
        raise RuntimeProblem(f"{target} cannot be written ({error.strerror}): choose another place.") from error
    with os.fdopen(descriptor, "r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise RuntimeProblem(f"Another backup is being written to {target}: wait for it, or choose another name.") from error
        try:
            os.fchmod(file.fileno(), PRIVATE)
            file.truncate()
            yield Writer(file)
            file.flush()
            os.fsync(file.fileno())
            _give_name(partial, target)
        except FileExistsError as error:
            raise RuntimeProblem(f"{target} appeared meanwhile, and is not overwritten: choose another name, or name a folder.") from error
        except OSError as error:
            raise RuntimeProblem(f"{target} could not be written ({error.strerror or error}): is there enough space?") from error
        finally:
            partial.unlink(missing_ok=True)
    _settle(target.parent)


def _give_name(partial: Path, target: Path) -> None:
    """The file's own name, unless somebody has taken it meanwhile: then FileExistsError, and that one stays as it is."""
    try:
        os.link(partial, target)
    except FileExistsError:
        raise
    except OSError:  # some file systems, such as a memory stick's, know no second name
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE))
        partial.rename(target)


def _settle(folder: Path) -> None:
    """Brings the new name to the disk, too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class Backup:
    """A backup that is there. Creating the object reads every part and compares it with the manifest.

    Raises RuntimeProblem for a file that is no backup, is damaged, or was written by a newer product.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            with tarfile.open(path, "r:") as tar:
                self.manifest: dict[str, Any] = json.loads(self._read(tar, MANIFEST))
                if self.manifest["format"] != FORMAT:
                    raise RuntimeProblem(
                        f"{path} has the form {self.manifest['format']!r}, and this product reads form {FORMAT}: "
                        "use the version of Calcinosis that wrote it, or a newer one."
                    )
                self._compare(tar)
        except FileNotFoundError as error:
            raise RuntimeProblem(f"There is no file {path}.") from error
        except OSError as error:
            raise RuntimeProblem(f"{path} cannot be read ({error.strerror or error}).") from error
        except (tarfile.TarError, KeyError, ValueError, TypeError) as error:
            raise RuntimeProblem(f"{path} is no backup of Calcinosis, or is damaged: {error}") from error

    def _compare(self, tar: tarfile.TarFile) -> None:
        for name, noted in self.manifest["parts"].items():
            part = tar.extractfile(name)
            digest = hashlib.sha256()
            while part is not None and (piece := part.read(PIECE)):
                digest.update(piece)
            if digest.hexdigest() != noted["sha256"]:
                raise RuntimeProblem(
                    f"{self.path} is damaged: its part {name!r} is not what was written. Nothing was touched; use another backup."
                )

    def copy_dump(self, to: IO[bytes]) -> None:
        """Writes the dump to `to`."""
        with tarfile.open(self.path, "r:") as tar:
            part = tar.extractfile(DUMP)
            while part is not None and (piece := part.read(PIECE)):
                to.write(piece)

    def secret_key(self) -> str:
        """The installation's secret key; empty when the backup was made without."""
        if KEY not in self.manifest["parts"]:
            return ""
        with tarfile.open(self.path, "r:") as tar:
            return self._read(tar, KEY).decode()

    @staticmethod
    def _read(tar: tarfile.TarFile, name: str) -> bytes:
        part = tar.extractfile(name)
        return part.read() if part is not None else b""
