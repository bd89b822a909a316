"""From lines scattered over a page to its text in reading order: columns, headlines, boxes.

A page is cut again and again (a recursive XY-cut): first across, above headlines that open what
stands below them; then down its gutters; then across wherever the columns change. What hangs
between columns without being a headline (a caption, a box) is read behind the columns that flow
around it. What can't be cut so is put in order block by block, as T. Breuel describes in "High
performance document layout analysis" (2003).

Columns then become paragraphs: an indent, a line that ends early, a wider gap or letters of
another size begin a new one.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from vectorstore.forms import Placed, Sheet
from vectorstore.layout import layout, masthead, mend, told_apart
from vectorstore.lines import is_latin
from vectorstore.pieces import Role

_GUTTER = 0.7
"""The least width of a gutter, counted in the size of the letters beside it."""
_LARGE = 1.2
"""From how many times the size of a page's text on a line is a headline."""
_LONGEST_SIDE = 1e9
"""What no unit gives a page's side."""
_DEEPEST = 50
_MOST_BLOCKS = 150
"""How many blocks are put in order by comparing each with each."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page; ``top`` is less than ``bottom``."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def area(self) -> float:
        """How much of the page it covers."""
        return max(self.right - self.left, 0) * max(self.bottom - self.top, 0)

    def holds(self, other: "Box") -> bool:
        """Whether another box's middle lies in this one."""
        across, down = (other.left + other.right) / 2, (other.top + other.bottom) / 2
        return self.left <= across <= self.right and self.top <= down <= self.bottom


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text, or a stretch of one, where it stands."""

    text: str
    box: Box
    size: float
    """Of its letters, in the units of its box: the em of its font, or nearly so."""


@dataclass(frozen=True, slots=True)
class _Part:
    """What is put in order: a line, or all that a frame holds."""

    box: Box
    size: float
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class _Column:
    parts: tuple[_Part, ...]
    hangs: bool = False
    """Whether it hangs between the columns of a text, as a caption does."""


@dataclass(frozen=True, slots=True)
class _Band:
    """Parts that whitespace right across parts from what stands above and below."""

    parts: tuple[_Part, ...]
    rows: int
    spans: tuple[tuple[float, float], ...]
    """Where there is text, from left to right; the gutters lie between."""


def read_page(lines: Iterable[Line], frames: Sequence[Box] = ()) -> tuple[str, list[Line]]:
    """The text of a page, its paragraphs in reading order, and its lines in the same order.

    ``frames`` are boxes drawn around text; what stands in one stays together. Paragraphs are parted
    by blank lines; one that is set in begins with blanks, one that hangs beside the text has three
    blank lines before it.
    """
    written = [line for line in lines if line.text.strip()]
    body = text_size(written)
    columns = [(_rows(column.parts), column.hangs) for column in _columns(written, frames, body)]
    text = _written([_Set(tuple(map(_row, rows)), hangs) for rows, hangs in columns], body)
    return text, [
        line for rows, _ in columns for row in rows for part in row for line in part.lines
    ]


def text_of_blocks(blocks: Iterable[Sequence[Line]]) -> str:
    """The text of blocks of lines that are in order already, written as a page's is.

    Lines that stand nowhere (their boxes are empty) stay lines.
    """
    given = [[line for line in block if line.text.strip()] for block in blocks]
    rows = [
        _Set(tuple(_Row(line.text.strip(), line.box, line.size) for line in block))
        for block in given
        if block
    ]
    return _written(rows, text_size([line for block in given for line in block]))


def evened(lines: Sequence[Line]) -> list[Line]:
    """Lines whose size was measured from their letters' heights, small differences evened out."""
    body = text_size(lines)
    return [
        replace(line, size=body) if 0.75 * body < line.size < 1.3 * body else line for line in lines
    ]


