"""The services that the request at hand is answered with."""

from typing import TYPE_CHECKING, cast

from flask import current_app
from werkzeug.local import LocalProxy

if TYPE_CHECKING:
    from web.services import Services

EXTENSION = "baowen"

services = cast("Services", LocalProxy(lambda: current_app.extensions[EXTENSION]))
