"""The services and rules that the request at hand is answered with."""

from typing import TYPE_CHECKING, cast

from flask import current_app
from werkzeug.local import LocalProxy

if TYPE_CHECKING:
    from web.api.streaming import Streams
    from web.rules import Rules
    from web.services import Services

EXTENSION = "baowen"
RULES = "baowen-rules"
STREAMS = "baowen-streams"

services = cast("Services", LocalProxy(lambda: current_app.extensions[EXTENSION]))
rules = cast("Rules", LocalProxy(lambda: current_app.extensions[RULES]))
streams = cast("Streams", LocalProxy(lambda: current_app.extensions[STREAMS]))