def on_page(sheet: Sheet, lines: Iterable[Line], size: tuple[float, ...] | None) -> Sheet:
    """A sheet with its lines where they stand on a page of this width and height.

    Lines that stand nowhere on it are left out, and all are where its size can't be believed.
    """
    if size is None or not all(1 <= side < _LONGEST_SIDE for side in size):
        return sheet
    width, height = size
    found = (
        Placed(
            line.text,
            _share(line.box.left, width),
            _share(line.box.top, height),
            _share(line.box.right, width),
            _share(line.box.bottom, height),
        )
        for line in lines
    )
    return replace(
        sheet,
        lines=tuple(line for line in found if line.left < line.right and line.top < line.bottom),
        width=round(width),
        height=round(height),
    )


def _share(place: float, whole: float) -> float:
    return round(min(max(place / whole, 0), 1), 4)


def page_number(text: str, place: int, count: int) -> str | None:
    """The number that a page prints; where it prints none, its place among several."""
    return masthead(layout(text)).number or (str(place) if count > 1 else None)


def text_size(lines: Sequence[Line]) -> float:
    """The size that most of a page's letters are set in; 0 where there is none."""
    counted = dict[float, int]()
    for line in lines:
        size = round(line.size, 1)
        counted[size] = counted.get(size, 0) + len(line.text)
    half, so_far = sum(counted.values()) / 2, 0
    for size in sorted(counted):
        so_far += counted[size]
        if so_far >= half:
            return size
    return 0


def _columns(lines: Sequence[Line], frames: Sequence[Box], body: float) -> Iterator[_Column]:
    """The columns of a page in order, those of a frame where the frame has its turn."""
    for column in _cut(_framed(lines, frames), body, 0, None):
        run = list[_Part]()
        for part in column.parts:
            if len(part.lines) == 1:
                run.append(part)
                continue
            if run:
                yield replace(column, parts=tuple(run))
                run = []
            inner = [_Part(line.box, line.size, (line,)) for line in part.lines]
            for held in _cut(inner, text_size(part.lines), 1, None):
                yield replace(held, hangs=held.hangs or column.hangs)
        if run:
            yield replace(column, parts=tuple(run))


def _framed(lines: Sequence[Line], frames: Sequence[Box]) -> list[_Part]:
    """One part of what a frame holds, the smallest frame first; all else by itself.

    A frame around one line, or around most of the page, orders nothing.
    """
    left, parts = list(lines), list[_Part]()
    for frame in sorted(frames, key=lambda box: box.area):
        held = [line for line in left if frame.holds(line.box)]
        if 1 < len(held) <= len(lines) * 0.7:
            parts.append(_Part(_around([line.box for line in held]), text_size(held), tuple(held)))
            left = [line for line in left if not frame.holds(line.box)]
    return parts + [_Part(line.box, line.size, (line,)) for line in left]


def _around(boxes: Sequence[Box]) -> Box:
    return Box(
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )


def _cut(
    parts: Sequence[_Part], body: float, depth: int, edges: tuple[float, float] | None
) -> Iterator[_Column]:
    """The columns of a region in order; ``edges`` are the page's first and last top of a line."""
    if not parts:
        return
    bands = _bands(parts, body)
    if edges is None:
        edges = bands[0].parts[0].box.top, bands[-1].parts[0].box.top
    rows = sum(band.rows for band in bands)
    margin = rows == 1 and bands[0].parts[0].box.top in edges
    if depth >= _DEEPEST or margin:
        yield _Column(tuple(parts))
        return
    if len(sections := _sections(bands, body)) > 1:
        for section in sections:
            yield from _cut(_parts_of(section), body, depth + 1, edges)
    elif head := _head(bands, body):
        yield from _cut(_parts_of(bands[:head]), body, depth + 1, edges)
        yield from _cut(_parts_of(bands[head:]), body, depth + 1, edges)
    elif len(standing := _down(parts, rows)) > 1:
        for inner in _kept_together(standing, body):
            yield from _cut(inner, body, depth + 1, edges)
    elif len(groups := _across(bands, body)) > 1:
        for group in groups:
            for column in _cut(group.parts, body, depth + 1, edges):
                yield replace(column, hangs=column.hangs or group.hangs)
    elif _is_one_column(parts):
        yield _Column(tuple(parts))
    else:
        yield from map(_Column, _blocks_in_order(parts, body))


