"""What the service keeps for itself beside the archive: keys, and which requests it answered already."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from threading import Lock

from sqlalchemy import Column, DateTime, Engine, String, Table, Text, delete, insert, select, update

from vectorstore.dialects import insert as insert_or_update
from vectorstore.dialects import writing
from vectorstore.tables import metadata

KEPT_FOR = timedelta(hours=24)
"""How long a request that was answered is known again."""

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
    """Which requests were answered, and with what: ids alone, never words of the archive."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._under_way: set[str] = set()
        self._lock = Lock()

    def begin(self, request: str) -> bool:
        """Note that a request is being answered; False where it is already."""
        with self._lock:
            known = request in self._under_way
            self._under_way.add(request)
        return not known

    def end(self, request: str) -> None:
        """Note that it is so no more."""
        with self._lock:
            self._under_way.discard(request)

    def of(self, request: str) -> Repeat | None:
        """What this request led to within the last 24 hours."""
        query = select(repeats.c.body, repeats.c.outcome).where(
            repeats.c.request == request, repeats.c.kept_at > datetime.now(UTC) - KEPT_FOR
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
        self.end(request)


def digest_of(*told: str | bytes) -> str:
    """SHA-256 of some words or bytes, each by itself, in hexadecimal.

    >>> digest_of("a", "b") == digest_of("ab")
    False
    """
    parts = (
        each if isinstance(each, bytes) else each.encode("utf-8", "surrogatepass") for each in told
    )
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()
