"""Spans for OpenTelemetry: each request, and in it the stages of a question. What is asked is in none."""

from collections.abc import Generator
from importlib.metadata import version
from time import time_ns

from flask import Flask, Response, g, request
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind, Status, StatusCode, Tracer, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from qa.answering import AnswerEvent, Event
from qa.answers import Answer
from web.logs import request_id

_STAGES = ("search", "rank", "write")
_MS = 1_000_000
"""Nanoseconds in a millisecond."""


def exporter(url: str) -> TracerProvider:
    """What sends spans to a collector at this address, in batches: OTLP over gRPC.

    Its thread doesn't outlive a fork: make it in the process that answers.
    """
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter

    of = Resource.create({"service.name": "baowen", "service.version": version("baowen")})
    provider = TracerProvider(resource=of)
    sender = OTLPSpanExporter(endpoint=url, insecure=url.startswith("http://"))
    provider.add_span_processor(BatchSpanProcessor(sender))
    return provider


def init_app(app: Flask, provider: TracerProvider) -> None:
    """Trace every request, as part of the trace that its sender names in ``traceparent``."""
    tracer = provider.get_tracer("baowen")
    app.before_request(lambda: _begin(tracer))
    app.after_request(_end)


def followed(events: Generator[Event]) -> Generator[Event]:
    """The same events; where the request at hand is traced, the stages of their answer are too."""
    traced: tuple[Tracer, Span] | None = g.get("traced")
    return _followed(events, *traced) if traced else events


def _begin(tracer: Tracer) -> None:
    route = request.url_rule.rule if request.url_rule else "none"  # a path may hold what is asked
    about = {"http.request.method": request.method, "http.route": route}
    span = tracer.start_span(
        f"{request.method} {route}",
        TraceContextTextMapPropagator().extract(request.headers),
        SpanKind.SERVER,
        about | {"baowen.request_id": request_id.get() or ""},
    )
    g.traced = tracer, span


def _end(response: Response) -> Response:
    if traced := g.get("traced"):
        _, span = traced
        span.set_attribute("http.response.status_code", response.status_code)
        if response.status_code >= 500:
            span.set_status(Status(StatusCode.ERROR))
        response.call_on_close(span.end)
    return response


def _followed(events: Generator[Event], tracer: Tracer, span: Span) -> Generator[Event]:
    for event in events:
        if isinstance(event, AnswerEvent):
            _told(event.answer, tracer, span)
        yield event


def _told(answer: Answer, tracer: Tracer, span: Span) -> None:
    """Add the stages of an answer that has just been given, one after another."""
    span.set_attribute("baowen.answered", answer.answered)
    span.set_attribute("baowen.writer", answer.writer)
    spent = answer.timings_ms
    at = time_ns() - _MS * spent.get("total", 0)
    for stage in (each for each in _STAGES if each in spent):
        one = tracer.start_span(stage, set_span_in_context(span), start_time=at)
        at += _MS * spent[stage]
        one.end(at)