def _bands(parts: Sequence[_Part], body: float) -> list[_Band]:
    """Cut across wherever there is whitespace from side to side."""
    found, current, bottom = list[_Band](), list[_Part](), 0.0
    for part in sorted(parts, key=lambda part: (part.box.top, part.box.left)):
        if current and part.box.top >= bottom:
            found.append(_band(current, body))
            current = []
        bottom = max(bottom, part.box.bottom) if current else part.box.bottom
        current.append(part)
    return [*found, _band(current, body)]


def _band(parts: list[_Part], body: float) -> _Band:
    return _Band(tuple(parts), len(_rows(parts)), _spans(parts, body))


def _spans(parts: Sequence[_Part], body: float) -> tuple[tuple[float, float], ...]:
    """Where there is text, from left to right; a blank within a headline is no gutter."""
    spans = list[tuple[float, float]]()
    size = 0.0
    for part in sorted(parts, key=lambda part: part.box.left):
        least = _GUTTER * min(size, part.size)
        if min(size, part.size) > body * _LARGE:
            least *= 2
        if spans and part.box.left - spans[-1][1] < least:
            left, right = spans[-1]
            size = part.size if part.box.right > right else size
            spans[-1] = left, max(right, part.box.right)
        else:
            spans.append((part.box.left, part.box.right))
            size = part.size
    return tuple(spans)


def _united(
    one: tuple[tuple[float, float], ...], other: tuple[tuple[float, float], ...], least: float
) -> tuple[tuple[float, float], ...]:
    spans = list[tuple[float, float]]()
    for left, right in sorted((*one, *other)):
        if spans and left - spans[-1][1] < least:
            spans[-1] = spans[-1][0], max(right, spans[-1][1])
        else:
            spans.append((left, right))
    return tuple(spans)


def _sections(bands: Sequence[_Band], body: float) -> list[list[_Band]]:
    """Cut across above each band whose topmost lines are headlines, wherever they stand in it.

    A kicker goes with its headline. A small heading that stands in one column of those above it
    heads no section: the column goes on there.
    """
    sections: list[list[_Band]] = [[]]
    for place, band in enumerate(bands):
        opens = _is_headed(band, body) and not (place and _is_headed(bands[place - 1], body))
        above = sections[-1]
        if above and _is_jump(above[-1], band, body):
            sections.append([band])
        elif opens and above and not _is_subhead(above, bands[place:], body):
            kickers = 1 if len(above) > 1 and _is_kicker(above, band, body) else 0
            sections.append([*above[len(above) - kickers :], band])
            del above[len(above) - kickers :]
        else:
            above.append(band)
    return [section for section in sections if section]


def _parts_of(bands: Sequence[_Band]) -> list[_Part]:
    return [part for band in bands for part in band.parts]


def _head(bands: Sequence[_Band], body: float) -> int:
    """How many bands are a headline over all columns that stand below it, though it be short.

    Where it is over one column only, the others must not begin with headlines of their own.
    """
    count = 0
    for band in bands:
        if len(band.spans) > 1 or any(
            len(part.lines) > 1 or part.size < body * _LARGE for part in band.parts
        ):
            break
        count += 1
    if not 0 < count < len(bands):
        return 0
    if count + 1 < len(bands) and _is_centred(bands[count], bands[count + 1 :], body):
        count += 1  # the writers' names
    columns = _down(_parts_of(bands[count:]), sum(band.rows for band in bands[count:]))
    boxes = [_around([part.box for part in column]) for column in columns]
    heads = [part.box for part in _parts_of(bands[:count])]
    over = _around(heads)
    if any(
        over.left < one.right
        and other.left < over.right
        and not any(head.left < one.right and other.left < head.right for head in heads)
        for one, other in pairwise(boxes)
    ):
        return 0  # headlines side by side, a gutter between them
    beneath = [box for box in boxes if box.left < over.right and over.left < box.right]
    firsts = [min(column, key=lambda part: part.box.top) for column in columns]
    plain = all(part.size < body * _LARGE for part in firsts)
    return count if len(columns) > 1 and (len(beneath) > 1 or plain) else 0


