"""Which licences the pinned packages have, as they say themselves: ``make check`` lists them.

All must be permissive, or of the kind that asks for its own files alone (MPL). A package that
says nothing, or something new, makes this fail, so that a person looks.
"""

import re
import sys
from importlib.metadata import Distribution, PackageMetadata, PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).parents[1]
PINS = ("requirements.txt", "requirements-dev.txt")

ALLOWED = {
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-2-Clause-Views",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CNRI-Python",
    "ISC",
    "MIT",
    "MIT-0",
    "MIT-CMU",
    "MPL-1.1",
    "MPL-2.0",
    "PSF-2.0",
    "Zlib",
}
_SPDX = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache 2.0 License": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "BSD-3-Clause, Apache-2.0, dependency licenses": "BSD-3-Clause AND Apache-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
"""What packages that don't speak SPDX mean."""
_READ = {"axe-playwright-python": "MIT AND MPL-2.0", "huey": "MIT"}
"""Of packages that say nothing, what stands in their licence files: axe-core itself is MPL-2.0."""


def pinned() -> list[str]:
    """Names of the packages that are pinned."""
    lines = (line for name in PINS for line in (ROOT / name).read_text().splitlines())
    return [line.partition("==")[0] for line in lines if "==" in line]


def licence(package: Distribution) -> str:
    """What a package says of its licence, as an SPDX expression where it can be told."""
    told: PackageMetadata = package.metadata
    if expression := told.get("License-Expression"):
        return _SPDX.get(expression, expression)
    classified = [
        each.rpartition(" :: ")[2]
        for each in told.get_all("Classifier") or ()
        if each.startswith("License :: OSI Approved :: ")
    ]
    lines = str(told.get("License") or "").splitlines()
    said = classified or lines[:1]
    return " AND ".join(_SPDX.get(each, each) for each in said) or _READ.get(told["Name"], "")


def is_allowed(expression: str) -> bool:
    """Whether an SPDX expression leaves a choice that is allowed.

    >>> is_allowed("MIT AND (Apache-2.0 OR GPL-2.0-only)"), is_allowed("MIT AND GPL-2.0-only")
    (True, False)
    """
    inner = re.compile(r"\(([^()]*)\)")
    while match := inner.search(expression):
        found = "MIT" if is_allowed(match.group(1)) else "refused"
        expression = expression[: match.start()] + found + expression[match.end() :]
    return any(
        all(each.strip() in ALLOWED for each in choice.split(" AND "))
        for choice in expression.split(" OR ")
    )


def main() -> int:
    """List them, and tell whether one is not allowed."""
    refused = 0
    for name in pinned():
        try:
            told = licence(distribution(name))
        except PackageNotFoundError:  # pinned for another system
            continue
        if not is_allowed(told):
            refused = 1
        print(f"{name:<32} {told or '(says nothing)'}{'' if is_allowed(told) else '   REFUSED'}")
    return refused


if __name__ == "__main__":
    sys.exit(main())
