"""What the service keeps for itself beside the archive: keys, requests that it answered already, uploads."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import IntEnum, StrEnum

from pydantic import TypeAdapter
from sqlalchemy import (
    Column,
    ColumnElement,
    DateTime,
    Engine,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from vectorstore.dialects import insert as insert_or_update
from vectorstore.dialects import writing
from vectorstore.ingest import Given, Report
from vectorstore.tables import metadata

KEPT_FOR = timedelta(hours=24)
"""How long a request that was answered is known again."""
JOBS_KEPT_FOR = timedelta(days=7)
"""How long it is told what became of an upload."""
LATE = timedelta(seconds=30)
"""How long after its worker's last sign of life a job is another's."""
MOST_TRIES = 5
"""Workers that may die of one job."""
UNDER_WAY_FOR = timedelta(minutes=2)
"""How long one is waited for that never ends: its service was killed."""

keys = Table(
    "keys",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", String(16), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("revoked_at", DateTime(timezone=True)),
)
repeats = Table(
    "repeats",
    metadata,
    Column("request", String(64), primary_key=True),  # digest of who asked what under which key
    Column("body", String(64), nullable=False),  # digest
    Column(
        "outcome", String(64), nullable=False
    ),  # id of the answer or job, no text of the archive
    Column("kept_at", DateTime(timezone=True), nullable=False, index=True),
)
jobs = Table(
    "jobs",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("status", String(16), nullable=False, index=True),
    Column("tries", Integer, nullable=False),
    Column("sent_at", DateTime(timezone=True), nullable=False),
    Column("seen_at", DateTime(timezone=True), nullable=False),  # its worker's last sign of life
)
uploads = Table(
    "uploads",
    metadata,
    Column("job", ForeignKey("jobs.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("given", Text, nullable=False),
    Column("data", LargeBinary),  # gone once it is read
    Column("reports", Text, nullable=False),
)


class Role(IntEnum):
    """What somebody may do; who may more may also do what those below may."""

    STRANGER = 0
    READER = 1
    EDITOR = 2
    OPERATOR = 3


@dataclass(frozen=True, slots=True)
class Key:
    """A key as far as it is known once it was handed out: its digest alone is kept."""

    id: str
    name: str
    role: Role
    created_at: datetime
    revoked_at: datetime | None = None


_NONE_YET = ""
"""The outcome of a request that is being answered."""

MASTER = Key("master", "BAOWEN_KEY", Role.OPERATOR, datetime.min.replace(tzinfo=UTC))
"""The operator's key that the settings name."""
COMMANDS = Key("commands", "commands on this machine", Role.OPERATOR, MASTER.created_at)
"""The key that the service makes for the commands each time it starts."""


class Keys:
    """Who may show which key. ``master`` comes from the settings, ``commands`` from the service.

    A key is 256 random bits, so a plain SHA-256 can't be searched backwards, and no slow hash is
    needed. Digests are compared in constant time, all of them whichever fits.
    """

    def __init__(
        self, engine: Engine, master: str | None = None, commands: str | None = None
    ) -> None:
        self._engine = engine
        self._told = [
            (digest_of(told), key) for told, key in ((master, MASTER), (commands, COMMANDS)) if told
        ]

    def create(self, name: str, role: Role) -> tuple[Key, str]:
        """Make a key, and tell it this once."""
        told = f"baowen_{secrets.token_urlsafe(32)}"
        key = Key(secrets.token_hex(4), name, role, datetime.now(UTC))
        with writing(self._engine) as connection:
            connection.execute(
                insert(keys).values(
                    id=key.id,
                    name=key.name,
                    role=role.name.lower(),
                    sha256=digest_of(told),
                    created_at=key.created_at,
                )
            )
        return key, told

    def revoke(self, key_id: str) -> bool:
        """Let a key open nothing from now on; False where none that does has this id."""
        with writing(self._engine) as connection:
            return bool(
                connection.execute(
                    update(keys)
                    .where(keys.c.id == key_id, keys.c.revoked_at.is_(None))
                    .values(revoked_at=datetime.now(UTC))
                ).rowcount
            )

    def listed(self) -> list[Key]:
        """Every key that was made, revoked ones too, the oldest first."""
        return [key for _, key in self._made()]

    def any(self) -> bool:
        """Whether a key was ever made, the commands' own put aside.

        One that was revoked counts: taking the last key back must not open what it opened.
        """
        return any(key is not COMMANDS for _, key in self._told) or bool(self._made())

    def shown(self, told: str) -> Key | None:
        """The key that was shown, if it opens anything."""
        shown, found = digest_of(told), None
        for digest, key in (*self._told, *self._made()):
            if hmac.compare_digest(digest, shown) and key.revoked_at is None:
                found = key
        return found

    def _made(self) -> Sequence[tuple[str, Key]]:
        with self._engine.connect() as connection:
            return [
                (
                    row.sha256,
                    Key(row.id, row.name, Role[row.role.upper()], row.created_at, row.revoked_at),
                )
                for row in connection.execute(select(keys).order_by(keys.c.created_at, keys.c.id))
            ]


