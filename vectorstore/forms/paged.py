"""Files of several pages, each of which may be read or not."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from vectorstore.forms import Refused, Sheet, Unreadable
from vectorstore.forms.reading_order import page_number


def sheets(count: int, sheet: Callable[[int], Sheet], empty: str) -> Iterator[Sheet | Refused]:
    """One sheet for each of so many pages that has text, read when it is asked for.

    ``sheet`` gives that of a page, counted from 1; where it raises Unreadable, the page is told of
    behind the others. Raises Unreadable where no page has text: ``empty``, or why the first can't
    be read.
    """
    given = 0
    left_out = list[Refused]()
    reason = empty
    for place in range(1, count + 1):
        try:
            found = sheet(place)
        except Unreadable as error:
            reason = reason if left_out else str(error)
            left_out.append(Refused(f"page {place}: {error}"))
            continue
        if found.text.strip():
            given += 1
            yield replace(found, number=page_number(found.text, place, count))
    if not given:
        raise Unreadable(reason)
    yield from left_out
