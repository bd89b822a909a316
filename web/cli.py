"""``baowen``: the archive from the command line, while the service runs or not.

What is asked is asked of the same HTTP interface either way: over the wire of the service that
runs, or within this process where none does.
"""

import gc
import json
import logging
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from dataclasses import asdict
from datetime import UTC, date, datetime
from functools import partial
from itertools import groupby
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    import httpx

    from qa.answering import AnswerEvent
    from qa.answers import Answer, Question
    from vectorstore.ingest import Given, Report
    from web.register import Key
    from web.rules import Rules
    from web.services import Services

PATIENCE = 60
"""Seconds that a command waits for another command that has the archive open."""

SAMPLE = Path(__file__).parents[1] / "sample"

ROLES = ("reader", "editor", "operator")
FORMS = ("text", "json", "gbt7714", "csl-json", "bibtex", "ris", "jsonld")


class Failed(click.ClickException):
    """Something went wrong that a sentence explains."""

    def show(self, file: Any = None) -> None:  # noqa: ANN401 - click's own type
        """Say it on standard error."""
        click.echo(f"baowen: {self.format_message()}", err=True)


class Day(click.ParamType[date]):
    """A day as YYYY-MM-DD."""

    name = "YYYY-MM-DD"

    def convert(
        self,
        value: str | date,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> date:
        """Read it, or refuse what is no day of the calendar."""
        if isinstance(value, date):
            return value
        try:
            if not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
                raise ValueError(value)
            return date.fromisoformat(value)
        except ValueError:
            return self.fail(f"{value!r} is no day: write it as 2022-07-15", param, ctx)


DAY = Day()


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="baowen", prog_name="baowen")
def main() -> None:
    """Ask a newspaper's archive, and get its own words back with the place they stand.

    Everything is held in the folder that BAOWEN_HOME names (~/.baowen where it names none).
    """


