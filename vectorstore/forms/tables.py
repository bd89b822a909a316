"""Articles as rows of a table: CSV and its kin, whatever parts their cells."""

import csv
import io
from collections.abc import Iterator, Sequence
from functools import partial

from vectorstore.forms import Item, Refused, Unreadable, some, tried
from vectorstore.forms.columns import NAMES, day, field_of, line, names, rank, titles
from vectorstore.forms.text import cleaned, decoded

LONGEST_CELL = 16 << 20
"""Characters of one cell."""
BROKEN_ROWS = 1_000
"""Rows with broken quotes after which the rest of a table is left."""

_DELIMITERS = ",\t;|，"


def parse(data: bytes, name: str) -> Iterator[Item | Refused]:
    """The articles of a table whose first row names its columns, and a sentence for each bad row.

    Raises Unreadable for a table without a column of text, and where no row is an article.
    """
    csv.field_size_limit(LONGEST_CELL)
    lines = list(io.StringIO(decoded(data), newline=""))
    start = 0
    while start < len(lines) and (not lines[start].strip() or lines[start][:4].lower() == "sep="):
        start += 1  # Excel tells its delimiter in a line of its own
    if start == len(lines):
        raise Unreadable("it is empty; give a table with a row for each article")
    delimiter = _delimiter(lines[start], "".join(lines[start : start + 20]))
    rows = _rows(lines, start, delimiter)
    _, header = next(rows)
    if isinstance(header, Refused) or (columns := _columns(header))["text"] is None:
        raise Unreadable(
            "its first row names no column with the text of articles; name it 'text' or '正文', "
            "and the others as docs/ingesting.md tells"
        )
    yield from some(_articles(rows, header, columns), "rows", "give a row for each")


def _articles(
    rows: Iterator[tuple[int, list[str] | Refused]],
    header: Sequence[str],
    columns: dict[str, int | None],
) -> Iterator[Item | Refused]:
    """The article of each row that isn't empty, or why it is none."""
    for number, row in rows:
        place = f"line {number}"
        if isinstance(row, Refused):
            yield row
        elif len(row) > len(header) and any(cell.strip() for cell in row):
            yield Refused(f"{place}: it has {len(row)} cells and the first row {len(header)}")
        elif any(cell.strip() for cell in row):
            yield tried(place, partial(_item, row, columns, place))


def is_table(first: str) -> bool:
    """Whether a line is the first row of a table of articles: it names text and one field more."""
    fields = [field_of(cell) for cell in _split(first, _delimiter(first))]
    return "text" in fields and len(set(fields) - {None}) > 1


def _delimiter(header: str, sample: str = "") -> str:
    """What parts the cells: what parts the header into the most names that we know."""
    best = max(_DELIMITERS, key=lambda each: sum(map(_is_known, _split(header, each))))
    if sum(map(_is_known, _split(header, best))) > 1:
        return best
    try:
        return csv.Sniffer().sniff(sample).delimiter
    except csv.Error:  # one column, or nothing that a delimiter can be seen in
        return best


def _is_known(name: str) -> bool:
    return field_of(name) is not None


def _split(header: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([header], delimiter=delimiter), [])
    except csv.Error:
        return []


def _rows(
    lines: Sequence[str], start: int, delimiter: str
) -> Iterator[tuple[int, list[str] | Refused]]:
    """Each row with the number of its first line, from 1.

    A row whose quotes are broken may swallow the rows behind it, so reading begins afresh in the
    line below its first.
    """
    broken = 0
    while start < len(lines):
        reader = csv.reader(lines[start:], delimiter=delimiter, strict=True)
        begun = 0
        try:
            for row in reader:
                yield start + begun + 1, row
                begun = reader.line_num
            return
        except csv.Error:
            start += begun + 1
            broken += 1
            if broken == BROKEN_ROWS:
                reason = (
                    f"line {start}: its quotes are broken as in many rows before; the rest is left"
                )
                yield start, Refused(reason)
                return
            yield (
                start,
                Refused(f"line {start}: its quotes are broken; write a quote in a cell twice"),
            )


def _columns(header: Sequence[str]) -> dict[str, int | None]:
    """Which column holds each field; where two would, the one whose name comes first."""
    found: dict[str, int | None] = dict.fromkeys(NAMES)
    for place, name in enumerate(header):
        field = field_of(name)
        if field is None:
            continue
        held = found[field]
        if held is None or rank(name) < rank(header[held]):
            found[field] = place
    return found


def _item(row: Sequence[str], columns: dict[str, int | None], place: str) -> Item:
    def cell(field: str) -> str:
        column = columns[field]
        return row[column] if column is not None and column < len(row) else ""

    text = cleaned(cell("text")).strip()
    if not text:
        raise Unreadable("its text is empty")
    return Item(
        text=text,
        titles=titles(cell("kicker"), cell("title"), cell("subtitle")),
        id=line(cell("id")),
        issued=day(cell("date")),
        publication=line(cell("publication")),
        number=line(cell("page")),
        byline=names([cell("byline")]),
        place=place,
    )