@dataclass(frozen=True, slots=True)
class Repeat:
    """What a request led to when it first came."""

    body: str
    outcome: str


class Repeats:
    """Which requests were answered, and with what: ids alone, never words of the archive.

    One that is being answered has its row too, without an outcome, so that any service may be sent
    it again.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def begin(self, request: str) -> bool:
        """Note that a request is being answered; False where it is already."""
        now = datetime.now(UTC)
        broken_off = (repeats.c.outcome == _NONE_YET) & (repeats.c.kept_at <= now - UNDER_WAY_FOR)
        over = delete(repeats).where(
            repeats.c.request == request, broken_off | (repeats.c.kept_at <= now - KEPT_FOR)
        )
        begun = insert_or_update(repeats).values(
            request=request, body="", outcome=_NONE_YET, kept_at=now
        )
        with self._engine.begin() as connection:
            connection.execute(over)
            if connection.execute(begun.on_conflict_do_nothing()).rowcount:
                return True
        return self.of(request) is not None

    def end(self, request: str) -> None:
        """Note that it is so no more."""
        with self._engine.begin() as connection:
            connection.execute(
                delete(repeats).where(repeats.c.request == request, repeats.c.outcome == _NONE_YET)
            )

    def of(self, request: str) -> Repeat | None:
        """What this request led to within the last 24 hours."""
        query = select(repeats.c.body, repeats.c.outcome).where(
            repeats.c.request == request,
            repeats.c.outcome != _NONE_YET,
            repeats.c.kept_at > datetime.now(UTC) - KEPT_FOR,
        )
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        return Repeat(row.body, row.outcome) if row else None

    def keep(self, request: str, repeat: Repeat) -> None:
        """Note what a request led to, which so is answered; forget those of before 24 hours."""
        now = datetime.now(UTC)
        told = {"body": repeat.body, "outcome": repeat.outcome, "kept_at": now}
        with writing(self._engine) as connection:
            connection.execute(delete(repeats).where(repeats.c.kept_at <= now - KEPT_FOR))
            connection.execute(
                insert_or_update(repeats)
                .values(request=request, **told)
                .on_conflict_do_update(index_elements=["request"], set_=told)
            )


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was sent, and what its sender says of it."""

    name: str
    data: bytes
    given: Given = field(default_factory=Given)


class Progress(StrEnum):
    """How far a job is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Uploads that came together, and what became of those that were read so far."""

    id: str
    total: int
    """Reports to come in all, as far as is known: a zip file gives one for each file in it."""
    status: Progress = Progress.WAITING
    reports: tuple[Report, ...] = ()


