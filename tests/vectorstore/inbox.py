"""Files that come in as they lie in a folder or a zip file, and what is told of them."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

from vectorstore.catalogue import Catalogue
from vectorstore.ingest import Given, Report, ingest, offered


def packed_as(members: Mapping[str, bytes]) -> bytes:
    """A zip file; its members' names are written as they are."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def take_in(catalogue: Catalogue, path: Path, known: Given = Given()) -> list[Report]:
    """Take in all that a folder or file offers; the reports by name."""
    reports: list[Report] = []
    for offer in offered(path, known, reports.append):
        reports.append(ingest(catalogue, offer))
    return sorted(reports, key=lambda report: report.source)


def told(reports: list[Report]) -> list[tuple[str, str]]:
    """What became of each input."""
    return [(report.source, report.status.value) for report in reports]
