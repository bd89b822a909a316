"""Uploads that are read one after another while their sender waits or goes away.

What was sent is kept in the catalogue's database (``web.register.Uploads``), so that no process that
ends loses any; the queue tells workers at once that there is something. It may lose what it was
told: jobs that nobody takes are looked for now and then.
"""

import json
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Lock, Thread
from time import monotonic
from typing import Any

from huey import Huey, MemoryHuey, RedisHuey
from huey.registry import Message
from huey.serializer import Serializer
from redis.exceptions import RedisError

from vectorstore.ingest import Given, Report, Status, spelt
from vectorstore.unavailable import Unavailable
from web.register import LATE, MOST_TRIES, Job, Progress, Upload, Uploads

logger = logging.getLogger(__name__)

PAUSE = 0.5
"""Seconds between two looks into a queue in memory, if nothing is sent meanwhile."""
LOOK = 5
"""Seconds between two looks for jobs that nobody takes."""
SIGN_OF_LIFE = 10
"""Seconds between two signs of life of a worker that reads a long file."""
NOTED = 1.0
"""Seconds between two notes of how far a zip file is."""
STOPPING = 10
"""Seconds that the upload at hand has when the reader stops; then it is read again."""

_AWAY = (Unavailable, RedisError, OSError)
"""What is raised while a server doesn't answer."""


class Jobs:
    """What is sent to be read, and a thread that reads it, once it is started.

    ``ingest`` takes a file's name, its bytes and what is known of it, and tells what became of it,
    or of each file in it. ``queue`` is the URL of a Redis server that tells workers elsewhere;
    without one, this process alone is told.
    """

    def __init__(
        self,
        kept: Uploads,
        ingest: Callable[[str, bytes, Given], Iterable[Report]],
        queue: str | None = None,
    ) -> None:
        self._kept, self._ingest = kept, ingest
        self._queue = _queue(queue)
        self._send = self._queue.task(name="read_job")(self._read)
        self._counted = Counter[str]()
        self._lock, self._called, self._stopped = Lock(), Event(), Event()
        self._reader: Thread | None = None

    def start(self, late: timedelta = LATE) -> None:
        """Read what is sent, and first what has waited for so long: all of it, if nobody else reads."""
        self._reader = Thread(target=self._work, args=(late,), name="uploads", daemon=True)
        self._reader.start()

    def submit(self, uploads: Sequence[Upload]) -> Job:
        """Have uploads read as soon as those before them are."""
        job = self._kept.put(uploads)
        try:
            self._send(job.id)
        except (RedisError, OSError) as error:  # a worker finds it all the same when it looks
            logger.warning("the queue can't be reached: %s", error)
        self._called.set()
        return job

    def job(self, job_id: str) -> Job | None:
        """Find a job; those that ended long ago are forgotten."""
        return self._kept.job(job_id)

    @property
    def unfinished(self) -> int:
        """How many jobs wait or are being read."""
        return self._kept.unfinished()

    @property
    def read(self) -> dict[str, int]:
        """How many files this process has read so far, by what became of them."""
        with self._lock:
            return dict(self._counted)

    def close(self) -> None:
        """Finish the upload at hand, and leave the others to whoever comes next."""
        self._stopped.set()
        self._called.set()
        if self._reader:
            self._reader.join(STOPPING)

    def _work(self, late: timedelta) -> None:
        due = monotonic()
        while not self._stopped.is_set():
            try:
                if monotonic() >= due:
                    for job_id in self._kept.overdue(late):
                        self._read(job_id, late)
                    due, late = monotonic() + LOOK, LATE
                if task := self._queue.dequeue():
                    self._queue.execute(task)
                elif not self._queue.storage.blocking:
                    self._called.wait(PAUSE)
                    self._called.clear()
            except _AWAY as error:
                logger.warning("uploads wait: %s", error)
                self._stopped.wait(1)
            except Exception:  # the next look tries again
                logger.exception("uploads can't be read")
                self._stopped.wait(LOOK)

    def _read(self, job_id: str, late: timedelta = LATE) -> None:
        """Read the uploads of a job that no other worker is at, until told to stop."""
        if self._stopped.is_set() or not (tries := self._kept.take(job_id, late)):
            return
        end = Progress.DONE
        with self._alive(job_id):
            while sent := self._kept.unread(job_id):
                if self._stopped.is_set():
                    self._kept.give_back(job_id)
                    return
                if not self._take_in(job_id, *sent, given_up=tries > MOST_TRIES):
                    end = Progress.FAILED
        self._kept.end(job_id, end)

    def _take_in(self, job_id: str, number: int, upload: Upload, *, given_up: bool) -> bool:
        """Read one upload, unless workers died of it; tell whether that went as foreseen.

        Raises ``Unavailable``.
        """
        reports: list[Report] = []
        went_well = not given_up
        try:
            if not given_up:
                self._note_each(job_id, number, upload, reports)
        except Unavailable:
            raise
        except Exception:  # the sender is told that; whoever runs the service finds the rest here
            logger.exception("reading %s failed", spelt(upload.name))
            went_well = False
        if not went_well:
            reason = "The service failed to read it; try again later."
            reports.append(Report(upload.name, Status.REFUSED, reason=reason))
        self._kept.note(job_id, number, reports, read=True)
        with self._lock:
            self._counted.update(each.status.value for each in reports)
        return went_well

    def _note_each(self, job_id: str, number: int, upload: Upload, reports: list[Report]) -> None:
        due = monotonic()
        for report in self._ingest(upload.name, upload.data, upload.given):
            reports.append(report)
            if monotonic() >= due:
                self._kept.note(job_id, number, reports, read=False)
                due = monotonic() + NOTED

    @contextmanager
    def _alive(self, job_id: str) -> Iterator[None]:
        """Give signs of life while a job is read."""
        ended = Event()

        def tell() -> None:
            while not ended.wait(SIGN_OF_LIFE):
                try:
                    self._kept.seen(job_id)
                except Exception:  # the next sign may come through
                    logger.exception("no sign of life could be given")

        signs = Thread(target=tell, name="signs of life", daemon=True)
        signs.start()
        try:
            yield
        finally:
            ended.set()
            signs.join()


class _Plain(Serializer):  # type: ignore[misc]
    """JSON in the queue, where pickles would let whoever writes into it run code here."""

    def _serialize(self, data: Any) -> bytes:  # noqa: ANN401
        return json.dumps(data).encode()

    def _deserialize(self, data: bytes) -> Any:  # noqa: ANN401
        return Message(*json.loads(data))


def _queue(url: str | None) -> Huey:
    told = {"results": False, "serializer": _Plain()}
    return RedisHuey("baowen", url=url, **told) if url else MemoryHuey("baowen", **told)
