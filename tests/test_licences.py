"""What is installed may be used and passed on."""

from importlib.metadata import PackageNotFoundError, distribution

import pytest
from licences import is_allowed, licence, pinned


def test_every_pinned_package_has_a_licence_that_is_allowed() -> None:
    looked_at = 0
    for name in pinned():
        try:
            package = distribution(name)
        except PackageNotFoundError:
            continue
        looked_at += 1
        assert is_allowed(licence(package)), (name, licence(package))
    assert looked_at > 100


@pytest.mark.parametrize(
    ("expression", "allowed"),
    [
        ("MIT", True),
        ("GPL-3.0-only", False),
        ("MPL-1.1 OR GPL-2.0-only", True),
        ("MIT AND GPL-2.0-only", False),
        ("MIT AND (Apache-2.0 OR GPL-2.0-only)", True),
        ("(GPL-2.0-only) AND MIT", False),
        ("", False),
        ("Own licence of the Ink Company", False),
    ],
)
def test_a_licence_is_allowed_where_all_that_it_asks_is(expression: str, allowed: bool) -> None:
    assert is_allowed(expression) is allowed
