"""Backups: an archive in one file, made while it is used, and an archive made of such a file.

The file is a zip file. It holds the catalogue, the images of pages, if wanted the caches, and
``backup.json``, which lists each of them with its size and digest. Names in it are matched with
those that an archive has; none is used as a path before.
"""

import errno
import hashlib
import os
import re
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Literal
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from pydantic import AwareDatetime, BaseModel, StringConstraints, ValidationError

from vectorstore.catalogue import Catalogue, NoCatalogue, bring_up
from vectorstore.page_images import PageImages

MANIFEST = "backup.json"
LARGEST_MANIFEST = 256 * 1024 * 1024
"""Bytes: a million and a half of images."""
CACHES = ("fulltext", "vectors")
PARTS = ("catalogue.db", "catalogue.db-wal", "catalogue.db-shm", "images", *CACHES)
"""What makes an archive, of all that is in its folder."""

_PART = r"(?!\.{1,2}(?:/|$))[A-Za-z0-9._-]+"
_NAME = re.compile(
    rf"catalogue\.db|images/[0-9a-f]{{64}}\.webp|(?:{'|'.join(CACHES)})(?:/{_PART})+"
)
_PIECE = 1024 * 1024
_DAMAGED = (KeyError, BadZipFile, EOFError, RuntimeError, zlib.error)
"""What zipfile raises for a member that isn't there, or can't be unpacked."""


class BadBackup(ValueError):
    """A file that no archive can be made of; the message says why."""


class Occupied(RuntimeError):
    """An archive lies where another was to be made; the message says what to do."""


class Packed(BaseModel):
    """A file in a backup."""

    name: Annotated[str, StringConstraints(max_length=255)]
    size: int
    """Bytes."""
    sha256: str


class Manifest(BaseModel):
    """What a backup says of itself."""

    format: Literal[1] = 1
    version: str
    """Of the program that made it."""
    made_at: AwareDatetime
    files: tuple[Packed, ...]


def back_up(catalogue: Catalogue, home: Path, file: Path, *, caches: bool = False) -> Manifest:
    """Write the archive in ``home``, as it is at this moment, into a file that isn't there yet.

    Others may change it meanwhile. Its caches are only for who owns them. The file appears when
    it is whole, and its owner alone may read it. Raises ``OSError``.
    """
    if file.exists():
        raise FileExistsError(errno.EEXIST, "it is there already, name another file", str(file))
    with TemporaryDirectory(prefix=".baowen-backup-", dir=file.parent) as folder:
        whole, copy = Path(folder) / "whole", Path(folder) / "catalogue.db"
        images = catalogue.copy_to(copy)
        whole.touch(0o600)
        with ZipFile(whole, "w") as packed:
            files = [_pack(packed, "catalogue.db", copy, ZIP_DEFLATED)]
            for name, path in _beside(home, images, caches):
                files.append(_pack(packed, name, path, ZIP_STORED))
            manifest = Manifest(
                version=version("baowen"), made_at=datetime.now(UTC), files=tuple(files)
            )
            packed.writestr(MANIFEST, manifest.model_dump_json(indent=1), ZIP_DEFLATED)
        with whole.open("rb") as written:
            os.fsync(written.fileno())
        whole.replace(file)
    return manifest


def _beside(home: Path, images: Iterable[str], caches: bool) -> Iterator[tuple[str, Path]]:
    """What comes with the catalogue. An image that is gone by now went with its article."""
    there = PageImages(home / "images")
    for name in sorted(images):
        if there.path(name).exists():
            yield f"images/{name}.webp", there.path(name)
    for cache in CACHES if caches else ():
        for path in sorted((home / cache).rglob("*")):
            if path.is_file():
                yield path.relative_to(home).as_posix(), path


def _pack(packed: ZipFile, name: str, path: Path, how: int) -> Packed:
    told = ZipInfo(name)
    told.compress_type = how
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as source, packed.open(told, "w", force_zip64=True) as target:
        while piece := source.read(_PIECE):
            target.write(piece)
            digest.update(piece)
            size += len(piece)
    return Packed(name=name, size=size, sha256=digest.hexdigest())


def restore(file: Path, home: Path, *, replace: bool = False) -> Manifest:
    """Make the archive in ``home`` of a backup. Only for who owns the caches there.

    Nothing is changed before all of the file was read and found to be what it says, and tables of
    an older version were brought to the present shape. With ``replace`` an archive that is there
    goes. Raises ``Occupied``, ``BadBackup``, ``NewerArchive`` and ``OSError``.
    """
    home.mkdir(parents=True, exist_ok=True)
    if not replace and any((home / part).exists() for part in PARTS):
        raise Occupied(
            f"{home} holds an archive: name an empty folder with BAOWEN_HOME, "
            "or have it replaced with --replace"
        )
    with TemporaryDirectory(prefix=".baowen-restore-", dir=home) as folder:
        new, old = Path(folder) / "new", Path(folder) / "old"
        new.mkdir()
        old.mkdir()
        try:
            manifest = _unpack(file, new)
            bring_up(new / "catalogue.db")
        except (BadZipFile, ValidationError, NoCatalogue) as error:
            raise BadBackup(f"{file}: this is no backup, or not all of one") from error
        _swap(home, new, old)
    return manifest


def _unpack(file: Path, folder: Path) -> Manifest:
    """Lay a backup's files down in a folder, each checked."""
    with ZipFile(file) as packed:
        manifest = _manifest(packed)
        names = [each.name for each in manifest.files]
        if len({*names}) < len(names) or "catalogue.db" not in names:
            raise BadZipFile(MANIFEST)
        for told in manifest.files:
            if not _NAME.fullmatch(told.name):
                raise BadBackup(f"{file}: an archive has no file of the name {told.name!r}")
            path = folder / told.name
            path.parent.mkdir(parents=True, exist_ok=True)
            if not _is_as_told(packed, told, path):
                raise BadBackup(f"{file}: {told.name} in it is damaged; take another backup")
    return manifest


def _manifest(packed: ZipFile) -> Manifest:
    try:
        if packed.getinfo(MANIFEST).file_size > LARGEST_MANIFEST:
            raise BadZipFile(MANIFEST)
        return Manifest.model_validate_json(packed.read(MANIFEST))
    except _DAMAGED as error:
        raise BadZipFile(MANIFEST) from error


def _is_as_told(packed: ZipFile, told: Packed, path: Path) -> bool:
    """Unpack a file, no more of it than was told; tell whether it is what was told."""
    digest, left = hashlib.sha256(), told.size
    try:
        with packed.open(told.name) as source, path.open("xb") as target:
            while left >= 0 and (piece := source.read(_PIECE)):
                target.write(piece[: max(left, 0)])
                digest.update(piece)
                left -= len(piece)
    except _DAMAGED:
        return False
    return left == 0 and digest.hexdigest() == told.sha256


def _swap(home: Path, new: Path, old: Path) -> None:
    """Put one archive in the other's place, or leave all as it was."""
    out = [(home / part, old / part) for part in PARTS if (home / part).exists()]
    with ExitStack() as undo:
        for source, target in (*out, *((path, home / path.name) for path in sorted(new.iterdir()))):
            source.rename(target)
            undo.callback(target.rename, source)
        undo.pop_all()
