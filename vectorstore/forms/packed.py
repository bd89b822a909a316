"""Files packed into one: zip and gzip, unpacked in memory alone and never beyond their bounds."""

import gzip
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from vectorstore.forms import Unreadable
from vectorstore.forms.text import decoded

MOST_MEMBERS = 20_000
"""Files in one zip file."""
LARGEST_MEMBER = 1 << 30
"""Bytes of one unpacked file."""
LARGEST_ARCHIVE = 8 << 30
"""Bytes of all unpacked files of one zip file."""
LARGEST_RATIO = 200
"""Times that a member may be larger than it was packed; newspapers' text comes to about 10."""
SMALLEST_BOMB = 1 << 20
"""Bytes of an unpacked file below which its ratio tells nothing."""

_DIRECTORY = 8 << 20
"""Bytes of a zip file's list of members: room for all that it may have, with long names."""
_TOO_MANY = f"it holds more than {MOST_MEMBERS:,} files; part it into several"
_TOO_LARGE = f"it unpacks to more than {LARGEST_ARCHIVE >> 30} GiB; part it into several"
_DOCUMENTS = frozenset({"[Content_Types].xml", "mimetype"})
_CHUNK = 1 << 18
_OUTSIDE = re.compile(r"/|[A-Za-z]:|(?:.*/)?\.\.(?:/|$)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Member:
    """A file in a zip file."""

    name: str
    info: zipfile.ZipInfo

    @property
    def is_hidden(self) -> bool:
        """Whether it is one that a system keeps for itself, as its name says."""
        parts = (part for part in self.name.split("/") if part not in (".", ".."))
        return any(part.startswith((".", "__MACOSX")) for part in parts)


class Archive:
    """A zip file, whose members are read one after another; between two no file is open.

    Nothing is ever written to the disk, so a member's name can do no harm there.
    """

    def __init__(self, place: Path | bytes) -> None:
        self._file = _Guarded(place)
        self._zip: zipfile.ZipFile | None = None
        self._unpacked = 0

    def members(self) -> list[Member]:
        """Its files, by name.

        Raises Unreadable for a broken one, and for one with too many members or bytes.
        """
        try:
            every = self._opened().infolist()
        except _ERRORS as error:
            raise _told(error) from error
        finally:
            self._file.close()
        infos = [info for info in every if not info.filename.endswith("/")]
        if len(infos) > MOST_MEMBERS:
            raise Unreadable(_TOO_MANY)
        if sum(info.file_size for info in infos) > LARGEST_ARCHIVE:
            raise Unreadable(_TOO_LARGE)
        return sorted((Member(_name(info), info) for info in infos), key=lambda each: each.name)

    def read(self, member: Member) -> bytes:
        """A member's bytes.

        Raises Unreadable for one that is encrypted, broken or larger than it may be, and for one
        whose name leads out of the zip file.
        """
        info = member.info
        if not member.name:
            raise Unreadable("it has no name; pack it again")
        if _OUTSIDE.match(member.name):
            raise Unreadable("its name leads out of its zip file; pack it under a plain name")
        if info.flag_bits & 1:
            raise Unreadable("it is encrypted; pack it without a password")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Unreadable("it is packed in a rare way; pack it with Deflate, as most tools do")
        chunks: list[bytes] = []
        try:
            with self._opened().open(info) as unpacking:
                for chunk in _counted(unpacking, info.compress_size):
                    self._unpacked += len(chunk)
                    if self._unpacked > LARGEST_ARCHIVE:
                        raise Unreadable(_TOO_LARGE)
                    chunks.append(chunk)
        except _ERRORS as error:
            raise _told(error) from error
        finally:
            self._file.close()
        return b"".join(chunks)

    def peek(self, member: Member, size: int = 4096) -> bytes:
        """A member's first bytes; none of one that can't be read, of which ``read`` tells why."""
        try:
            with self._opened().open(member.info) as unpacking:
                return unpacking.read(size)
        except (Unreadable, *_ERRORS):
            return b""
        finally:
            self._file.close()

    def _opened(self) -> zipfile.ZipFile:
        if self._zip is None:
            self._zip = zipfile.ZipFile(self._file)
        return self._zip


class _Guarded:
    """A file that opens when it is read, and gives only so much at once.

    ``zipfile`` reads the list of members in one go, however long it says that it is.
    """

    def __init__(self, place: Path | bytes) -> None:
        self._place = place
        self._file: IO[bytes] | None = None

    @property
    def _open(self) -> IO[bytes]:
        if self._file is None:
            self._file = (
                io.BytesIO(self._place)
                if isinstance(self._place, bytes)
                else self._place.open("rb")
            )
        return self._file

    def read(self, size: int = -1) -> bytes:
        if size > _DIRECTORY:
            raise Unreadable(_TOO_MANY)
        return self._open.read(size)

    def seek(self, place: int, whence: int = 0) -> int:
        return self._open.seek(place, whence)

    def tell(self) -> int:
        return self._open.tell()

    def seekable(self) -> bool:
        return True

    def close(self) -> None:
        """Let go of the file; it opens again when it is read again."""
        if self._file is not None:
            self._file.close()
            self._file = None


def is_zip(data: bytes) -> bool:
    """Whether a file is a zip file, by its first bytes; so are most Office files and EPUBs."""
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def is_document(names: Iterable[str]) -> bool:
    """Whether a zip file with these names is one document: of Word, Excel, LibreOffice, an EPUB."""
    return not _DOCUMENTS.isdisjoint(names)


def is_gzip(data: bytes) -> bool:
    """Whether a file is packed with gzip, by its first bytes."""
    return data.startswith(b"\x1f\x8b")


def names(data: bytes) -> frozenset[str]:
    """The names in a zip file; none in a broken one."""
    try:
        return frozenset(member.name for member in Archive(data).members())
    except Unreadable:
        return frozenset()


def gunzipped(data: bytes) -> bytes:
    """What a gzip file holds. Raises Unreadable for a broken one and for one that holds too much."""
    chunks: list[bytes] = []
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
            chunks.extend(_counted(packed, len(data)))
    except (OSError, EOFError, zlib.error) as error:
        raise Unreadable("its gzip packing is broken; pack it again") from error
    return b"".join(chunks)


def _counted(unpacking: IO[bytes] | gzip.GzipFile, packed: int) -> Iterator[bytes]:
    """Unpack while counting, since what a file says of its size may be wrong."""
    size = 0
    while chunk := unpacking.read(_CHUNK):
        size += len(chunk)
        if size > LARGEST_MEMBER:
            raise Unreadable(f"it unpacks to more than {LARGEST_MEMBER >> 30} GiB; part it")
        if size > SMALLEST_BOMB and size > LARGEST_RATIO * packed:
            raise Unreadable(f"it unpacks to over {LARGEST_RATIO} times its size, as no text does")
        yield chunk


def _told(error: Exception) -> Unreadable:
    """What went wrong as a sentence."""
    if isinstance(error, Unreadable):
        return error
    if isinstance(error, OSError) and error.strerror:
        return Unreadable(f"it can't be read: {error.strerror}")
    return Unreadable("its zip packing is broken or cut short; pack it again")


def _name(info: zipfile.ZipInfo) -> str:
    """A member's name; one that isn't said to be UTF-8 is in its system's coding, mostly GBK."""
    name = info.filename
    if not info.flag_bits & 0x800:
        with suppress(UnicodeEncodeError, Unreadable):
            name = decoded(name.encode("cp437"))
    return name.replace("\\", "/")


_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,  # a coding or a version that zipfile doesn't know
    RuntimeError,  # a password is wanted after all
    ValueError,  # names in no UTF-8, sizes below zero
    struct.error,
)