class Uploads:
    """Jobs and the uploads of each, until they are read: for every service and worker alike.

    A worker that takes a job gives signs of life while it is at it; where they cease, another may
    take it. So an upload may be read twice, which adds nothing, but none is forgotten.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def put(self, sent: Sequence[Upload]) -> Job:
        """Keep what was sent as one job; forget those that ended long ago."""
        now = datetime.now(UTC)
        job = Job(id=secrets.token_urlsafe(16), total=len(sent))
        told = [
            {
                "job": job.id,
                "number": number,
                "name": each.name.encode(errors="replace").decode().replace("\0", ""),
                "given": each.given.written(),
                "data": each.data,
                "reports": "[]",
            }
            for number, each in enumerate(sent)
        ]
        row = {"id": job.id, "status": job.status, "tries": 0, "sent_at": now, "seen_at": now}
        old = select(jobs.c.id).where(_has_ended(), jobs.c.seen_at < now - JOBS_KEPT_FOR)
        with self._engine.begin() as connection:
            connection.execute(insert(jobs).values(row))
            connection.execute(insert(uploads), told)
            connection.execute(delete(uploads).where(uploads.c.job.in_(old)))
            connection.execute(
                delete(jobs).where(_has_ended(), jobs.c.seen_at < now - JOBS_KEPT_FOR)
            )
        return job

    def job(self, job_id: str) -> Job | None:
        """How far a job is."""
        query = select(uploads.c.reports, uploads.c.data.is_(None).label("is_read"))
        of_it = query.where(uploads.c.job == job_id).order_by(uploads.c.number)
        with self._engine.connect() as connection:
            status = connection.scalar(select(jobs.c.status).where(jobs.c.id == job_id))
            rows = connection.execute(of_it).all()
        if status is None:
            return None
        reports = [_REPORTS.validate_json(row.reports) for row in rows]
        total = sum(
            len(told) if row.is_read else max(1, len(told))
            for row, told in zip(rows, reports, strict=True)
        )
        return Job(
            id=job_id,
            total=total,
            status=Progress(status),
            reports=tuple(each for told in reports for each in told),
        )

    def unfinished(self) -> int:
        """How many jobs wait or are being read."""
        with self._engine.connect() as connection:
            return connection.scalar(select(func.count()).where(~_has_ended())) or 0

    def overdue(self, late: timedelta = LATE) -> list[str]:
        """Jobs that nobody has taken, or whose worker gives no sign of life; the oldest first."""
        query = select(jobs.c.id).where(~_has_ended(), jobs.c.seen_at <= datetime.now(UTC) - late)
        with self._engine.connect() as connection:
            return list(connection.scalars(query.order_by(jobs.c.sent_at)))

    def take(self, job_id: str, late: timedelta = LATE) -> int:
        """Take a job, and tell the how manieth to do so one is since one gave it back.

        0 where it has ended, or another worker is at it.
        """
        now = datetime.now(UTC)
        is_free = or_(
            jobs.c.status == Progress.WAITING,
            and_(jobs.c.status == Progress.RUNNING, jobs.c.seen_at <= now - late),
        )
        taken = (
            update(jobs)
            .where(jobs.c.id == job_id, is_free)
            .values(status=Progress.RUNNING, tries=jobs.c.tries + 1, seen_at=now)
            .returning(jobs.c.tries)
        )
        with self._engine.begin() as connection:
            return connection.execute(taken).scalar() or 0

    def seen(self, job_id: str) -> None:
        """Give a sign of life."""
        with self._engine.begin() as connection:
            connection.execute(
                update(jobs).where(jobs.c.id == job_id).values(seen_at=datetime.now(UTC))
            )

    def unread(self, job_id: str) -> tuple[int, Upload] | None:
        """The next upload to read, with its number; None where all are read."""
        query = (
            select(uploads)
            .where(uploads.c.job == job_id, uploads.c.data.is_not(None))
            .order_by(uploads.c.number)
            .limit(1)
        )
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        return (row.number, Upload(row.name, row.data, Given.kept(row.given))) if row else None

    def note(self, job_id: str, number: int, reports: Sequence[Report], *, read: bool) -> None:
        """Note what became of an upload so far; of one that is ``read``, the bytes go."""
        told: dict[str, object] = {"reports": _REPORTS.dump_json(tuple(reports)).decode()}
        if read:
            told["data"] = None
        with self._engine.begin() as connection:
            connection.execute(
                update(uploads)
                .where(uploads.c.job == job_id, uploads.c.number == number)
                .values(told)
            )

    def give_back(self, job_id: str) -> None:
        """Leave the rest of a job to whoever comes next."""
        self._set(job_id, Progress.WAITING, tries=0, seen_at=datetime.min.replace(tzinfo=UTC))

    def end(self, job_id: str, status: Progress) -> None:
        """Note how a job ended."""
        self._set(job_id, status, seen_at=datetime.now(UTC))

    def _set(self, job_id: str, status: Progress, **told: object) -> None:
        with self._engine.begin() as connection:
            connection.execute(
                update(jobs).where(jobs.c.id == job_id).values(status=status, **told)
            )


_REPORTS = TypeAdapter(tuple[Report, ...])


def _has_ended() -> ColumnElement[bool]:
    return jobs.c.status.in_([Progress.DONE, Progress.FAILED])


def digest_of(*told: str | bytes) -> str:
    """SHA-256 of some words or bytes, each by itself, in hexadecimal.

    >>> digest_of("a", "b") == digest_of("ab")
    False
    """
    parts = (
        each if isinstance(each, bytes) else each.encode("utf-8", "surrogatepass") for each in told
    )
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()
