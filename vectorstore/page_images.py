"""The images of pages: files named by what is in them, to which the catalogue refers."""

from collections.abc import Iterable
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryFile
from typing import IO, Self

from vectorstore.forms import image_name

MEDIA_TYPE = "image/webp"


class Arrived:
    """The images of a file that is being read: on the disk, and gone with their process.

    They have no name there until the catalogue keeps them, so that nothing is left to clear away.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: IO[bytes] | None = None
        self._places: dict[str, tuple[int, int]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file:
            self._file.close()

    def keep(self, image: bytes) -> str:
        """Take one in and give its name."""
        name = image_name(image)
        if self._file is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._file = TemporaryFile(dir=self._folder)  # noqa: SIM115 - open until it is left
        if name not in self._places:
            self._places[name] = self._file.seek(0, 2), len(image)
            self._file.write(image)
        return name

    def image(self, name: str) -> bytes | None:
        """One that was taken in; None where none of this name was."""
        if self._file is None or name not in self._places:
            return None
        start, size = self._places[name]
        self._file.seek(start)
        return self._file.read(size)


class PageImages:
    """A folder of images. What goes in and out is decided by the catalogue.

    With ``drawn`` off no more are made; those that are there stay.
    """

    def __init__(self, folder: Path, *, drawn: bool = True) -> None:
        self.folder = folder
        self.drawn = drawn

    def path(self, name: str) -> Path:
        """Where the image of this name lies, if it does."""
        return self.folder / f"{name}.webp"

    def read(self, name: str) -> bytes | None:
        """The image of this name; None where it is lost."""
        try:
            return self.path(name).read_bytes()
        except FileNotFoundError:
            return None

    def put(self, name: str, image: bytes) -> None:
        """Lay an image down, whole or not at all."""
        if not self.path(name).exists():
            with NamedTemporaryFile(dir=self.folder, prefix=".", delete=False) as file:
                file.write(image)
            Path(file.name).replace(self.path(name))

    def names(self) -> set[str]:
        """Those that lie there."""
        return {path.stem for path in self.folder.glob("[!.]*.webp")}

    def remove(self, names: Iterable[str]) -> None:
        """Take some away."""
        for name in names:
            self.path(name).unlink(missing_ok=True)

    def remove_torn(self) -> None:
        """Take away what was never laid down whole. Only while nobody lays any down."""
        for path in self.folder.glob(".*"):
            path.unlink(missing_ok=True)
