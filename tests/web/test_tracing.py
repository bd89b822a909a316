"""What a collector of spans gets to know."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import grpc
import pytest
from newsroom import FAULT, Desk
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import (
    TraceServiceServicer,
    add_TraceServiceServicer_to_server,
)
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from web.app import create_app
from web.tracing import exporter

LENGTH = "青石桥的桥长多少米？"
TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


class Collector(TraceServiceServicer):  # type: ignore[misc]
    """Keeps what it gets."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self.said = b""

    def Export(self, request: Any, context: Any) -> ExportTraceServiceResponse:  # noqa: N802 - gRPC's
        self.said += request.SerializeToString()
        for of in request.resource_spans:
            for scope in of.scope_spans:
                self.spans += scope.spans
        return ExportTraceServiceResponse()


@pytest.fixture
def collector() -> Iterator[tuple[Collector, str]]:
    kept = Collector()
    server = grpc.server(ThreadPoolExecutor(1))
    add_TraceServiceServicer_to_server(kept, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield kept, f"http://127.0.0.1:{port}"
    server.stop(None).wait()


def told(span: Span) -> dict[str, Any]:
    return {
        each.key: getattr(each.value, each.value.WhichOneof("value")) for each in span.attributes
    }


def test_a_question_and_its_stages_reach_the_collector(
    archive: Desk, collector: tuple[Collector, str]
) -> None:
    kept, address = collector
    tracer = exporter(address)
    client = create_app(archive, tracer=tracer).test_client()  # type: ignore[arg-type]
    sent = {"traceparent": f"00-{TRACE}-{PARENT}-01", "X-Request-ID": "from-the-proxy"}
    for wanted in ("application/json", "text/event-stream"):
        asked = {"json": {"question": LENGTH}, "headers": sent | {"Accept": wanted}}
        with client.post("/api/v1/questions", **asked) as response:
            response.get_data()
    archive.answerer.fault = FAULT
    client.post("/api/v1/questions", json={"question": LENGTH}).close()
    client.get(f"/nowhere/{LENGTH}").close()
    tracer.shutdown()

    *asked_twice, broken, lost = [each for each in kept.spans if each.kind == Span.SPAN_KIND_SERVER]
    assert len(asked_twice) == 2
    for one in asked_twice:
        assert (one.trace_id.hex(), one.parent_span_id.hex()) == (TRACE, PARENT)
        assert told(one) == {
            "http.request.method": "POST",
            "http.route": "/api/v1/questions",
            "http.response.status_code": 200,
            "baowen.request_id": "from-the-proxy",
            "baowen.answered": True,
            "baowen.writer": "extractive",
        }
        stages = [each for each in kept.spans if each.parent_span_id == one.span_id]
        assert [each.name for each in stages] == [
            "search",
            "write",
        ]  # all that this archive tells the time of
        assert all(
            one.end_time_unix_nano == other.start_time_unix_nano for one, other in pairwise(stages)
        )
    assert broken.status.code == 2
    assert told(broken)["http.response.status_code"] == 500
    assert told(lost)["http.route"] == "none"
    assert LENGTH.encode() not in kept.said