def _is_centred(band: _Band, below: Sequence[_Band], body: float) -> bool:
    """Whether a band is one row in the middle of the columns below it."""
    over = _around([part.box for part in _parts_of(below)])
    middle = abs(band.spans[0][0] + band.spans[-1][1] - over.left - over.right) / 2
    clear = band.spans[0][0] - over.left > 2 * body
    return band.rows == 1 and len(band.spans) == 1 and clear and middle < 2 * body


def _is_headed(band: _Band, body: float) -> bool:
    """Whether nothing but headlines stands uppermost in a band.

    A column that the headline is too short to reach may begin below it.
    """
    seen = list[Box]()
    start = band.parts[0].box.top
    for part in band.parts:  # from the top
        box = part.box
        if any(box.left < other.right and other.left < box.right for other in seen):
            continue
        if len(part.lines) > 1 or part.size < body * _LARGE:
            lower = any(other.bottom <= box.top for other in seen)
            if not lower or box.top - start < 2.5 * body:
                return False
        seen.append(box)
    return True


def _is_jump(above: _Band, band: _Band, body: float) -> bool:
    """Whether the rest of another page's article begins in a band, well below the text before."""
    first = min(band.parts, key=lambda part: part.box.left)
    told = told_apart(first.lines[0].text) if len(first.lines) == 1 else None
    gap = band.parts[0].box.top - max(part.box.bottom for part in above.parts)
    return told is not None and told.role is Role.JUMP_FROM and gap > 1.5 * body


def _is_kicker(above: Sequence[_Band], headline: _Band, body: float) -> bool:
    """Whether the last band above a headline is nearer to it than to the text before."""
    before, band = above[-2:]
    if band.rows > 1 or len(band.spans) > 1 or len(before.parts) == 0:
        return False
    top = min(part.box.top for part in band.parts)
    gap = top - max(part.box.bottom for part in before.parts)
    below = headline.parts[0].box.top - max(part.box.bottom for part in band.parts)
    return below < gap - body * 0.3


def _is_subhead(above: Sequence[_Band], ahead: Sequence[_Band], body: float) -> bool:
    """Whether what opens with a headline only goes on with one column of those above."""
    if max(part.size for part in ahead[0].parts) >= body * 1.7:
        return False
    spans = tuple[tuple[float, float], ...]()
    for band in above:
        spans = _united(spans, band.spans, body * _GUTTER)
    left = min(band.spans[0][0] for band in ahead)
    right = max(band.spans[-1][1] for band in ahead)
    room = body * _GUTTER
    return len(spans) > 1 and any(
        left > span[0] - room and right < span[1] + room for span in spans
    )


def _down(parts: Sequence[_Part], rows: int) -> list[list[_Part]]:
    """Cut down every gutter that runs from top to bottom.

    The fewer rows a region has, the wider a gap must be to be more than a blank.
    """
    em = median(part.size for part in parts)
    least = em * (_GUTTER if rows > 2 else 1 if rows == 2 else 2)
    found, right = list[list[_Part]](), 0.0
    for part in sorted(parts, key=lambda part: part.box.left):
        if not found or part.box.left - right >= least:
            found.append([])
            right = part.box.right
        found[-1].append(part)
        right = max(right, part.box.right)
    return found


def _kept_together(columns: list[list[_Part]], body: float) -> list[list[_Part]]:
    """Columns that one headline stands over as one region, though it reach over a part of them.

    A column without a headline that begins below its neighbour's goes with it; between two, with
    the one whose headline it brings into the middle.
    """
    heads = [_head_of(column, body) for column in columns]
    headed = [place for place, head in enumerate(heads) if head]
    cuts = set(headed[1:])
    for place, column in enumerate(columns):
        beside = [heads[n] for n in _nearest(headed, place) if n != place]
        top = min(part.box.top for part in column)
        if not heads[place] and not any(head and head.bottom <= top for head in beside):
            cuts |= {place, place + 1}
    for left, right in pairwise(headed):
        if not any(left < cut < right for cut in cuts):
            cuts.discard(right)
            cuts.add(_best_cut(columns, heads, left, right, (*headed, len(columns))))
    starts = sorted({0, *cuts} - {len(columns)})
    groups = [
        [part for column in columns[start:end] for part in column]
        for start, end in pairwise([*starts, len(columns)])
    ]
    return groups if len(groups) > 1 else columns


