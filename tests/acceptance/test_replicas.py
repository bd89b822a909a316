"""Several services and workers on one archive, and what becomes of it when a part is lost."""

import itertools
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from typing import Any

import httpx
import pytest
from databases import Server
from engines import Engine
from fleet import KEY, Fleet
from running import SAMPLE, Newsroom
from test_service import LENGTH, ask, events

pytestmark = [pytest.mark.engines, pytest.mark.slow]

STORY = (
    "\n\n{place}灯塔重新点亮\n\n"
    "本报讯(记者 岑小满)11月30日,{place}灯塔重新点亮。{place}灯塔高{height}米,由守塔人钱望潮值守。\n"
)
PLACES = [
    "沙堤湾",
    "鹭鸶角",
    "望归屿",
    "青螺滩",
    "石首矶",
    "白帆港",
    "风陵嘴",
    "月牙洲",
    "铁锚岛",
    "云台角",
]
PAGES = ("2024-05-17-01.txt", "2024-09-23-04.txt")
numbers = itertools.count(11)


@pytest.fixture(scope="module")
def fleet(
    tmp_path_factory: pytest.TempPathFactory, newsroom: Callable[[], Newsroom]
) -> Iterator[Fleet]:
    with Fleet.running(tmp_path_factory.mktemp("fleet"), newsroom()) as fleet:
        fleet.room.run("ingest", *(str(SAMPLE / "yunchuan-daily" / name) for name in PAGES))
        yield fleet


@pytest.fixture
def service(fleet: Fleet) -> Iterator[httpx.Client]:
    with fleet.client() as client:
        yield client


@pytest.fixture
def chief(fleet: Fleet) -> Iterator[httpx.Client]:
    with fleet.client(Authorization=f"Bearer {KEY}") as client:
        yield client


def send(client: httpx.Client, count: int = 1) -> dict[str, Any]:
    """Upload pages of one lighthouse each; the job, with what can be asked of them."""
    files, asked = [], {}
    for _ in range(count):
        height = next(numbers)
        place = f"{PLACES[height % len(PLACES)]}第{height}号"
        text = STORY.format(place=place, height=height)
        files.append(("files", (f"2024-12-01-{height:02}.txt", text.encode())))
        asked[f"{place}灯塔有多高?"] = f"{height}米"
    response = client.post("/api/v1/articles", files=files)
    assert response.status_code == 202, response.text
    return {"url": response.json()["url"], "asked": asked}


def ended(client: httpx.Client, job: dict[str, Any], patience: float = 240) -> dict[str, Any]:
    until = time.monotonic() + patience
    while time.monotonic() < until:
        response = client.get(job["url"])
        if response.status_code == 200 and response.json()["status"] in ("done", "failed"):
            told: dict[str, Any] = response.json()
            return told
        time.sleep(0.3)
    raise AssertionError(f"not read in {patience} s: {response.text}")


def wait_for(done: Callable[[], bool], patience: float = 240) -> None:
    until = time.monotonic() + patience
    while not done():
        assert time.monotonic() < until
        time.sleep(0.5)


def is_answered(client: httpx.Client, question: str, says: str) -> bool:
    response = client.post("/api/v1/questions", json={"question": question})
    return response.status_code == 200 and says in response.json()["text"]


def is_all_found(client: httpx.Client, job: dict[str, Any]) -> bool:
    return all(is_answered(client, *each) for each in job["asked"].items())


def test_what_one_service_takes_in_and_answers_the_other_knows(fleet: Fleet) -> None:
    first, second = (web.port for web in fleet.webs)
    with (
        fleet.client(first, Authorization=f"Bearer {KEY}") as one,
        fleet.client(second, Authorization=f"Bearer {KEY}") as other,
    ):
        job = send(one)
        (report,) = ended(other, job)["report"]
        assert report["status"] == "added"
        wait_for(lambda: is_all_found(other, job))
        answer = ask(one, LENGTH)
        assert other.get(f"/api/v1{answer['url']}").json() == answer
        further = ask(other, "它什么时候通车?", conversation=answer["conversation"])
        assert "鹤汀大桥" in further["standalone_question"]
        kept = one.get(f"/api/v1/conversations/{answer['conversation']}").json()
        assert [each["id"] for each in kept["answers"]] == [answer["id"], further["id"]]


def test_a_question_sent_again_to_the_other_service_has_the_answer_that_it_had(
    fleet: Fleet,
) -> None:
    told = {"json": {"question": LENGTH}, "headers": {"Idempotency-Key": "one-and-the-same"}}
    answers = []
    for web in fleet.webs:
        with fleet.client(web.port) as client:
            answers.append(client.post("/api/v1/questions", **told).json())  # type: ignore[arg-type]
    assert answers[0]["answered"]
    assert answers[0] == answers[1]


def test_an_answer_streams_through_the_proxy_as_it_comes(service: httpx.Client) -> None:
    told = events(service, LENGTH)
    assert told[0][0] == "search"
    answer = told[-1][1]
    assert service.get(f"/api/v1{answer['url']}").json() == answer


def test_the_commands_ask_beside_the_services(fleet: Fleet) -> None:
    assert fleet.room.json("ask", LENGTH)["answered"]
    page = fleet.room.home / "2024-12-02-01.txt"
    page.write_text(STORY.format(place="长汀渡", height=77), encoding="utf-8")
    (article,) = fleet.room.json("ingest", str(page))["articles"]
    assert "77米" in fleet.room.json("ask", "长汀渡灯塔有多高?")["text"]
    assert fleet.room.json("status")["agree"]
    fleet.room.run("remove", article)
    with fleet.client() as client:
        assert "77米" not in ask(client, "长汀渡灯塔有多高?")["text"]
        assert client.get(f"/api/v1/articles/{article}").status_code == 404
    assert fleet.room.json("status")["agree"]


