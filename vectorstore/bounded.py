"""Parsers in a process of their own, which may hang, swell or crash without taking this one along.

The process is kept for the next file, since starting it costs more than most files do. It is
started afresh, never forked: this one may have threads and a model in its memory.
"""

import atexit
import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from threading import Event, Lock, Timer
from types import MappingProxyType
from typing import IO

from pydantic import TypeAdapter

from vectorstore.forms import Issue, Item, Keep, Part, Refused, Sheet, Unreadable
from vectorstore.forms.registry import Bounds

logger = logging.getLogger(__name__)

FILES = 200
"""Files after which a process is replaced, for what its libraries may have kept in memory."""
LARGEST_REPLY = 512 << 20
"""Bytes of what a parser may give for one file, without its pages' images."""
LARGEST_IMAGE = 16 << 20
"""Bytes of a page's image, which has 1,600 dots by 1,600 at most."""

_ROOT = str(Path(__file__).parents[1])
_START = """\
import sys
root, path = sys.argv[1:]
sys.path.insert(0, root)
import vectorstore.forms
vectorstore.forms.__path__.extend(filter(None, [path]))
from vectorstore.forms.worker import serve
serve()
"""
_PARTS = {kind.__name__: TypeAdapter[Part](kind) for kind in (Issue, Sheet, Item, Refused)}
_SETTINGS = "BAOWEN_"
"""What the names of all settings begin with: keys and passwords are among them."""


class Parsers:
    """The process that parses, one file at a time whichever thread asks.

    ``path`` is a folder with parsers besides those of ``vectorstore.forms``.
    """

    def __init__(self, path: str = "") -> None:
        self._path = path
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._files = self._memory = 0

    def parse(
        self,
        module: str,
        data: bytes,
        name: str,
        bounds: Bounds,
        *,
        beside: Mapping[str, bytes] = MappingProxyType({}),
        keep: Keep | None = None,
    ) -> list[Part]:
        """What ``vectorstore.forms.<module>`` finds in a file, and in those that it names beside it.

        ``keep`` takes the images of its pages; it is only for forms that have some.

        Raises Unreadable where it finds nothing, takes more than its bounds, or crashes.
        """
        every = (data, *beside.values())
        if sum(map(len, every)) > bounds.size:
            raise Unreadable(
                f"it is larger than {bounds.size >> 20} MiB; part it into smaller files"
            )
        request = {
            "form": module,
            "name": name,
            "size": len(data),
            "seconds": bounds.seconds,
            "memory": bounds.memory,
            "beside": [[other, len(held)] for other, held in beside.items()],
            "images": keep is not None,
        }
        with self._lock:
            asked = json.dumps(request).encode() + b"\n"
            reply = json.loads(self._ask(asked, every, bounds, keep))
        if "parts" in reply:
            return [_PARTS[kind].validate_python(fields) for kind, fields in reply["parts"]]
        if "unreadable" in reply:
            raise Unreadable(reply["unreadable"])
        if "memory" in reply:
            self.close()  # what it holds by now may keep the next file out
            raise Unreadable(
                f"reading it takes more than {bounds.memory >> 20} MiB of memory; "
                "part it into smaller files"
            )
        logger.error("%s can't be read: %s", name, reply["failed"])
        raise Unreadable("reading it failed in a way that nobody foresaw; the log says how")

    def close(self) -> None:
        """End the process; the next file starts another."""
        with self._lock:
            self._end()

    def _ask(
        self, request: bytes, files: Iterable[bytes], bounds: Bounds, keep: Keep | None
    ) -> bytes:
        process, late = self._started(bounds.memory), Event()
        asked, answered = process.stdin, process.stdout
        assert asked  # noqa: S101 - both are pipes
        assert answered  # noqa: S101

        def stop() -> None:
            late.set()
            process.kill()

        clock = Timer(bounds.seconds, stop)
        clock.start()
        whole = False
        try:
            asked.write(request)
            asked.writelines(files)
            asked.flush()
            reply, image = _frame(answered, LARGEST_REPLY), None
            while reply and (image := _frame(answered, LARGEST_IMAGE)):
                if keep:
                    keep(image)
            if reply and image is not None:
                whole = True
                return reply
        except BrokenPipeError:  # it died while it was being asked
            pass
        finally:
            clock.cancel()
            if late.is_set() or not whole:
                self._end()
        if late.is_set() or process.returncode == -signal.SIGXCPU:
            raise Unreadable(
                f"reading it takes more than {bounds.seconds} seconds; part it into smaller files"
            )
        logger.error("the parser died of signal or status %s", process.returncode)
        raise Unreadable("its parser broke down over it; save it afresh, in another form at best")

    def _started(self, memory: int) -> subprocess.Popen[bytes]:
        """The process for a file that may take so much memory, not one that may hold more."""
        worn = self._files >= FILES or memory < self._memory
        if self._process and (worn or self._process.poll() is not None):
            self._end()
        if self._process is None:
            self._files = 0
            self._process = subprocess.Popen(  # noqa: S603 - this project's own code
                [sys.executable, "-P", "-c", _START, _ROOT, self._path],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={
                    name: value
                    for name, value in os.environ.items()
                    if not name.startswith(_SETTINGS)
                },
                start_new_session=True,  # Ctrl-C is for this process, which ends the other
            )
        self._files += 1
        self._memory = memory
        return self._process

    def _end(self) -> None:
        if process := self._process:
            self._process = None
            process.kill()
            with suppress(BrokenPipeError):  # what it was not told is left in the pipe's buffer
                process.communicate()

    def _forget(self) -> None:
        """In a forked process: the parent's process is the parent's."""
        self._lock, self._process = Lock(), None


def _frame(answered: IO[bytes], largest: int) -> bytes | None:
    """The next frame of a reply; None where it breaks off. Raises Unreadable for one too large."""
    size = int.from_bytes(head := answered.read(8), "big")
    if size > largest:
        raise Unreadable("it holds more text than a file may; part it into smaller files")
    found = answered.read(size)
    return found if len(head) == 8 and len(found) == size else None


PARSERS = Parsers()
atexit.register(PARSERS.close)
os.register_at_fork(after_in_child=PARSERS._forget)