def _head_of(column: Sequence[_Part], body: float) -> Box | None:
    """The headline that a column begins with."""
    held = list[Box]()
    for part in sorted(column, key=lambda part: part.box.top):
        if len(part.lines) > 1 or part.size < body * _LARGE:
            break
        held.append(part.box)
    return _around(held) if held else None


def _nearest(headed: Sequence[int], place: int) -> list[int]:
    before = [n for n in headed if n <= place]
    after = [n for n in headed if n >= place]
    return [*before[-1:], *after[:1]]


def _best_cut(
    columns: Sequence[Sequence[_Part]],
    heads: Sequence[Box | None],
    left: int,
    right: int,
    headed: Sequence[int],
) -> int:
    """Where to cut between two columns with headlines: so that each is best in the middle.

    A headline may also begin where its columns do.
    """
    boxes = [_around([part.box for part in column]) for column in columns]
    end = next(place for place in headed if place > right)

    def amiss(place: int, start: int, stop: int) -> float:
        head, over = heads[place], _around(boxes[start:stop])
        if head is None:
            return 0
        middle = abs(head.left + head.right - over.left - over.right) / 2
        return min(middle, abs(head.left - over.left))

    return min(
        range(right, left, -1),
        key=lambda cut: amiss(left, left, cut) + amiss(right, cut, end),
    )


@dataclass(frozen=True, slots=True)
class _Group:
    parts: tuple[_Part, ...]
    rows: int
    spans: tuple[tuple[float, float], ...]
    hangs: bool = False


def _across(bands: Sequence[_Band], body: float) -> list[_Group]:
    """Cut across where the columns change, bands of the same columns kept together."""
    groups = list[_Group]()
    for band in bands:
        last = groups[-1] if groups else None
        spans = _united(last.spans, band.spans, body * _GUTTER) if last else ()
        alike = last is not None and (
            len(spans) > 1 or (len(last.spans) == 1 and len(band.spans) == 1)
        )
        if last and alike:
            groups[-1] = _Group(last.parts + band.parts, last.rows + band.rows, spans)
        else:
            groups.append(_Group(band.parts, band.rows, band.spans))
    if any(_runs_on(above.parts, below.parts, body) for above, below in pairwise(groups)):
        return []
    return _hung_out(groups, body)


def _runs_on(above: Sequence[_Part], below: Sequence[_Part], body: float) -> bool:
    """Whether a column goes right on where a cut across would part it."""
    top = min(part.box.top for part in below)
    last = [part for part in above if top - part.box.bottom < body]
    first = [part for part in below if part.box.top - top < body]
    return any(
        0.93 * one.size < other.size < 1.08 * one.size
        and other.box.top - one.box.bottom < body
        and min(one.box.right, other.box.right) - max(one.box.left, other.box.left)
        > 0.7 * max(one.box.right - one.box.left, other.box.right - other.box.left)
        for one in last
        for other in first
    )


def _hung_out(groups: Sequence[_Group], body: float) -> list[_Group]:
    """Take from between columns what they flow around, and set it behind them."""
    done = list[_Group]()
    hung = list[_Group]()
    for place, group in enumerate(groups):
        ahead = groups[place + 1] if place + 1 < len(groups) else None
        if done and ahead and _hangs(done[-1], group, ahead, body):
            hung.append(replace(group, hangs=True))
        elif done and hung and place and hung[-1].parts == groups[place - 1].parts:
            above = done[-1]
            spans = _united(above.spans, group.spans, body * _GUTTER)
            done[-1] = _Group(above.parts + group.parts, above.rows + group.rows, spans)
        else:
            done += [*hung, group]
            hung = []
    return [*done, *hung]


def _hangs(above: _Group, group: _Group, below: _Group, body: float) -> bool:
    """Whether the columns above a group go on below it."""
    framed = any(len(part.lines) > 1 for part in group.parts)
    small = group.rows <= 4 and max(part.size for part in group.parts) < body * _LARGE
    if not (framed or small) or min(len(above.spans), len(below.spans)) < 2:
        return False
    both = _united(above.spans, below.spans, body * _GUTTER)
    return len(both) == len(above.spans) == len(below.spans)


