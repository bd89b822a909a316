"""What is asked of an archive that is not open yet is put off."""

from werkzeug.exceptions import ServiceUnavailable

from web.current import services


def expect_ready() -> None:
    """Abort while questions can't be answered, and say what is missing."""
    if missing := services.ready():
        raise ServiceUnavailable(missing, retry_after=5)
