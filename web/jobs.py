"""Uploads that are read one after another while their sender waits or goes away."""

import logging
import secrets
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from enum import StrEnum
from threading import Lock

from vectorstore.ingest import Given, Report, Status, spelt

logger = logging.getLogger(__name__)

KEPT_JOBS = 1_000


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


class Jobs:
    """One thread that reads what was uploaded, in the order in which it came.

    ``ingest`` takes a file's name, its bytes and what is known of it, and tells what became of it,
    or of each file in it.
    """

    def __init__(self, ingest: Callable[[str, bytes, Given], Iterable[Report]]) -> None:
        self._ingest = ingest
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._read = Counter[str]()
        self._lock = Lock()
        self._reader = ThreadPoolExecutor(max_workers=1, thread_name_prefix="uploads")

    def submit(self, uploads: Sequence[Upload]) -> Job:
        """Have uploads read as soon as those before them are."""
        job = self._note(Job(id=secrets.token_urlsafe(16), total=len(uploads)))
        self._reader.submit(self._run, job, tuple(uploads))
        return job

    def job(self, job_id: str) -> Job | None:
        """Find a job; the oldest are forgotten."""
        with self._lock:
            return self._jobs.get(job_id)

    @property
    def unfinished(self) -> int:
        """How many jobs wait or are being read."""
        with self._lock:
            return sum(
                job.status in (Progress.WAITING, Progress.RUNNING) for job in self._jobs.values()
            )

    @property
    def read(self) -> dict[str, int]:
        """How many files were read so far, by what became of them."""
        with self._lock:
            return dict(self._read)

    def close(self) -> None:
        """Finish the upload at hand and take no more."""
        self._reader.shutdown(cancel_futures=True)

    def _run(self, job: Job, uploads: tuple[Upload, ...]) -> None:
        job = self._note(replace(job, status=Progress.RUNNING))
        end = Progress.DONE
        for waiting, upload in zip(reversed(range(len(uploads))), uploads, strict=True):
            try:
                for report in self._ingest(upload.name, upload.data, upload.given):
                    job = self._told(job, report, waiting)
            except (
                Exception
            ):  # the sender is told that; whoever runs the service finds the rest here
                logger.exception("reading %s failed", spelt(upload.name))
                reason = "The service failed to read it; try again later."
                report, end = Report(upload.name, Status.REFUSED, reason=reason), Progress.FAILED
                job = self._told(job, report, waiting)
        self._note(replace(job, status=end, total=len(job.reports)))

    def _told(self, job: Job, report: Report, waiting: int) -> Job:
        """Add a report; ``waiting`` uploads come behind this one."""
        reports = (*job.reports, report)
        with self._lock:
            self._read[report.status.value] += 1
        return self._note(
            replace(job, reports=reports, total=max(job.total, len(reports) + waiting))
        )

    def _note(self, job: Job) -> Job:
        with self._lock:
            self._jobs[job.id] = job
            while len(self._jobs) > KEPT_JOBS:
                self._jobs.popitem(last=False)
        return job
