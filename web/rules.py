"""What whoever runs the service lets strangers do."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """By default everybody reads and asks, as often as they like, by whatever name they came."""

    keyed: bool = False
    """Whether reading and asking need a key too."""
    hosts: tuple[str, ...] = ()
    """Names by which the service is reached, beside those of this machine; none: any."""
    origins: tuple[str, ...] = ()
    """Sites whose pages may ask, such as ``https://news.example``."""
    proxies: int = 0
    """How many proxies stand before the service and tell whom they ask for."""
    requests: str | None = None
    """How many requests a client has, such as ``3000/minute``; None: any number."""
    questions: str | None = None
    """How many of them may ask or search."""
    limited_at_home: bool = False
    """Whether that counts for programs on this machine too."""
    counted_in: str = "memory://"
    """Where requests are counted."""
    log_questions: bool = False
    """Whether what readers ask may be logged."""