def _services(*, level: str = "WARNING") -> "Services":
    """Read the settings and make what the commands work with; log from this level on."""
    with _modules_that_stay():
        from pydantic import ValidationError

        from web.logs import log_from
        from web.services import Services
        from web.settings import Settings

    try:
        settings = Settings()
        log_from(settings.log_level or level, settings.log_format)
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(["BAOWEN", *map(str, first["loc"])]).upper()
        raise click.UsageError(f"{name}: {first['msg']}") from error
    except ValueError as error:
        raise click.UsageError(f"BAOWEN_LOG_LEVEL: {error}") from error
    for noisy in ("httpx", "sentence_transformers", "chromadb", "alembic", "filelock", "huey"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    return Services(settings)


@contextmanager
def _modules_that_stay() -> Iterator[None]:
    """Import without looking for garbage, nor later in what was imported: a fifth of the time.

    At the end of a command, where Python looks once more, it takes as long again.
    """
    if "web.services" in sys.modules:
        yield
        return
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        gc.enable()


@contextmanager
def _explained() -> Iterator[None]:
    """Turn what can be expected to go wrong into its sentence."""
    from sqlalchemy.exc import DatabaseError

    from qa.composing import ChatUnavailable
    from vectorstore.catalogue import KeptElsewhere, NewerArchive
    from vectorstore.embedding import ModelUnavailable
    from vectorstore.store import StoreError
    from vectorstore.unavailable import Unavailable
    from web.services import InUse

    told = ModelUnavailable, ChatUnavailable, StoreError, InUse, NewerArchive, KeptElsewhere

    try:
        yield
    except (*told, Unavailable) as error:
        raise Failed(str(error)) from error
    except DatabaseError as error:
        raise Failed(
            f"the catalogue can't be written or read ({error.orig}): see that the disk has space "
            "and BAOWEN_HOME is yours, and run it again; what was done so far is kept"
        ) from error
    except OSError as error:
        raise Failed(f"{error.filename or 'a file'}: {error.strerror or error}") from error


@main.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--publication", metavar="NAME", help="The newspaper's name.")
@click.option("--issued", type=DAY, help="The day of the paper.")
@click.option("--page", metavar="NN", help="The page's number as printed.")
@click.option("--kind", type=click.Choice(["auto", "page", "article"]), default="auto")
@click.option("--prune", is_flag=True, help="Take out what these folders held and hold no more.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each input.")
def ingest(
    paths: tuple[Path, ...],
    publication: str | None,
    issued: date | None,
    page: str | None,
    kind: str,
    prune: bool,
    as_json: bool,
) -> None:
    """Take files, or folders and zip files with all that is in them, into the archive.

    Comes back when their articles can be found.
    """
    from vectorstore.ingest import Given, Status
    from vectorstore.reading import Kind

    services = _services()
    with _explained():
        given = Given(publication, issued, page, Kind(kind))
        reports = _take_in(services, paths, given, as_json, prune=prune)
        _settle(services, [each for report in reports for each in report.articles])
    if not as_json:
        _sum_up(reports)
    if any(report.status is Status.REFUSED or report.reason for report in reports):
        sys.exit(1)


def _take_in(
    services: "Services",
    paths: Sequence[Path],
    given: "Given",
    as_json: bool = False,
    *,
    prune: bool = False,
) -> list["Report"]:
    """Take files into the catalogue, and tell of each; whoever owns the caches indexes them.

    Where something couldn't be opened, nothing is pruned: what lies in it may still be there.
    """
    from vectorstore.ingest import Offered, Report, Status, bound, ingest, offered, spelt
    from vectorstore.reading import Unreadable

    reports: list[Report] = []
    offers: list[Offered] = []

    def tell(report: Report) -> None:
        reports.append(report)
        _tell(report, as_json)

    for path in paths:
        try:
            offers += offered(path, given, tell)
        except Unreadable as error:
            tell(Report(spelt(str(path)), Status.REFUSED, reason=str(error)))
    offers = bound(offers)  # pages may be given beside the METS file that binds them
    unopened = bool(reports)
    with _progress("files", len(offers)) as done:
        for offer in offers:
            tell(ingest(services.catalogue, offer))
            done(1)
    if prune and not unopened:
        there = {spelt(offer.origin) for offer in offers}
        for path in paths:
            for file in services.catalogue.sources_from(spelt(str(path.resolve()))):
                if file.origin not in there:
                    gone = services.catalogue.articles_of(file.id)
                    services.remove_files([file])
                    tell(Report(file.file, Status.REMOVED, tuple(gone)))
    elif prune:
        click.echo("baowen: nothing is pruned, since something could not be opened", err=True)
    return reports


def _tell(report: "Report", as_json: bool) -> None:
    if as_json:
        click.echo(
            json.dumps(
                {
                    "source": report.source,
                    "articles": list(report.articles),
                    "status": report.status.value,
                    "reason": report.reason,
                },
                ensure_ascii=False,
            )
        )
    if report.reason:
        click.echo(f"baowen: {report.source}: {report.reason}", err=True)


def _sum_up(reports: Sequence["Report"]) -> None:
    counted: dict[str, int] = {}
    for report in reports:
        counted[report.status.value] = counted.get(report.status.value, 0) + 1
    told = ", ".join(f"{count} {status}" for status, count in counted.items()) or "nothing there"
    given = {each for report in reports for each in report.articles}
    click.echo(f"{told}; {len(given)} articles")


def _settle(services: "Services", article_ids: Sequence[str]) -> None:
    """Come back when these articles can be found."""
    catalogue = services.catalogue
    lacking = catalogue.counts().pending
    with _progress("passages", lacking) as done:
        services.settle(lambda: not catalogue.lacks(article_ids), done)


@main.command()
@click.argument("question")
@click.option("--since", type=DAY, help="The first day told of.")
@click.option("--until", type=DAY, help="The last day told of, itself included.")
@click.option("--publication", metavar="NAME", help="The newspaper to search.")
@click.option("--json", "as_json", is_flag=True, help="The whole answer as JSON.")
def ask(
    question: str, since: date | None, until: date | None, publication: str | None, as_json: bool
) -> None:
    """Ask a question, and get the answer with its citations."""
    body = {
        "question": question,
        "since": since and since.isoformat(),
        "until": until and until.isoformat(),
        "publication": publication,
    }
    from pydantic import ValidationError

    from web.api.problems import refused
    from web.api.schemas import Question

    try:
        Question.model_validate(body)
    except ValidationError as error:  # said before a model is loaded
        raise click.UsageError(str(refused(error).description)) from error
    with _explained(), _asking(_services()) as client:
        answer = _got(client.post("/api/v1/questions", json=body))
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
        return
    click.echo(answer["text"])
    if answer["notice"]:
        click.echo(f"({answer['notice']})")
    for citation in answer["citations"]:
        click.echo(f"\n[{citation['number']}] {_where(citation['article'])}")
        click.echo(f"    {citation['quote']}")
        _tell_reprints(citation)
        click.echo(f"    baowen cite {citation['id']}")
    for citation in answer["related"]:
        click.echo(f"\n ~  {_where(citation['article'])}")
        click.echo(f"    {citation['quote']}")
        _tell_reprints(citation)


def _tell_reprints(citation: dict[str, Any]) -> None:
    """In one line, where else it is printed."""
    if citation["also"]:
        click.echo(f"    also in: {'; '.join(map(_where, citation['also']))}")


def _where(article: dict[str, Any]) -> str:
    told = article["date"] or ""
    if told.startswith("XXXX"):
        told = f"{told} (year unknown)"
    parts = (
        article["headline"],
        article["publication"],
        article["issued"] or told,
        article["page"] and f"p. {article['page']}",
    )
    return " · ".join(filter(None, parts))


@main.command()
@click.argument("cited_id", metavar="ID")
@click.option("--format", "form", type=click.Choice(FORMS), default="text")
def cite(cited_id: str, form: str) -> None:
    """Look up one citation, or all of an answer's, or write them as references."""
    from urllib.parse import quote

    name = quote(cited_id, safe="")
    asked = {} if form == "text" else {"format": form}
    with _explained(), _inside(_services()) as client:
        response = client.get(f"/api/v1/citations/{name}", params=asked)
        if response.status_code == 404:
            response = client.get(f"/api/v1/answers/{name}", params=asked)
        if response.status_code == 404:
            raise Failed(f"no citation or answer has the id {cited_id}")
        found = _checked(response)
    if form not in ("text", "json"):
        click.echo(found.text.rstrip())
    elif form == "json":
        click.echo(json.dumps(found.json(), ensure_ascii=False, indent=2))
    else:
        for citation in found.json().get("citations", [found.json()]):
            _tell_citation(citation)


def _tell_citation(citation: dict[str, Any]) -> None:
    """A quote, where it stands, and what became of it."""
    number = citation.get("number")
    click.echo(f"[{number}] {citation['quote']}" if number else citation["quote"])
    click.echo(f"    {_where(citation['article'])}")
    _tell_reprints(citation)
    click.echo(f"    characters {citation['start']} to {citation['end']}, {citation['status']}")


@main.command()
@click.argument("text")
@click.option("--json", "as_json", is_flag=True, help="All that was found as JSON.")
def check(text: str, as_json: bool) -> None:
    """Check a quote: where it is printed, or what is printed instead. A text of - is read from stdin."""
    body = {"text": sys.stdin.read() if text == "-" else text}
    with _explained(), _asking(_services()) as client:
        checked = _got(client.post("/api/v1/check", json=body))
    if as_json:
        click.echo(json.dumps(checked, ensure_ascii=False, indent=2))
        return
    click.echo(checked["finding"])
    for part in checked["parts"]:
        click.echo(f"\n{part['finding']}: {checked['text'][part['start'] : part['end']]}")
        if part["article"]:
            click.echo(f"    {_where(part['article'])}")
        if part["runs"]:
            click.echo(f"    {''.join(map(_wording, part['runs']))}")
        if part["citation"]:
            _tell_reprints(part["citation"])
            click.echo(f"    baowen cite {part['citation']['id']}")
    for each in checked["attributions"]:
        agrees = "as printed" if each["agrees"] else f"printed: {each['printed'] or 'not named'}"
        click.echo(f"\n{each['role']}: {each['claimed']} ({agrees})")


def _wording(run: dict[str, str]) -> str:
    """Marked as wdiff does: ``[-quoted-]`` and ``{+printed+}``."""
    marks = {"quoted": "[-{}-]", "printed": "{{+{}+}}", "both": "{}"}
    return marks[run["side"]].format(run["text"])


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option(
    "--sample",
    is_flag=False,
    flag_value=str(SAMPLE),
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Take this folder, or the sample newspaper, in first if the archive is empty.",
)
def serve(host: str, port: int, sample: Path | None) -> None:
    """Serve the chat page and the HTTP interface."""
    from vectorstore.ingest import Given
    from web.server import PortInUse
    from web.server import serve as run

    services = _services(level="INFO")
    with _explained():
        if sample and not services.catalogue.counts().articles:
            _sum_up(_take_in(services, [sample], Given()))
        try:
            run(services, host, port, lambda: click.echo(f"Baowen is at http://{host}:{port}/"))
        except PortInUse as error:
            raise Failed(str(error)) from error


@main.command()
def work() -> None:
    """Read uploads, and index where vectors are shared, beside services that answer.

    Any number of workers may run. Each is told of uploads by BAOWEN_QUEUE.
    """
    import signal

    from web.server import leave

    services = _services(level="INFO")
    if services.settings.queue is None:
        raise click.UsageError("set BAOWEN_QUEUE: without it the service reads uploads itself")
    with _explained():
        services.work()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt):
        while True:
            sleep(60)
    leave(services)


