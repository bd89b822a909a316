"""The process that parses and may die of it; ``vectorstore.bounded`` starts it and asks.

A request is one line of JSON (``form``, ``name``, ``size``, ``seconds``, ``memory``, ``beside``,
``images``), the file's bytes, and those of the files beside it whose names and sizes ``beside``
lists. The reply is frames, each of eight bytes that tell its length and what it holds: first JSON,
either ``parts`` or one of ``unreadable``, ``memory`` and ``failed``; then the image of each page,
where they are asked for; then an empty one.
"""

import json
import os
import resource
import shutil
import sys
import time
import traceback
from contextlib import suppress
from dataclasses import asdict
from functools import partial
from importlib import import_module
from tempfile import TemporaryFile
from typing import IO, Any

from vectorstore.forms import Unreadable, image_name


def serve() -> None:
    """Answer requests on standard input, one after another, until it ends."""
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # a library that prints must not break a reply
    for line in sys.stdin.buffer:
        request = json.loads(line)
        data = sys.stdin.buffer.read(request["size"])
        beside = {name: sys.stdin.buffer.read(size) for name, size in request["beside"]}
        if len(data) < request["size"] or any(
            len(beside[name]) < size for name, size in request["beside"]
        ):
            return
        _bind(request["seconds"], request["memory"])
        with TemporaryFile() as images:  # pages are many, and memory is bounded
            keep = {"keep": partial(_keep, images)} if request["images"] else {}
            given = (data, request["name"], *([beside] if beside else []))
            reply = _written(_reply(request["form"], given, keep))
            del data, beside, given
            replies.write(len(reply).to_bytes(8, "big") + reply)
            images.seek(0)
            shutil.copyfileobj(images, replies)
            replies.write(bytes(8))
            replies.flush()


def _keep(images: IO[bytes], image: bytes) -> str:
    images.write(len(image).to_bytes(8, "big") + image)
    return image_name(image)


def _reply(form: str, given: tuple[Any, ...], keep: dict[str, Any]) -> dict[str, Any]:
    try:
        parts = list(import_module(f"vectorstore.forms.{form}").parse(*given, **keep))
        return {"parts": [[type(part).__name__, asdict(part)] for part in parts]}
    except Unreadable as error:
        return {"unreadable": str(error)}
    except RecursionError:
        return {"unreadable": "its parts are nested too deep; save it afresh, in another form"}
    except MemoryError:
        return {"memory": True}
    except Exception:  # noqa: BLE001 - whoever asked logs it
        return {"failed": traceback.format_exc()}


def _written(reply: dict[str, Any]) -> bytes:
    try:
        return json.dumps(reply, default=_plain, ensure_ascii=False).encode(errors="surrogatepass")
    except MemoryError:
        return b'{"memory": true}'


def _bind(seconds: int, memory: int) -> None:
    """Have the system stop this process where a file takes too much."""
    with suppress(ValueError, OSError):  # a system may know no such bound; the clock stays
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + seconds + 1, hard))
    with suppress(ValueError, OSError):
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (memory, hard))
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _plain(value: object) -> object:
    return sorted(value) if isinstance(value, frozenset) else str(value)