def _rows(parts: Iterable[_Part]) -> list[list[_Part]]:
    """The rows of a column, each from left to right."""
    rows = list[list[_Part]]()
    top = bottom = 0.0
    for part in sorted(parts, key=lambda part: (part.box.top, part.box.left)):
        shared = min(bottom, part.box.bottom) - max(top, part.box.top)
        least = min(bottom - top, part.box.bottom - part.box.top)
        if rows and shared > least / 2:
            rows[-1].append(part)
        else:
            rows.append([part])
            top, bottom = part.box.top, part.box.bottom
    return [sorted(row, key=lambda part: part.box.left) for row in rows]


def _is_one_column(parts: Sequence[_Part]) -> bool:
    """Whether hardly a row of a region has a gap as wide as a gutter."""
    rows = _rows(parts)
    parted = sum(
        any(
            right.box.left - left.box.right > 1.2 * max(left.size, right.size)
            for left, right in pairwise(row)
        )
        for row in rows
    )
    return parted < max(2, len(rows) * 0.2)


def _blocks_in_order(parts: Sequence[_Part], body: float) -> Iterator[tuple[_Part, ...]]:
    """Lines that stand close below each other make a block; blocks go by the rules of Breuel.

    One goes before another if it is above it and shares its columns, or if it is to the left of
    it and nothing between them spans both.
    """
    blocks = _stacked(parts, body)
    if len(blocks) > _MOST_BLOCKS:
        yield from map(tuple, blocks)
        return
    boxes = [_around([part.box for part in block]) for block in blocks]
    waiting = sorted(range(len(blocks)), key=lambda one: (boxes[one].top, boxes[one].left))
    before = {
        one: {other for other in waiting if other != one and _precedes(other, one, boxes)}
        for one in waiting
    }
    while waiting:
        free = [one for one in waiting if not before[one] & set(waiting)]
        one = free[0] if free else waiting[0]
        waiting.remove(one)
        yield tuple(blocks[one])


def _precedes(one: int, other: int, boxes: Sequence[Box]) -> bool:
    a, b = boxes[one], boxes[other]
    if a.left < b.right and b.left < a.right:
        return a.top < b.top
    if a.right > b.left:
        return False
    low, high = min(a.top, b.top), max(a.bottom, b.bottom)
    return not any(
        low < c.top < high
        and min(a.bottom, b.bottom) <= c.top < max(a.top, b.top)
        and c.left < a.right
        and b.left < c.right
        for place, c in enumerate(boxes)
        if place not in (one, other)
    )


