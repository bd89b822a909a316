"""Where SQLite and PostgreSQL differ, and nowhere else.

SQLite is the archive of one machine, a file; PostgreSQL one that several reach. What the
statements elsewhere say means the same in both: text is compared by code points, moments are of
UTC and come without saying so, and one transaction writes at a time.
"""

import json
import logging
import ssl
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from importlib.util import find_spec
from time import monotonic, sleep
from typing import Any

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    Select,
    String,
    bindparam,
    create_engine,
    event,
    func,
    make_url,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import insert  # SQLite takes it as well
from sqlalchemy.engine import Dialect, ExceptionContext
from sqlalchemy.exc import ArgumentError, DatabaseError, IntegrityError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

from vectorstore.unavailable import Unavailable

__all__ = [
    "Turn",
    "Unreachable",
    "begin_alone",
    "insert",
    "is_postgresql",
    "listed",
    "opened",
    "spelt_in_full",
    "vacuum",
    "writing",
]

logger = logging.getLogger(__name__)

PATIENCE = 60
"""Seconds that a transaction waits for the one before it."""
_WRITERS = 0x62616F77656E
"""The advisory lock that whoever writes holds: its number spells the program's name."""
_INDEXING = _WRITERS + 1
"""The one that whoever indexes holds."""
_LOOK = 0.2
"""Seconds between two looks for whether it is free."""
_TIMESTAMPTZ = 1184
"""PostgreSQL's number of the type of moments."""
_GONE = ("08", "532", "533", "57P")
"""How the codes of errors begin that pass: no connection, no memory or too many, a server that stops."""


class Unreachable(Unavailable):
    """The database doesn't answer, or not now; the message says what to do, and not where it is."""


def spelt_in_full(url: str) -> str:
    """The URL of a database in PostgreSQL, with the driver by which it is reached.

    Raises ``ValueError`` for what is none, and where the driver is missing.
    """
    try:
        told = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise ValueError("write it as postgresql://user@host/database") from error
    kind = told.get_backend_name()
    if kind not in ("postgresql", "postgres") or not (told.username and told.database):
        raise ValueError("write it as postgresql://user@host/database")
    if find_spec("pg8000") is None:
        raise ValueError("PostgreSQL needs a driver: pip install 'baowen[postgres]'")
    _encrypted(told)
    return told.set(drivername="postgresql+pg8000").render_as_string(hide_password=False)


def opened(url: str) -> Engine:
    """What reaches the database at this URL; its tables are left as they are."""
    told = make_url(url)
    if told.get_backend_name() == "sqlite":
        engine = create_engine(told, connect_args={"timeout": PATIENCE}, hide_parameters=True)
        event.listen(engine, "connect", _tune_sqlite)
        return engine
    engine = create_engine(
        told.difference_update_query(["sslmode", "sslrootcert"]),
        connect_args=_encrypted(told)
        | {
            "application_name": "baowen",
            "startup_params": {
                "TimeZone": "UTC",
                "DateStyle": "ISO",
                "lock_timeout": f"{PATIENCE}s",
            },
        },
        pool_pre_ping=True,  # a server that was started again is found again
        hide_parameters=True,  # an error is logged, and what readers ask is not
    )
    engine.dialect.use_insertmanyvalues_wo_returning = True  # else each row is a round trip
    event.listen(engine, "do_connect", _reach)
    event.listen(engine, "connect", _tune_postgresql)
    event.listen(engine, "handle_error", _explain)
    return engine


def is_postgresql(engine: Engine) -> bool:
    """Whether the database is one that several machines reach."""
    return engine.dialect.name == "postgresql"


def _tune_sqlite(connection: Any, _: object) -> None:  # noqa: ANN401 - the driver's own type
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA secure_delete=ON")  # what is taken out is overwritten, not unlinked
    cursor.close()


