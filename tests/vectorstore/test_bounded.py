"""A parser that hangs, swells or crashes is one refused file, and the next file is read."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from vectorstore import bounded, forms
from vectorstore.bounded import Parsers
from vectorstore.forms import Item, Refused, Sheet, Unreadable
from vectorstore.forms.registry import Bounds

ROOT = Path(__file__).parents[2]
TABLE = "title,text,date\n水厂,今天投用。,2024-05-17\n坏,,\n".encode()
BOUNDS = Bounds()
_BROKEN = """
import ctypes, os, sys, time
from vectorstore.forms import Item, Refused, Sheet, Unreadable

def parse(data, name, keep=None):
    match data:
        case b"images": return [Sheet(text=str(n), image=keep(bytes([n]) * 99999)) for n in range(9)]
        case b"crash amid images":
            keep(b"one")
            ctypes.string_at(0)
        case b"a large image": keep(bytes(17 << 20))
        case b"spin":
            while True: pass
        case b"sleep": time.sleep(60)
        case b"swell": return [Sheet(text="x" * (8 << 30))]
        case b"hoard":
            kept = [bytes(1 << 20) for _ in range(1 << 14)]
        case b"crash": ctypes.string_at(0)
        case b"exit": os._exit(3)
        case b"print": print("noise"); sys.stdout.flush()
        case b"raise": raise KeyError("what nobody foresaw")
        case b"nest": raise RecursionError
        case b"refuse": raise Unreadable("it is no good")
        case b"key": return [Sheet(text=os.environ.get("BAOWEN_KEY", "none"))]
        case b"pid": return [Sheet(text=str(os.getpid()))]
    return [Sheet(text="good", number="3"), Item(text="a", heads=frozenset({2, 1})), Refused("no")]