def _stacked(parts: Sequence[_Part], body: float) -> list[list[_Part]]:
    """Blocks of lines, each line close below another of its size and within its width."""
    blocks = list[list[_Part]]()
    open_blocks = list[list[_Part]]()
    for row in _rows(parts):
        for part in row:
            best = None
            for block in open_blocks:
                last = block[-1]
                shared = min(last.box.right, part.box.right) - max(last.box.left, part.box.left)
                narrow = min(last.box.right - last.box.left, part.box.right - part.box.left)
                near = -0.5 * body < part.box.top - last.box.bottom < 1.2 * max(part.size, body)
                alike = 0.85 < part.size / last.size < 1.18 if last.size else True
                if shared > narrow / 2 and near and alike:
                    best = block
                    break
            if best is None:
                best = []
                blocks.append(best)
                open_blocks.append(best)
            best.append(part)
        top = row[0].box.top
        open_blocks = [b for b in open_blocks if top - b[-1].box.bottom < 3 * body]
    return blocks


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of a column as text."""

    text: str
    box: Box
    size: float


@dataclass(frozen=True, slots=True)
class _Set:
    """Rows that stand below each other."""

    rows: tuple[_Row, ...]
    hangs: bool = False


@dataclass(frozen=True, slots=True)
class _Paragraph:
    text: str
    size: float


def _written(columns: Sequence[_Set], body: float) -> str:
    leading = _leading([column.rows for column in columns], body)
    text = list[str]()
    for column in columns:
        for place, paragraph in enumerate(_paragraphs(column.rows, leading, body)):
            aside = paragraph.size < body * 0.93 or (column.hangs and not place)
            text.append("\n\n\n\n" if aside and text else "\n\n" if text else "")
            text.append(paragraph.text)
    return "".join(text)


def _paragraphs(rows: Sequence[_Row], leading: float, body: float) -> Iterator[_Paragraph]:
    """The paragraphs of one column, lines mended, those that are set in with their blanks."""
    if not all(row.size for row in rows):
        yield _Paragraph("\n".join(row.text for row in rows), body)
        return
    begun = 0
    for place in range(1, len(rows) + 1):
        if place == len(rows) or _begins(rows, place, leading, body):
            yield _paragraph(rows, begun, place, body)
            begun = place


def _row(parts: Sequence[_Part]) -> _Row:
    lines = [line for part in parts for line in part.lines]
    text = lines[0].text.strip()
    for left, right in pairwise(lines):
        gap = (right.box.left - left.box.right) / (min(left.size, right.size) or 1)
        text += ("   " if gap > 2 else " " if gap > 0.3 else "") + right.text.strip()
    longest = max(lines, key=lambda line: len(line.text))
    return _Row(text, _around([line.box for line in lines]), longest.size)


def _leading(columns: Sequence[Sequence[_Row]], body: float) -> float:
    """How far below each other a text's lines stand, counted in the size of its letters."""
    if not body:
        return 0
    steps = sorted(
        (below.box.bottom - above.box.bottom) / body
        for rows in columns
        for above, below in pairwise(rows)
        if _is_alike(above, below) and 0.93 < above.size / body < 1.08
    )
    return steps[len(steps) // 3] if steps else 0  # the wider ones part paragraphs


def _is_alike(one: _Row, other: _Row) -> bool:
    return 0.93 < one.size / other.size < 1.08 if other.size else True


def _begins(rows: Sequence[_Row], place: int, leading: float, body: float) -> bool:
    """Whether a row begins a paragraph."""
    above, row = rows[place - 1], rows[place]
    if not _is_alike(above, row):
        return True
    if _is_upright(above) or _is_upright(row):
        return False
    step = row.box.bottom - above.box.bottom
    if row.size >= body * _LARGE:  # each line of a Chinese headline says a thing of its own
        return not is_latin(above.text + row.text) or step > 1.6 * row.size
    if leading and step > (leading + 0.45) * row.size:
        return True
    if _is_indented(rows, place):
        return True
    return _ends_early(rows, place)


def _is_upright(row: _Row) -> bool:
    """Whether a line runs from top to bottom."""
    return len(row.text) > 1 and row.box.bottom - row.box.top > 2 * (row.box.right - row.box.left)


def _neighbours(rows: Sequence[_Row], place: int) -> list[_Row]:
    """The rows around one that are set like it: they tell where its column begins and ends."""
    near = rows[max(place - 3, 0) : place + 4]
    return [row for row in near if _is_alike(row, rows[place])]


def _is_indented(rows: Sequence[_Row], place: int) -> bool:
    row = rows[place]
    left = min(other.box.left for other in _neighbours(rows, place))
    return 0.8 * row.size < row.box.left - left < 4.5 * row.size


def _ends_early(rows: Sequence[_Row], place: int) -> bool:
    """Whether the row above left room that this row's first word would have filled."""
    above, row = rows[place - 1], rows[place]
    right = max(other.box.right for other in _neighbours(rows, place - 1))
    room = right - above.box.right
    if is_latin(row.text):
        words = row.text.split()
        share = len(words[0]) / len(row.text)
        return room > share * (row.box.right - row.box.left) + 0.6 * row.size
    return room > 1.7 * row.size


def _paragraph(rows: Sequence[_Row], begun: int, end: int, body: float) -> _Paragraph:
    text = rows[begun].text
    for row in rows[begun + 1 : end]:
        text = mend(text, row.text)
    small = rows[begun].size < body * _LARGE and not _is_upright(rows[begun])
    if small and _is_indented(rows, begun):
        text = f"　　{text}"
    return _Paragraph(text, rows[begun].size)
