"""Uploads: kept until they are read, whichever process reads them and whichever dies of it."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event

import engines
import pytest
from newsroom import Desk
from sqlalchemy import Engine, text

from vectorstore.catalogue import connect
from vectorstore.ingest import Given, Report, Status
from vectorstore.unavailable import Unavailable
from web import register
from web.jobs import Jobs
from web.register import MOST_TRIES, Progress, Upload, Uploads

AT_ONCE = timedelta(0)
FILES = [Upload("a.txt", b"one", Given(page="01")), Upload("b.txt", b"two"), Upload("c.txt", b"")]
Ingest = Callable[[str, bytes, Given], Iterator[Report]]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = connect(f"sqlite:///{tmp_path / 'catalogue.db'}")
    yield made
    made.dispose()


@pytest.fixture
def kept(engine: Engine) -> Uploads:
    return Uploads(engine)


def added(name: str, data: bytes, given: Given) -> Iterator[Report]:
    yield Report(name, Status.ADDED, (data.decode(), given.page or ""))


def ended(jobs: Jobs, job_id: str) -> register.Job:
    for _ in range(3_000):
        job = jobs.job(job_id)
        assert job
        if job.status in (Progress.DONE, Progress.FAILED):
            return job
        Event().wait(0.01)
    raise AssertionError(f"{job_id} was not read in time")


def read(
    kept: Uploads, job_id: str, ingest: Ingest = added, late: timedelta = AT_ONCE
) -> register.Job:
    jobs = Jobs(kept, ingest)
    jobs.start(late)
    try:
        return ended(jobs, job_id)
    finally:
        jobs.close()


def test_an_upload_is_read_as_it_was_sent_and_its_bytes_go(kept: Uploads, engine: Engine) -> None:
    job = kept.put(FILES)
    waiting = kept.job(job.id)
    assert waiting
    assert (waiting.status, waiting.total, waiting.reports) == (Progress.WAITING, 3, ())
    assert kept.unfinished() == 1
    done = read(kept, job.id)
    assert done.status is Progress.DONE
    assert [each.articles for each in done.reports] == [("one", "01"), ("two", ""), ("", "")]
    assert kept.unfinished() == 0
    with engine.connect() as connection:
        assert connection.execute(text("SELECT data FROM uploads")).scalars().all() == [None] * 3


def test_a_job_that_nobody_sent_is_none(kept: Uploads) -> None:
    assert kept.job("none") is None
    assert not kept.take("none")


def test_what_waits_is_read_by_a_service_started_later(kept: Uploads) -> None:
    first, second = (Jobs(kept, added).submit([each]) for each in FILES[:2])
    jobs = Jobs(kept, added)
    jobs.start(AT_ONCE)
    assert [ended(jobs, each.id).status for each in (first, second)] == [Progress.DONE] * 2
    jobs.close()


def test_a_service_that_stops_finishes_the_upload_at_hand_and_leaves_the_rest(
    kept: Uploads,
) -> None:
    begun, go = Event(), Event()

    def waits(name: str, data: bytes, given: Given) -> Iterator[Report]:
        begun.set()
        assert go.wait(30)
        yield from added(name, data, given)

    jobs = Jobs(kept, waits)
    jobs.start()
    job = jobs.submit(FILES)
    assert begun.wait(30)
    jobs._stopped.set()
    go.set()
    jobs.close()
    left = kept.job(job.id)
    assert left
    assert (left.status, left.total, len(left.reports)) == (Progress.WAITING, 3, 1)
    assert len(read(kept, job.id).reports) == 3


def test_a_job_is_read_by_one_worker_at_a_time(kept: Uploads) -> None:
    job = kept.put(FILES)
    assert kept.take(job.id) == 1
    assert not kept.take(job.id)
    assert kept.overdue() == []
    kept.give_back(job.id)
    assert kept.overdue() == [job.id]
    assert kept.take(job.id) == 1


def test_a_killed_workers_job_is_read_by_another_from_the_upload_that_it_was_at(
    kept: Uploads, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = kept.put(FILES)
    assert kept.take(job.id)
    kept.note(job.id, 0, [Report("a.txt", Status.ADDED, ("one",))], read=True)
    kept.note(job.id, 1, [Report("b.txt/1", Status.ADDED)], read=False)  # and there it was killed
    monkeypatch.setattr("web.jobs.LATE", AT_ONCE)
    done = read(kept, job.id)
    assert done.status is Progress.DONE
    assert [each.source for each in done.reports] == ["a.txt", "b.txt", "c.txt"]


def test_a_job_that_workers_die_of_is_given_up_in_the_end(kept: Uploads) -> None:
    job = kept.put(FILES[:1])
    for turn in range(MOST_TRIES):
        assert kept.take(job.id, AT_ONCE) == turn + 1
    done = read(kept, job.id)
    assert done.status is Progress.FAILED
    assert [each.status for each in done.reports] == [Status.REFUSED]


def test_an_upload_that_fails_is_told_of_and_the_next_is_read(
    kept: Uploads, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(name: str, data: bytes, given: Given) -> Iterator[Report]:
        if data == b"one":
            raise RuntimeError("a riddle")
        yield from added(name, data, given)

    done = read(kept, kept.put(FILES).id, fails)
    assert done.status is Progress.FAILED
    assert [each.status.value for each in done.reports] == ["refused", "added", "added"]
    assert "a riddle" in caplog.text
    assert "riddle" not in repr(done)


def test_an_upload_waits_while_a_server_is_away(
    kept: Uploads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.jobs.LOOK", 0.01)
    monkeypatch.setattr("web.jobs.LATE", timedelta(seconds=0.2))
    away = iter([True, True, False])

    def comes_back(name: str, data: bytes, given: Given) -> Iterator[Report]:
        if next(away, False):
            raise Unavailable("the database doesn't answer")
        yield from added(name, data, given)

    done = read(kept, kept.put(FILES[:1]).id, comes_back)
    assert [each.status for each in done.reports] == [Status.ADDED]


def test_jobs_that_ended_long_ago_are_forgotten(
    kept: Uploads, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, waiting = kept.put(FILES), kept.put(FILES)
    kept.end(old.id, Progress.DONE)
    monkeypatch.setattr(register, "JOBS_KEPT_FOR", AT_ONCE)
    new = kept.put(FILES)
    assert [bool(kept.job(each.id)) for each in (old, waiting, new)] == [False, True, True]


def test_a_zip_file_is_told_of_while_it_is_read(kept: Uploads) -> None:
    go, told = Event(), Event()

    def packed(name: str, data: bytes, given: Given) -> Iterator[Report]:
        yield Report(f"{name}/1.txt", Status.ADDED)
        told.set()
        assert go.wait(30)
        yield Report(f"{name}/2.txt", Status.ADDED)

    jobs = Jobs(kept, packed)
    jobs.start()
    job = jobs.submit(FILES[:1])
    assert told.wait(30)
    half = jobs.job(job.id)
    go.set()
    assert half
    assert (half.status, len(half.reports)) == (Progress.RUNNING, 1)
    assert len(ended(jobs, job.id).reports) == 2
    jobs.close()


def test_a_service_that_is_killed_forgets_no_upload(archive: Desk) -> None:
    job = Uploads(archive.engine).put([Upload("ferry.txt", "渡轮\n渡轮改走北线。\n".encode())])
    archive.read_all()  # by the service that comes after it
    done = archive.jobs.job(job.id)
    assert done
    assert [each.status for each in done.reports] == [Status.ADDED]


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[engines.Engine]:
    engine = engines.redis(tmp_path)
    engine.start()
    yield engine
    engine.stop()


@pytest.mark.engines
def test_a_worker_elsewhere_is_told_at_once_and_reads_what_came_while_redis_was_away(
    kept: Uploads, redis: engines.Engine
) -> None:
    url = f"redis://127.0.0.1:{redis.port}/0"
    web, worker = Jobs(kept, added, url), Jobs(kept, added, url)
    worker.start(timedelta(days=1))  # it looks by itself in a day
    assert ended(web, web.submit(FILES).id).status is Progress.DONE
    assert web.read == {}
    redis.kill()
    job = web.submit(FILES[:1])
    worker.close()
    redis.start()
    reads = Jobs(kept, added, url)
    reads.start(AT_ONCE)
    assert ended(web, job.id).status is Progress.DONE
    reads.close()


@pytest.mark.engines
def test_what_others_write_into_the_queue_runs_no_code(
    kept: Uploads, redis: engines.Engine, tmp_path: Path
) -> None:
    import pickle

    from redis import Redis

    class Attack:
        def __reduce__(self) -> tuple[object, ...]:
            return Path.touch, (tmp_path / "ran",)

    url = f"redis://127.0.0.1:{redis.port}/0"
    jobs = Jobs(kept, added, url)
    with Redis.from_url(url) as client:
        client.lpush(jobs._queue.storage.queue_key, pickle.dumps(Attack()))
    jobs.start()
    assert ended(jobs, jobs.submit(FILES).id).status is Progress.DONE
    assert not (tmp_path / "ran").exists()
    jobs.close()