@main.command()
@click.option("--json", "as_json", is_flag=True)
@click.option("--doubtful", is_flag=True, help="List the articles that a person should look at.")
@click.option("--coverage", is_flag=True, help="List what is there of each paper, and what isn't.")
def status(as_json: bool, doubtful: bool, coverage: bool) -> None:
    """Count what the archive holds, and tell whether vectors and full text agree with it."""
    services = _services()
    if doubtful and coverage:
        raise click.UsageError("ask for --doubtful or --coverage, not for both")
    if doubtful or coverage:
        with _explained():
            (_list_doubtful if doubtful else _list_coverage)(services, as_json)
        return
    with _explained():
        state = _state(services)
    if as_json:
        click.echo(json.dumps(state, ensure_ascii=False))
        return
    for name, value in state.items():
        click.echo(f"{name:>12}  {value}")
    if not state["agree"]:
        click.echo("run `baowen rebuild` to make vectors and full text afresh", err=True)


def _list_doubtful(services: "Services", as_json: bool) -> None:
    """The articles that may not be what was printed, the least sure ones first."""
    from vectorstore.doubts import least_sure

    listed = least_sure(services.catalogue.doubts())
    found = services.catalogue.articles_by_id(article_id for _, article_id in listed)
    for sure, article_id in listed:
        if not (article := found.get(article_id)):  # taken out meanwhile
            continue
        if as_json:
            told = {
                "id": article.id,
                "confidence": sure,
                "doubts": list(article.doubts),
                "headline": article.title,
                "page": article.page,
                "source": article.source.file,
            }
            click.echo(json.dumps(told, ensure_ascii=False))
        else:
            click.echo(f"{sure:.2f}  {article.id}  {article.title}")
            click.echo(f"      {article.source.file}: {'; '.join(article.doubts)}")
    if not listed and not as_json:
        click.echo("no article is doubtful")


