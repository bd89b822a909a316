"""What a monitor wants to know, in Prometheus' form: questions, refusals, times, holdings, errors."""

from collections.abc import Generator, Iterable, Iterator, Mapping
from importlib.metadata import version
from time import perf_counter
from typing import cast

from flask import Flask, Response, current_app, g, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, generate_latest
from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector

from qa.answering import AnswerEvent, Event
from qa.answers import Answer
from web.current import services
from web.logs import tally

EXTENSION = "baowen-metrics"
_SECONDS = (0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 2, 5, 10, 30)


class Counted(Collector):
    """What others count, as it stands when it is asked for."""

    def collect(self) -> Iterable[CounterMetricFamily]:
        """Files that were uploaded, and records of the log."""
        yield _by("baowen_files_read", "Uploaded files read.", "status", services.jobs.read)
        yield _by("baowen_log_records", "Warnings and errors logged.", "level", tally.counted)


def _by(name: str, about: str, label: str, counts: Mapping[str, int]) -> CounterMetricFamily:
    family = CounterMetricFamily(name, about, labels=[label])
    for value, count in sorted(counts.items()):
        family.add_metric([value], count)
    return family


class Metrics:
    """The figures of one application."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._questions = Counter(
            "baowen_questions",
            "Questions answered or refused.",
            ["answered", "writer"],
            registry=self.registry,
        )
        self._faults = Counter(
            "baowen_question_faults", "Questions that broke off.", registry=self.registry
        )
        self._stages = Histogram(
            "baowen_question_seconds",
            "Time of a question, by stage.",
            ["stage"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._requests = Counter(
            "baowen_http_requests",
            "Requests answered.",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self._times = Histogram(
            "baowen_http_request_seconds",
            "Time until a response begins.",
            ["route"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._under_way = Gauge(
            "baowen_http_requests_under_way",
            "Requests whose response is not all sent.",
            registry=self.registry,
        )
        self._held = Gauge("baowen_held", "What the archive holds.", ["of"], registry=self.registry)
        self._ready = Gauge(
            "baowen_ready", "Whether questions can be answered.", registry=self.registry
        )
        self._jobs = Gauge(
            "baowen_jobs_unfinished", "Uploads that wait or are being read.", registry=self.registry
        )

        Info("baowen", "The program.", registry=self.registry).info({"version": version("baowen")})
        self.registry.register(Counted())

    def begun(self) -> None:
        """Note a request."""
        g.begun = perf_counter()
        self._under_way.inc()

    def counted(self, events: Iterator[Event]) -> Generator[Event]:
        """The same events; their answer or fault is counted. A reader who hangs up is no fault."""
        try:
            for event in events:
                if isinstance(event, AnswerEvent):
                    self._answered(event.answer)
                yield event
        except Exception:
            self._faults.inc()
            raise

    def _answered(self, answer: Answer) -> None:
        self._questions.labels(str(answer.answered).lower(), answer.writer).inc()
        for stage, spent in answer.timings_ms.items():
            self._stages.labels(stage).observe(spent / 1000)

    def requested(self, response: Response) -> Response:
        """Count a response by its route: never by its path, which anybody can make up."""
        route = request.url_rule.rule if request.url_rule else "none"
        method = request.method if request.url_rule else "any"
        self._requests.labels(method, route, str(response.status_code)).inc()
        self._times.labels(route).observe(perf_counter() - g.begun)
        response.call_on_close(self._under_way.dec)
        return response

    def written(self) -> bytes:
        """All figures as of now."""
        counts = services.catalogue.counts()
        for name in ("pages", "articles", "passages", "vectors", "pending"):
            self._held.labels(name).set(getattr(counts, name))
        self._ready.set(services.ready() is None)
        self._jobs.set(services.jobs.unfinished)
        return generate_latest(self.registry)


def current() -> Metrics:
    """Of the application at hand."""
    return cast("Metrics", current_app.extensions[EXTENSION])


def init_app(app: Flask) -> None:
    """Count every request."""
    counted = app.extensions[EXTENSION] = Metrics()
    app.before_request(counted.begun)
    app.after_request(counted.requested)