def test_requests_are_counted_for_all_services_together(fleet: Fleet) -> None:
    def left(port: int) -> int:
        with fleet.client(port, **{"X-Forwarded-For": "198.51.100.7"}) as client:
            response = client.get("/api/v1/search", params={"q": "灯塔"})
            return int(response.headers["RateLimit-Remaining"])

    first, second = (left(web.port) for web in fleet.webs)
    assert second == first - 1


@contextmanager
def asked_all_the_while(fleet: Fleet) -> Iterator[list[httpx.Response]]:
    """Readers who ask and look things up through the proxy; gives what they were answered."""
    stop = Event()
    told: list[httpx.Response] = []

    def read(number: int) -> None:
        with fleet.client() as client:
            while not stop.wait(0.5):
                told.append(client.get("/api/v1/search", params={"q": f"图书馆 {number}"}))
                told.append(client.post("/api/v1/questions", json={"question": LENGTH}))

    with ThreadPoolExecutor(2) as readers:
        reading = [readers.submit(read, number) for number in range(2)]
        try:
            yield told
        finally:
            stop.set()
            for each in reading:
                each.result()


def assert_sound(told: list[httpx.Response], fleet: Fleet) -> None:
    """Each was answered, or told when to come again; what was answered is kept as it was told."""
    assert {each.status_code for each in told} <= {200, 503}
    assert all("Retry-After" in each.headers for each in told if each.status_code == 503)
    with fleet.client() as client:
        for each in told:
            if each.status_code == 200 and "answered" in each.json():
                answer = each.json()
                assert client.get(f"/api/v1{answer['url']}").json() == answer


def refused(told: list[httpx.Response]) -> int:
    return sum(each.status_code == 503 for each in told)


def test_a_killed_service_is_not_missed(fleet: Fleet, chief: httpx.Client) -> None:
    web = fleet.webs[0]
    with asked_all_the_while(fleet) as told:
        wait_for(lambda: len(told) > 4)
        web.kill()
        job = send(chief)
        assert ended(chief, job)["status"] == "done"
        time.sleep(3)
        web.start()
        before = len(told)
        wait_for(lambda: len(told) > before + 4)
    assert_sound(told, fleet)
    lookups = [each for each in told if each.request.method == "GET"]
    assert refused(lookups) == 0  # they went to the other one
    assert refused(told[before:]) == 0
    wait_for(lambda: is_all_found(chief, job))


def test_a_killed_workers_uploads_are_read_by_the_other(fleet: Fleet, chief: httpx.Client) -> None:
    jobs = [send(chief, 4) for _ in range(5)]
    for worker in fleet.workers:
        worker.kill()
    fleet.workers[1].start()
    reports = [each for job in jobs for each in ended(chief, job)["report"]]
    assert len(reports) == 20
    assert {each["status"] for each in reports} <= {"added", "unchanged"}
    assert len({article for each in reports for article in each["articles"]}) == 20
    for job in jobs:
        wait_for(lambda job=job: is_all_found(chief, job))  # type: ignore[misc]
    fleet.workers[0].start()
    wait_for(lambda: fleet.room.json("status")["agree"])


def bring_down(
    fleet: Fleet, part: Engine | Server, seconds: float, ready: int = 503
) -> list[httpx.Response]:
    """Kill a part while it is asked and sent to, and start it again; nothing may be lost by that.

    Meanwhile services say that they are ``ready``, or not.
    """
    with fleet.client(Authorization=f"Bearer {KEY}") as chief:
        with asked_all_the_while(fleet) as told:
            wait_for(lambda: len(told) > 4)
            jobs = [send(chief, 2)]
            part.kill()
            time.sleep(seconds)
            wait_for(lambda: chief.get("/readyz").status_code == ready, 30)
            assert chief.get("/healthz").status_code == 200
            part.start()
            wait_for(lambda: chief.get("/readyz").status_code == 200)
            time.sleep(2)
            jobs.append(send(chief, 2))
            before = len(told)
            wait_for(lambda: len(told) > before + 8)
        assert_sound(told, fleet)
        assert refused(told[before:]) == 0  # only while it was down
        for job in jobs:
            assert {each["status"] for each in ended(chief, job)["report"]} <= {
                "added",
                "unchanged",
            }
            wait_for(lambda job=job: is_all_found(chief, job))  # type: ignore[misc]
    wait_for(lambda: fleet.room.json("status")["agree"])
    return told


def test_while_chroma_is_away_readers_are_told_to_come_again(fleet: Fleet) -> None:
    assert refused(bring_down(fleet, fleet.chroma, 5)) > 0


def test_while_the_database_is_away_readers_are_told_to_come_again(fleet: Fleet) -> None:
    assert refused(bring_down(fleet, fleet.database, 5)) > 0


def test_nobody_misses_redis_while_it_is_away(fleet: Fleet) -> None:
    assert refused(bring_down(fleet, fleet.redis, 5, ready=200)) == 0


def test_a_service_that_is_stopped_finishes_what_it_is_at(fleet: Fleet) -> None:
    web = fleet.webs[1]
    with asked_all_the_while(fleet) as told:
        wait_for(lambda: len(told) > 4)
        web.stop(signal.SIGTERM)
        time.sleep(1)
        web.start()
    assert_sound(told, fleet)
    assert refused([each for each in told if each.request.method == "GET"]) == 0