def _list_coverage(services: "Services", as_json: bool) -> None:
    """Issues and pages by paper, what is missing between them, and files that weren't read."""
    from vectorstore.coverage import coverage

    papers = coverage(services.catalogue.issues())
    files = services.catalogue.unread_files()
    if as_json:
        told = {
            "papers": [asdict(paper) for paper in papers],
            "unread": [{"source": file, "reason": reason} for file, reason in files],
        }
        click.echo(json.dumps(told, ensure_ascii=False, default=str))
        return
    for paper in papers:
        name = paper.publication or "(no name)"
        click.echo(
            f"{name}  {paper.first} to {paper.last}: {paper.issues} issues, {paper.pages} pages"
        )
        for first, last in paper.missing:
            click.echo(f"  no issue  {first}" + (f" to {last}" if last != first else ""))
        for day, pages in groupby(paper.missing_pages, key=lambda missing: missing[0]):
            click.echo(f"  no page   {day}: {', '.join(page for _, page in pages)}")
    for file, reason in files:
        click.echo(f"unread  {file}: {reason}")
    if not papers and not files:
        click.echo("no page says its day")


def _state(services: "Services") -> dict[str, Any]:
    with ExitStack() as stack:
        if address := _reached(services, stack):
            return _got(stack.enter_context(_over(address, services)).get("/api/v1/status"))
        return services.state()


