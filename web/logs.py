"""One record, one line that begins with the time: what strangers send can't pass for a record."""

import logging
import re

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


class OneRecord(logging.Formatter):
    """Spells out control characters, and indents every line of a record but the first."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """Write a record, its traceback included."""
        return _UNPRINTABLE.sub(_spelt, super().format(record)).replace("\n", "\n    ")


def _spelt(match: re.Match[str]) -> str:
    return match.group().encode("unicode_escape").decode()


def log_from(level: str) -> None:
    """Log to standard error from this level on. Raises ``ValueError`` for what is no level."""
    handler = logging.StreamHandler()
    handler.setFormatter(OneRecord())
    logging.basicConfig(level=level.upper(), handlers=[handler])