"""


@pytest.fixture(scope="module")
def parsers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parsers]:
    """Parsers that know one form more, whose parser does what a file tells it."""
    folder = tmp_path_factory.mktemp("forms")
    (folder / "broken.py").write_text(textwrap.dedent(_BROKEN))
    made = Parsers(path=str(folder))
    yield made
    made.close()


def parsed(parsers: Parsers, data: bytes, bounds: Bounds = BOUNDS) -> list[forms.Part]:
    return parsers.parse("broken", data, "x", bounds)


GOOD = [Sheet(text="good", number="3"), Item(text="a", heads=frozenset({1, 2})), Refused("no")]


def test_what_a_larger_form_holds_is_not_counted_against_the_next(parsers: Parsers) -> None:
    large = parsed(parsers, b"pid", Bounds(memory=4 << 30))
    assert parsed(parsers, b"pid", Bounds(memory=4 << 30)) == large
    small = parsed(parsers, b"pid")
    assert small != large
    assert parsed(parsers, b"pid", Bounds(memory=4 << 30)) == small


def test_values_come_back_as_they_were(parsers: Parsers) -> None:
    assert parsed(parsers, b"") == GOOD
    first, second = parsers.parse("tables", TABLE, "a.csv", BOUNDS)
    assert isinstance(first, Item)
    assert (first.titles, str(first.issued)) == (("水厂",), "2024-05-17")
    assert second == Refused("line 3: its text is empty")


@pytest.mark.parametrize(
    ("data", "bounds", "says"),
    [
        pytest.param(b"sleep", Bounds(seconds=1), "more than 1 seconds", id="hangs"),
        pytest.param(b"spin", Bounds(seconds=1), "more than 1 seconds", id="runs for ever"),
        pytest.param(b"swell", Bounds(memory=1 << 30), "1024 MiB of memory", id="swells"),
        pytest.param(b"hoard", Bounds(memory=1 << 30), "1024 MiB of memory", id="hoards"),
        pytest.param(b"crash", BOUNDS, "broke down", id="crashes"),
        pytest.param(b"exit", BOUNDS, "broke down", id="ends"),
        pytest.param(b"raise", BOUNDS, "nobody foresaw", id="raises"),
        pytest.param(b"nest", BOUNDS, "nested", id="nested too deep"),
        pytest.param(b"refuse", BOUNDS, "it is no good", id="refuses"),
        pytest.param(b"12345", Bounds(size=4), "larger than", id="too large"),
    ],
)
def test_a_parser_that_fails_is_one_sentence_and_the_next_file_is_read(
    parsers: Parsers, data: bytes, bounds: Bounds, says: str
) -> None:
    with pytest.raises(Unreadable, match=says):
        parsed(parsers, data, bounds)
    assert parsed(parsers, b"") == GOOD


def test_images_of_pages_come_beside_them(parsers: Parsers) -> None:
    images: dict[str, bytes] = {}

    def keep(image: bytes) -> str:
        return images.setdefault(forms.image_name(image), image) and forms.image_name(image)

    parts = parsers.parse("broken", b"images", "x", BOUNDS, keep=keep)
    for number, part in enumerate(parts):
        assert isinstance(part, Sheet)
        assert part.image
        assert images[part.image] == bytes([number]) * 99_999
    assert parsed(parsers, b"") == GOOD


@pytest.mark.parametrize(
    ("data", "says"), [(b"crash amid images", "broke down"), (b"a large image", "holds more")]
)
def test_a_parser_that_fails_amid_images_is_one_sentence_too(
    parsers: Parsers, data: bytes, says: str
) -> None:
    with pytest.raises(Unreadable, match=says):
        parsers.parse("broken", data, "x", BOUNDS, keep=forms.image_name)
    assert parsed(parsers, b"") == GOOD


def test_a_disk_that_is_full_ends_the_file_and_not_the_next(parsers: Parsers) -> None:
    def keep(image: bytes) -> str:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        parsers.parse("broken", b"images", "x", BOUNDS, keep=keep)
    assert parsed(parsers, b"") == GOOD


def test_what_a_parser_prints_does_not_reach_the_reader(parsers: Parsers) -> None:
    assert parsed(parsers, b"print") == GOOD


def test_the_process_is_kept_and_replaced_when_it_dies(
    parsers: Parsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = parsed(parsers, b"pid")
    assert parsed(parsers, b"pid") == first
    assert isinstance(first[0], Sheet)
    os.kill(int(first[0].text), signal.SIGKILL)
    time.sleep(0.1)
    second = parsed(parsers, b"pid")
    assert second != first
    monkeypatch.setattr(bounded, "FILES", 1)
    assert parsed(parsers, b"pid") != second


def test_the_process_does_not_know_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAOWEN_KEY", "secret")
    (tmp_path / "broken.py").write_text(_BROKEN)
    parsers = Parsers(path=str(tmp_path))
    assert parsed(parsers, b"key") == [Sheet(text="none")]
    parsers.close()


def test_threads_may_ask_at_once(parsers: Parsers) -> None:
    with ThreadPoolExecutor(8) as many:
        assert list(many.map(lambda _: parsed(parsers, b""), range(40))) == [GOOD] * 40


def test_a_forked_process_starts_a_process_of_its_own() -> None:
    script = f"""
import os, sys
sys.path.insert(0, {str(ROOT)!r})
from vectorstore.bounded import PARSERS
from vectorstore.forms.registry import Bounds
table = b"title,text\\na,b\\n"
PARSERS.parse("tables", table, "a.csv", Bounds())
mine = PARSERS._process.pid
child = os.fork()
if not child:
    assert PARSERS._process is None
    (item,) = PARSERS.parse("tables", table, "a.csv", Bounds())
    os._exit(0 if item.text == "b" and PARSERS._process.pid != mine else 1)
assert os.waitpid(child, 0)[1] == 0
PARSERS.parse("tables", table, "a.csv", Bounds())
assert PARSERS._process.pid == mine
"""
    subprocess.run([sys.executable, "-W", "error", "-c", script], check=True, timeout=60)


def test_the_process_imports_nothing_of_the_rest() -> None:
    script = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); import vectorstore.forms.worker;"
        "heavy = {'torch', 'chromadb', 'pydantic', 'numpy', 'sqlalchemy', 'rjieba', 'trafilatura'};"
        "sys.exit(1 if heavy & set(sys.modules) else 0)"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