@main.group()
def keys() -> None:
    """Keys of programs that use the HTTP interface: made, listed, revoked."""


@keys.command()
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), default=ROLES[0], show_default=True)
@click.option("--json", "as_json", is_flag=True)
def create(name: str, role: str, as_json: bool) -> None:
    """Make a key, and tell it this once: only its digest is kept.

    NAME says whose it is.
    """
    from web.register import Role

    if not name.strip() or not name.isprintable():
        raise click.UsageError("a name says whose key it is: write it in letters")
    with _explained():
        key, told = _services().keys.create(name.strip(), Role[role.upper()])
    if as_json:
        click.echo(json.dumps(_described(key) | {"key": told}, ensure_ascii=False))
        return
    click.echo(told)
    click.echo(
        f"baowen: {key.id} may what the role {role} may; keep it, it isn't told again", err=True
    )


@keys.command("list")
@click.option("--json", "as_json", is_flag=True)
def list_keys(as_json: bool) -> None:
    """List the keys that were made, without what opens."""
    with _explained():
        listed = _services().keys.listed()
    for key in listed:
        told = _described(key)
        if as_json:
            click.echo(json.dumps(told, ensure_ascii=False))
        else:
            state = f"revoked {told['revoked']}" if key.revoked_at else "valid"
            click.echo(f"{key.id}  {told['role']:<8}  {told['created']}  {state}  {key.name}")
    if not listed and not as_json:
        click.echo("there are no keys")


@keys.command()
@click.argument("key_ids", nargs=-1, required=True, metavar="ID...")
def revoke(key_ids: tuple[str, ...]) -> None:
    """Let keys open nothing from now on."""
    with _explained():
        services = _services()
        missing = [each for each in key_ids if not services.keys.revoke(each)]
    for each in missing:
        click.echo(f"baowen: no key that opens anything has the id {each}", err=True)
    if missing:
        sys.exit(1)


def _described(key: "Key") -> dict[str, Any]:
    def told(moment: datetime | None) -> str | None:
        return moment.isoformat(timespec="seconds")[:19] + "Z" if moment else None

    return {
        "id": key.id,
        "name": key.name,
        "role": key.role.name.lower(),
        "created": told(key.created_at),
        "revoked": told(key.revoked_at),
    }


@main.command()
def rebuild() -> None:
    """Make the vector store and the full text afresh from the catalogue."""
    services = _services()
    with _explained():
        services.catalogue.ask_rebuild()
        counts = services.catalogue.counts()
        with _progress("passages", counts.passages) as done:
            services.settle(services.catalogue.is_indexed, done)
    click.echo(f"{counts.passages} passages are indexed afresh")


