"""What every server that keeps a part of the archive may be for a while: not there."""

from typing import ClassVar


class Unavailable(RuntimeError):
    """A server doesn't answer for now; the message says which, for whoever runs the service."""

    told: ClassVar = "A part of the service doesn't answer for now: try again in a few seconds."
    """For readers."""
