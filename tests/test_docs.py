"""The docs tell of every setting, command, option and route that there is, and of no other."""

import re
import shlex
import subprocess
import tomllib
from pathlib import Path

import click
import pytest
from documented import commands as typed

from qa.references import FORMS
from vectorstore.forms import docx, packed, pdf, scans
from vectorstore.forms.columns import NAMES
from vectorstore.forms.registry import PAGES as PAGES_BOUNDS
from vectorstore.forms.registry import Bounds
from vectorstore.ingest import LARGEST_FILE
from vectorstore.reading import LONGEST_PAGE
from web.app import LARGEST_UPLOAD, create_app
from web.cli import main
from web.services import Services
from web.settings import Settings

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.glob("**/*.md")])
_CODE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_ROUTE = re.compile(r"`(GET|POST|PUT|PATCH|DELETE) (/[^\s`?]*)")


def read(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def section(text: str, heading: str) -> str:
    """What stands under a heading, up to the next of its kind."""
    found = re.search(
        rf"^## {re.escape(heading)}[^\n]*\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL
    )
    assert found, f"no section {heading!r}"
    return found.group(1)


def commands() -> dict[str, click.Command]:
    assert isinstance(main, click.Group)
    return main.commands


def parameters(command: click.Command) -> list[click.Parameter]:
    """Of a command and of those below it."""
    below = command.commands.values() if isinstance(command, click.Group) else ()
    return [*command.params, *(each for one in below for each in parameters(one))]


def test_every_setting_is_told_of_and_no_other() -> None:
    settings = {f"BAOWEN_{name.upper()}" for name in Settings.model_fields}
    assert set(re.findall(r"\bBAOWEN_[A-Z_]+\b", read("configuration.md"))) == settings


def test_every_command_is_told_of_and_no_other() -> None:
    told = re.findall(r"^## `baowen ([a-z-]+)", read("command-line.md"), re.MULTILINE)
    assert sorted(told) == sorted(commands())


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_option_of_a_command_is_told_of_and_no_other(name: str) -> None:
    told = section(read("command-line.md"), f"`baowen {name}")
    options = {
        option
        for parameter in parameters(commands()[name])
        if isinstance(parameter, click.Option)
        for option in (*parameter.opts, *parameter.secondary_opts)
        if option.startswith("--")
    }
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", told)) == options
    for parameter in parameters(commands()[name]):
        if isinstance(parameter.type, click.Choice):
            for choice in parameter.type.choices:
                assert f"`{choice}`" in told


def test_every_route_is_told_of_and_no_other(tmp_path: Path) -> None:
    app = create_app(Services(Settings(home=tmp_path)))
    routes = {
        (method.upper(), path)
        for path, methods in app.api_doc["paths"].items()
        for method in methods
        if method in ("get", "post", "put", "patch", "delete")
    }
    apart = {("GET", "/openapi.json"), ("GET", "/docs")}  # the document doesn't speak of itself
    assert set(_ROUTE.findall(read("api.md"))) - apart == routes


def test_every_column_that_the_docs_name_is_known() -> None:
    table = (
        read("ingesting.md").partition("### Columns")[2].partition("\n\n")[2].partition("\n\n")[0]
    )
    rows = re.findall(r"^\| (\w+) \| (`.*) \|$", table, re.MULTILINE)
    assert {field for field, _ in rows} == set(NAMES)
    for field, names in rows:
        told = re.findall(r"`([^`]+)`", names)
        assert [name for name in NAMES[field] if name in told] == told


def test_the_bounds_that_the_docs_tell_are_those_that_hold() -> None:
    told = read("ingesting.md").partition("### Bounds")[2]
    bounds = Bounds()
    for bound in (
        f"| {LARGEST_FILE >> 30} GiB |",
        f"| {LARGEST_UPLOAD >> 20} MiB |",
        f"{bounds.size >> 20} MiB, {bounds.seconds} seconds, {bounds.memory >> 30} GiB of memory",
        f"{PAGES_BOUNDS.size >> 20} MiB, {PAGES_BOUNDS.seconds:,} seconds, "
        f"{PAGES_BOUNDS.memory >> 30} GiB of memory",
        f"{pdf.MOST_PAGES:,} pages",
        f"{pdf.MOST_LETTERS:,} letters",
        f"{scans.MOST_DOTS:,} dots",
        f"{LONGEST_PAGE:,} characters",
        f"{packed.MOST_MEMBERS:,} files, {packed.LARGEST_ARCHIVE >> 30} GiB unpacked",
        f"{packed.LARGEST_MEMBER >> 30} GiB unpacked, {packed.LARGEST_RATIO} times its size",
        f"{docx.LARGEST >> 20} MiB unpacked",
    ):
        assert bound in told


def test_every_form_of_reference_is_told_of() -> None:
    for form in FORMS:
        assert f"`{form}`" in read("api.md")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    prose = _CODE.sub("", page.read_text(encoding="utf-8"))
    for link in _LINK.findall(prose):
        if "://" not in link and not link.startswith("#"):
            assert (page.parent / link.split("#")[0]).exists(), link


def test_the_index_leads_to_every_page() -> None:
    index = read("index.md")
    for page in DOCS.glob("*.md"):
        assert page.name == "index.md" or f"]({page.name})" in index, page.name


def test_every_target_of_make_is_told_of() -> None:
    targets = re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE)
    told = "".join((ROOT / name).read_text() for name in ("README.md", "CONTRIBUTING.md"))
    for target in targets:
        assert target == "help" or f"make {target}" in told, target


def test_every_command_is_one_that_is_tried_or_says_why_not() -> None:
    known = re.compile(r"([A-Z_]+=\S+ )?(baowen|curl|make|python|pip|docker|<iframe)\b")
    for each in typed():
        assert each.reason or known.match(each.text), each


def test_every_benchmark_takes_the_options_that_the_docs_give_it() -> None:
    for each in typed():
        if found := re.match(r"python (benchmarks/\S+)(.*)", each.text):
            source = (ROOT / found.group(1)).read_text(encoding="utf-8")
            for option in re.findall(r"--[a-z-]+", found.group(2)):
                assert f'"{option}"' in source, each


def test_every_extra_that_the_docs_install_is_one() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"][
        "optional-dependencies"
    ]
    for each in typed():
        for named in re.findall(r"baowen\[(\w+)\]", each.text):
            assert named in extras, each


def test_make_knows_what_the_docs_have_it_do(tmp_path: Path) -> None:
    for line in sorted({each.text for each in typed() if each.text.startswith("make ")}):
        tried = subprocess.run(
            ["make", "--dry-run", *shlex.split(line)[1:], f"VENV={tmp_path}"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert tried.returncode == 0, (line, tried.stderr)