@main.command()
@click.option("--http", is_flag=True, help="Over streamable HTTP at /mcp instead of stdio.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8001, show_default=True, type=click.IntRange(1, 65535))
@click.option("--site", metavar="URL", help="Where readers reach the service, for links.")
def mcp(http: bool, host: str, port: int, site: str | None) -> None:
    """Offer the archive to assistants as tools, by the Model Context Protocol."""
    try:
        from web.mcp_server import Reach, http_server, server
    except ModuleNotFoundError as error:
        raise Failed(
            f"the package {error.name} is missing: install it with pip install 'baowen[mcp]'"
        ) from error
    from importlib.metadata import version

    from web.rules import Rules
    from web.server import PortInUse, expect_free

    services = _services()
    with _explained(), ExitStack() as stack:
        rules = services.rules if http else Rules()
        if _reached(services, stack):
            reach: Reach = partial(_found, services)
        else:
            services.start()  # which is ready when the model is loaded, and indexes what comes in
            stack.callback(services.stop)
            client = stack.enter_context(_inside(services, rules))
            reach = lambda: nullcontext(client)  # noqa: E731 - a partial's type is not seen through
        made = server(
            reach, site or services.address() or "http://127.0.0.1:8000", version("baowen")
        )
        if not http:
            made.run()
            return
        try:
            expect_free(host, port)
        except PortInUse as error:
            raise Failed(str(error)) from error
        click.echo(f"Assistants reach Baowen at http://{host}:{port}/mcp")
        http_server(made, host, port, rules.hosts, rules.origins).run()


def _found(services: "Services") -> AbstractContextManager["httpx.Client"]:
    """Speak to the service that runs now: it may have been started again since."""
    address = services.address()
    if address is None:
        raise Failed("the service was stopped: start it again with `baowen serve`")
    return _over(address, services)


@main.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--caches", is_flag=True, help="Vectors and full text too; stop the service before.")
def backup(file: Path, caches: bool) -> None:
    """Write the archive into one file, while it is used: articles, images, answers, keys."""
    from web.backup import back_up

    services = _services()
    if caches and services.shared:
        raise click.UsageError(
            "--caches: the vectors are kept by a server, which is backed up apart"
        )
    with _explained(), services.owning(PATIENCE) if caches else nullcontext():
        made = back_up(services.catalogue, services.home, file, caches=caches)
    size = sum(each.size for each in made.files)
    click.echo(f"{file} holds {len(made.files)} files, {size / 2**20:.1f} MiB unpacked")


@main.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--replace", is_flag=True, help="Have the archive that is there go.")
def restore(file: Path, replace: bool) -> None:
    """Make an archive of a backup, in an empty BAOWEN_HOME. Stop the service before.

    Comes back when its articles can be found.
    """
    from web.backup import BadBackup, Occupied
    from web.backup import restore as restored

    services = _services()
    with _explained(), services.owning(2):
        services.expect_file()
        try:
            made = restored(file, services.home, replace=replace)
        except (BadBackup, Occupied) as error:
            raise Failed(str(error)) from error
        click.echo(f"the archive of {made.made_at:%Y-%m-%d %H:%M} UTC is in {services.home}")
        services.indexer.reconcile()
        with _progress("passages", services.catalogue.counts().pending) as done:
            services.catch_up(done)
    counts = services.catalogue.counts()
    click.echo(f"{counts.articles} articles can be found")


@main.command()
@click.argument("article_ids", nargs=-1, metavar="ARTICLE_ID...")
@click.option("--source", help="All articles that this file, or the files of this folder, gave.")
def remove(article_ids: tuple[str, ...], source: str | None) -> None:
    """Take articles out for good, text and vectors."""
    if bool(article_ids) == bool(source):
        raise click.UsageError("name articles by their ids, or a file or folder by --source")
    services = _services()
    with _explained():
        missing = sorted(set(article_ids) - services.catalogue.known(article_ids))
        gone = _removed_from(services, source) if source else services.remove(article_ids)
        services.settle(lambda: not services.catalogue.removed(1))
    click.echo(f"{gone} articles were taken out")
    for each in missing:
        click.echo(f"baowen: no article has the id {each}", err=True)
    if source and not gone:
        click.echo(f"baowen: nothing in the archive came from {source}", err=True)
    if missing or not gone:
        sys.exit(1)


def _removed_from(services: "Services", source: str) -> int:
    from vectorstore.ingest import spelt

    files = services.catalogue.sources_from
    place = spelt(os.path.realpath(source))
    return services.remove_files(files(place) or files(spelt(source)))


@main.command()
@click.argument(
    "questions", required=False, type=click.Path(path_type=Path), metavar="QUESTIONS.jsonl"
)
@click.option("--json", "as_json", is_flag=True, help="All figures as one JSON object.")
@click.option("--limit", type=click.IntRange(1), help="Only so many, spread over the file.")
@click.option("--details", type=click.Path(path_type=Path), help="Write each outcome here.")
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write a page with plots here.",
)
@click.option(
    "--draft", type=click.IntRange(1, 10_000), help="Draft so many questions for a person to check."
)
def evaluate(
    questions: Path | None,
    as_json: bool,
    limit: int | None,
    details: Path | None,
    report: Path | None,
    draft: int | None,
) -> None:
    """Measure answers against gold questions, or draft such questions."""
    if bool(questions) == bool(draft):
        raise click.UsageError("name a file of questions, or have some drafted by --draft N")
    services = _services()
    if draft:
        if as_json or limit or details or report:
            raise click.UsageError("--draft goes without other options")
        with _explained():
            _draft(services, draft)
    elif questions:
        _evaluate(services, questions, as_json, limit, details, report)


