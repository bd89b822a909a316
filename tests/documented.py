"""The commands that the docs tell a reader to type, as they stand there."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("**/*.md"))]
_FENCED = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_INDENTED = re.compile(r"(?<=\n\n)(?: {4}\S.*\n)+")
_INLINE = re.compile(r"`((?:make|python|pip|docker) [^`\n]+|[A-Z_]+=\S+ docker [^`\n]+)`")
_NOTE = re.compile(r"\s+# .*$")

NOT_TYPED = {
    r"docker (compose|stop)": "wants Docker's engine; `make image` takes the Dockerfile's steps without it",
    r"pip install '?baowen\[": "fetches packages; that each extra is one of pyproject.toml's is checked",
    r"make (install|serve|pins|audit)": "fetches packages; tried dry, and `make image` installs",
    r"make ": "runs the tests and checks themselves, for minutes; tried dry",
    r"python benchmarks/": "measures for minutes, on sets that aren't here; its options are checked",
    r"<iframe": "is no command",
}
"""Why a command isn't run as it stands, by how it begins."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command, with the page it stands in."""

    page: str
    text: str

    @property
    def reason(self) -> str:
        """Why it isn't run as it stands; nothing where it is."""
        return next((why for start, why in NOT_TYPED.items() if re.search(start, self.text)), "")


def commands() -> list[Command]:
    """All of them, page by page, without the remarks behind them."""
    return [
        Command(page.relative_to(ROOT).as_posix(), text)
        for page in PAGES
        for text in _commands(page.read_text(encoding="utf-8"))
    ]


def python_examples() -> list[Command]:
    """What the docs have a reader write in Python."""
    return [
        Command(page.relative_to(ROOT).as_posix(), code)
        for page in PAGES
        for form, code in _FENCED.findall(page.read_text(encoding="utf-8"))
        if form == "python"
    ]


def _commands(text: str) -> list[str]:
    blocks = [code for form, code in _FENCED.findall(text) if form == "sh"]
    prose = _FENCED.sub("", text)
    blocks += [re.sub("^ {4}", "", block, flags=re.MULTILINE) for block in _INDENTED.findall(prose)]
    lines = "".join(blocks).replace("\\\n", " ").splitlines()
    return [*(_NOTE.sub("", line) for line in lines), *_INLINE.findall(prose)]