def _reach(dialect: Dialect, _: object, told: Sequence[Any], named: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """Connect; what the driver lets through of a server that goes away meanwhile is told as ours."""
    try:
        return dialect.connect(*told, **named)
    except OSError as error:
        raise _unreachable(error) from error


def _tune_postgresql(connection: Any, _: object) -> None:  # noqa: ANN401 - the driver's own type
    connection.register_out_adapter(str, _without_nul)
    connection.register_in_adapter(_TIMESTAMPTZ, _moment)


def _without_nul(value: str) -> str:
    """A text as PostgreSQL takes it: of the same length, so that offsets stay."""
    return value.replace("\0", "\N{REPLACEMENT CHARACTER}")


def _moment(told: str) -> datetime:
    return datetime.fromisoformat(told).replace(tzinfo=None)


def _encrypted(url: URL) -> dict[str, Any]:
    """What the driver is told of TLS, of libpq's ``sslmode`` and ``sslrootcert``.

    Raises ``ValueError`` for a mode that isn't libpq's.
    """
    mode, root = (url.query.get(name) for name in ("sslmode", "sslrootcert"))
    if mode in (None, "prefer", "allow"):
        return {}
    if mode == "disable":
        return {"ssl_context": False}
    if mode == "require":
        return {"ssl_context": True}
    if mode not in ("verify-ca", "verify-full"):
        raise ValueError("sslmode is disable, prefer, require, verify-ca or verify-full")
    context = ssl.create_default_context(cafile=str(root) if root else None)
    context.check_hostname = mode == "verify-full"
    return {"ssl_context": context}


def _explain(context: ExceptionContext) -> BaseException | None:
    """Tell an error of PostgreSQL by its class, and without the values that it was about."""
    error = context.original_exception
    code = _shortened(error)
    if context.is_pre_ping:
        return None
    lost = context.is_disconnect or isinstance(error, OSError) or code.startswith("57P")
    if lost or context.connection is None or code.startswith(_GONE):
        context.is_disconnect = lost
        return _unreachable(error)
    if not code:
        return None
    kind = IntegrityError if code.startswith("23") else DatabaseError
    return kind(context.statement, None, error, hide_parameters=True)


def _unreachable(error: BaseException) -> Unreachable:
    logger.warning("the database doesn't answer: %s", error)
    return Unreachable("The database doesn't answer: see that it runs, and try again soon.")


def _shortened(error: BaseException | None) -> str:
    """Leave its message of an error, and of those before it: the rest has what a row holds.

    Tells its code; none where it isn't the server's.
    """
    code = ""
    while error:
        told = error.args[0] if error.args else None
        if isinstance(told, dict):
            code = str(told.get("C", ""))
            error.args = (f"{told.get('M')} ({code})",)
        error = error.__context__
    return code


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction: all of it is kept, or nothing. No other that writes begins until it ends."""
    with engine.begin() as connection:
        begin_alone(connection)
        yield connection


def begin_alone(connection: Connection) -> None:
    """Wait until no other transaction writes; else what was read may be old when this one does."""
    if is_postgresql(connection.engine):
        connection.execute(select(func.pg_advisory_xact_lock(_WRITERS)))
    else:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


class Turn:
    """What one process alone has at a time, until it gives it back, ends, or loses the database.

    PostgreSQL keeps it; it is used as a ``FileLock`` is.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None

    @property
    def is_locked(self) -> bool:
        """Whether this process has it still. Raises ``Unreachable``."""
        if self._connection is None:
            return False
        try:
            self._connection.execute(select(1))
        except Unreachable:  # the server has let go of it
            self._connection.invalidate()
            self._connection = None
            raise
        return True

    def acquire(self, timeout: float) -> None:
        """Wait for it so many seconds. Raises ``TimeoutError`` and ``Unreachable``."""
        if self.is_locked:
            return
        until = monotonic() + timeout
        alone = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        alone.exec_driver_sql("COMMIT")  # of the look whether it is connected
        try:
            while not alone.scalar(select(func.pg_try_advisory_lock(_INDEXING))):
                if monotonic() >= until:
                    raise TimeoutError("another process has its turn")
                sleep(_LOOK)
        except BaseException:
            alone.close()
            raise
        self._connection = alone

    def release(self) -> None:
        """Give it back, if this process has it."""
        if self._connection is not None:
            with suppress(Unreachable):
                self._connection.execute(select(func.pg_advisory_unlock(_INDEXING)))
            self._connection.close()
            self._connection = None


def vacuum(engine: Engine, tables: Iterable[str]) -> None:
    """Have what was deleted overwritten or given back, and no copy of it in SQLite's log.

    In SQLite waits for readers; where one of them doesn't end, the next change empties the log. In
    PostgreSQL what a transaction still sees stays until autovacuum comes by.
    """
    with engine.connect() as connection:
        alone = connection.execution_options(isolation_level="AUTOCOMMIT")
        if is_postgresql(engine):
            quote = engine.dialect.identifier_preparer.quote
            alone.exec_driver_sql("COMMIT")  # of the look whether it is connected
            alone.execute(text(f"VACUUM {', '.join(map(quote, sorted(tables)))}"))
        else:
            alone.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))


class _Listed(GenericFunction[str]):
    """The elements of a JSON array, as a table of the one column ``value``."""

    name = "json_each"
    inherit_cache = True


@compiles(_Listed, "postgresql")
def _listed_by_postgresql(function: _Listed, compiler: SQLCompiler, **told: Any) -> str:  # noqa: ANN401
    return f"jsonb_array_elements_text(CAST({compiler.process(function.clauses, **told)} AS jsonb))"


_LISTING = "listing"


def listed(values: Iterable[str] | None = None) -> Select[Any]:
    """These texts as a table, however many: a statement takes only so many by themselves.

    Without any, those that the statement is executed with, as ``listing`` gives them.
    """
    told = bindparam(_LISTING, type_=String) if values is None else json.dumps(list(values))
    return select(_Listed(told).table_valued("value").c.value)


def listing(values: Iterable[str]) -> dict[str, str]:
    """What a statement with an empty ``listed`` is executed with."""
    return {_LISTING: json.dumps(list(values))}