def _draft(services: "Services", count: int) -> None:
    from qa.evaluation.drafting import drafts

    drafted = drafts(services.catalogue, count)
    for each in drafted:
        click.echo(each.line())
    if len(drafted) < count:
        click.echo(f"baowen: the archive gave {len(drafted)} questions", err=True)
    if not drafted:
        sys.exit(1)


def _evaluate(
    services: "Services",
    questions: Path,
    as_json: bool,
    limit: int | None,
    details: Path | None,
    report: Path | None,
) -> None:
    from qa.evaluation import BadGold, figures, gold, lines
    from qa.evaluation import evaluate as outcomes_of
    from web.report import PlotsUnavailable, expect_plots, page, told

    try:
        asked = gold(questions)
        if report:
            expect_plots()
    except (BadGold, PlotsUnavailable) as error:
        raise Failed(str(error)) from error
    if limit and limit < len(asked):
        asked = [asked[at * len(asked) // limit] for at in range(limit)]
    if drafts := sum(not each.checked for each in asked):
        click.echo(
            f"baowen: {drafts} of these questions are drafts that nobody has checked; "
            'when you have, set "checked" to true',
            err=True,
        )
    with _explained(), _observing(services) as ask, _progress("questions", len(asked)) as done:
        outcomes = []
        for outcome in outcomes_of(asked, ask, services.catalogue, services.reader.answers):
            outcomes.append(outcome)
            done(1)
        if details:
            details.write_text("\n".join(lines(outcomes)) + "\n", encoding="utf-8")
        shown = figures(outcomes)
        told_of = {"set": questions.name, "date": datetime.now(UTC).date().isoformat()}
        if report:
            report.write_text(page(told_of, shown, outcomes), encoding="utf-8")
    rows = told_of | dict(shown.rows())
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for line in told(rows):
        click.echo(line)


@contextmanager
def _observing(services: "Services") -> Iterator[Callable[["Question"], "AnswerEvent"]]:
    """Ask this process, which tells what an answer was drawn from, or the service that runs."""
    from qa.answering import AnswerEvent

    with ExitStack() as stack:
        if address := _reached(services, stack):
            click.echo(
                f"baowen: the service at {address} is asked, which doesn't tell what it read and how "
                "sure it was: no figures on search, and no curve; stop it to have them",
                err=True,
            )
            client = stack.enter_context(_over(address, services))
            yield lambda question: AnswerEvent(_answered(client, question))
        else:
            services.open()
            services.index()
            yield services.observed


def _answered(client: "httpx.Client", question: "Question") -> "Answer":
    from pydantic import TypeAdapter

    from qa.answers import Answer

    body = {"question": question.text, "conversation": question.conversation}
    if question.as_of:
        body["as_of"] = question.as_of.isoformat()
    return TypeAdapter(Answer).validate_python(_got(client.post("/api/v1/questions", json=body)))


@contextmanager
def _asking(services: "Services") -> Iterator["httpx.Client"]:
    """Ask the service that runs, or this process where none does."""
    with ExitStack() as stack:
        if address := _reached(services, stack):
            yield stack.enter_context(_over(address, services))
        else:
            services.open()
            services.index()
            yield stack.enter_context(_inside(services))


def _reached(services: "Services", stack: ExitStack) -> str | None:
    """Where a service answers; None once this process may ask the archive, until the stack ends."""
    from web.services import InUse

    if services.shared:
        return None
    until = monotonic() + PATIENCE
    while not (address := services.address()):
        try:
            stack.enter_context(services.owning(1))
            return None
        except InUse:
            if monotonic() > until:
                raise
    return address


@contextmanager
def _over(address: str, services: "Services") -> Iterator["httpx.Client"]:
    """Speak to the service that runs, with the key that it left for commands."""
    import httpx

    key = services.pass_key()
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    try:
        with httpx.Client(
            base_url=address, timeout=120, trust_env=False, headers=headers
        ) as client:
            yield client
    except httpx.TransportError as error:
        raise Failed(
            f"the service at {address} doesn't answer ({error}): start it again"
        ) from error


@contextmanager
def _inside(services: "Services", rules: "Rules | None" = None) -> Iterator["httpx.Client"]:
    """Speak to the same interface within this process."""
    import httpx

    from web.app import create_app
    from web.rules import Rules

    _ = services.catalogue  # opened here, where what is wrong with it becomes a sentence
    transport = httpx.WSGITransport(
        app=create_app(services, rules=rules or Rules()), raise_app_exceptions=True
    )
    address = services.address() or "http://127.0.0.1:8000"  # where its links would lead
    with httpx.Client(transport=transport, base_url=address) as client:
        yield client


def _checked(response: "httpx.Response") -> "httpx.Response":
    if response.is_error:
        problem = response.json()
        told = "; ".join(f"{each['field']}: {each['detail']}" for each in problem.get("errors", ()))
        raise Failed(told or problem["detail"])
    return response


def _got(response: "httpx.Response") -> dict[str, Any]:
    got: dict[str, Any] = _checked(response).json()
    return got


@contextmanager
def _progress(unit: str, total: int) -> Iterator[Callable[[int], None]]:
    """Show a bar with rate and time left on a terminal, and a line a minute where there is none."""
    from tqdm import tqdm

    on_terminal = sys.stderr.isatty()
    said = begun = monotonic()
    with (
        tqdm(total=total, unit=f" {unit}", file=sys.stderr, leave=False)
        if on_terminal
        else nullcontext()
    ) as bar:
        count = 0

        def done(more: int) -> None:
            nonlocal count, said
            count += more
            if bar is not None:
                bar.update(more)
            elif monotonic() - said > 60:
                said = monotonic()
                line = tqdm.format_meter(count, total, said - begun, unit=f" {unit}", ncols=0)
                click.echo(line, err=True)

        yield done


if __name__ == "__main__":
    main()
