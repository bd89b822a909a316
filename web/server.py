"""The service: one gunicorn worker with threads, the one owner of the vector store."""

import logging
import os
import socket
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NoReturn

from flask import Flask
from gunicorn.app.base import BaseApplication

from web import tracing
from web.admission import names_this_machine
from web.app import create_app
from web.logs import GunicornsLog
from web.services import Services
from web.worker import Worker

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

logger = logging.getLogger(__name__)

GRACE = 10
"""Seconds that answers under way have when the service is stopped."""


class PortInUse(OSError):
    """Another program listens there; the message says what to do."""


class Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn with settings of ours, and nothing read from the command line or files."""

    def __init__(self, services: Services, host: str, port: int) -> None:
        self._services = services
        self._tracer: TracerProvider | None = None
        self._rules = services.rules
        if names_this_machine(host) and not self._rules.hosts:
            self._rules = replace(
                self._rules, hosts=("localhost",)
            )  # who else sends a name, guesses
        self._options: dict[str, Any] = {
            "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
            "workers": 1,
            "worker_class": Worker,
            "threads": services.settings.threads,
            "timeout": 120,
            "graceful_timeout": GRACE,
            "keepalive": 5,
            "limit_request_line": 8190,
            "limit_request_fields": 64,
            "limit_request_field_size": 8190,
            "forwarded_allow_ips": "",  # who forwarded is the application's to judge
            "logger_class": GunicornsLog,
            "errorlog": None,
            "loglevel": (services.settings.log_level or "info").lower(),
            "worker_exit": lambda _, __: self._leave(),
            "control_socket_disable": True,
        }
        super().__init__()

    def _leave(self) -> None:
        if self._tracer:
            self._tracer.shutdown()  # sends what it still holds
        leave(self._services)

    def load_config(self) -> None:
        """Take our options; gunicorn calls this."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Make the application within the worker: models and threads don't outlive a fork."""
        self._services.start()
        if traces := self._services.settings.traces:
            self._tracer = tracing.exporter(traces)
        return create_app(self._services, rules=self._rules, tracer=self._tracer)


def leave(services: Services) -> NoReturn:
    """End the process without the interpreter's own end, in which native libraries crash."""
    services.stop()
    logging.shutdown()
    os._exit(0)


def serve(services: Services, host: str, port: int, announce: Callable[[], None]) -> None:
    """Serve until told to stop, beside others where the vectors are shared.

    Raises ``PortInUse``, ``InUse``, ``ModelUnavailable`` and ``ChatUnavailable``.
    """
    expect_free(host, port)
    logger.info("embedding with %s", services.embeddings.name)  # found before it is needed
    if services.composer:
        logger.info("answers are written by %s", services.composer.name)
    if services.shared:
        announce()
        Server(services, host, port).run()
        return
    with services.owning(patience=2):
        services.announce(host, port)
        announce()
        try:
            Server(services, host, port).run()
        finally:
            services.withdraw()


def expect_free(host: str, port: int) -> None:
    """See that nobody listens there yet. Raises ``PortInUse``."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortInUse(
                f"{host}:{port} can't be listened on ({error.strerror}): "
                "name another with --port, or stop the program that has it"
            ) from error
