"""Articles set in columns as newspapers set them, and drawn as PDFs.

``set_page(articles, seed)`` puts articles on one page: over all its columns or side by side, with
headlines over their columns, pictures with captions at the head, at the foot or between columns,
set in or not, ruled or framed or neither.
"""

import io
import math
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from vectorstore.articles import Article, BlockKind
from vectorstore.lines import is_latin

CHINESE, LATIN = "STSong-Light", "Times-Roman"
pdfmetrics.registerFont(UnicodeCIDFont(CHINESE))
NEVER_FIRST = "，。、；：？！”’）》」』】〕,.;:?!)]%…"
NEVER_LAST = "“‘（《「『【〔(["


@dataclass(frozen=True, slots=True)
class Written:
    """A line on the page; ``stretch`` is the width that it is set out to."""

    text: str
    x: float
    y: float
    size: float
    stretch: float | None = None


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture, a rule or a frame."""

    x: float
    y: float
    width: float
    height: float
    filled: bool


Mark = Written | Drawn


class Setter:
    """One page's measures, and the marks that are put on it."""

    def __init__(self, seed: int, *, english: bool, count: int | None = None) -> None:
        r = self.r = random.Random(seed)
        self.english = english
        self.font = LATIN if english else CHINESE
        self.size = r.choice([8.0, 9.0, 10.0])
        self.leading = self.size * r.choice([1.25, 1.4, 1.6, 1.8])
        self.count = count or r.choice([2, 3, 4, 5])
        self.width = self.size * (r.uniform(16, 22) if english else r.randint(11, 20))
        self.gutter = self.size * r.choice([1.0, 1.4, 2.0])
        self.indent = self.size * (r.choice([0, 1.2, 1.5]) if english else r.choice([2, 2, 2, 0]))
        self.ragged = english and r.random() < 0.4
        self.air = 0 if self.indent else self.leading * 0.7
        self.framed = r.random() < 0.3
        self.marks: list[Mark] = []

    def x(self, column: int) -> float:
        return 40 + column * (self.width + self.gutter)

    def over(self, count: int) -> float:
        return count * self.width + (count - 1) * self.gutter

    def measure(self, text: str, size: float) -> float:
        return float(pdfmetrics.stringWidth(text, self.font, size))

    def wrap(self, text: str, size: float, width: float, first: float = 0) -> list[str]:
        """The lines of a paragraph whose first line has less room."""
        tokens = text.split(" ") if self.english else re.findall(r"[!-~]+|.", text)
        glue = " " if self.english else ""
        lines, line, room = list[str](), "", width - first
        for token in tokens:
            longer = f"{line}{glue}{token}" if line else token
            if line and self.measure(longer, size) > room + 0.01:
                carry = ""
                while (
                    not self.english
                    and len(line) > 2
                    and (line[-1] in NEVER_LAST or (carry or token)[0] in NEVER_FIRST)
                ):
                    carry, line = line[-1] + carry, line[:-1]
                lines.append(line)
                line, room = carry + token, width
            else:
                line = longer
        return [*lines, line]

    def titles(self, texts: Sequence[str], x: float, y: float, width: float) -> float:
        """Headlines, each on one line where it can be; gives where they end."""
        largest = self.r.choice([18.0, 22.0, 26.0])
        longest = max(texts, key=len, default="")
        left = self.r.random() < 0.4
        for text in texts:
            size = largest if text == longest else largest * 0.7
            while size > self.size * 1.35 and self.measure(text, size) > width:
                size -= 0.5
            rows = math.ceil(self.measure(text, size) / width)
            even = self.measure(text, size) / rows + size if rows > 1 else width
            for line in self.wrap(text, size, min(even, width)):
                room = 0 if left else (width - self.measure(line, size)) / 2
                y += size * 1.3
                self.marks.append(Written(line, x + room, y, size))
        return y + self.size * 0.8 if texts else y

    def article(self, article: Article, first: int, count: int, top: float) -> float:
        """One article over some columns; gives how far down it goes."""
        r, left, width = self.r, self.x(first), self.over(count)
        y = self.titles((*article.kicker, *article.headline), left, top, width)
        texts = [(block.kind, article.text[block.start : block.end]) for block in article.blocks]
        captions = [text for kind, text in texts if kind is BlockKind.CAPTION]
        flow = [part for part in texts if part[0] is not BlockKind.CAPTION]
        centred = bool(flow) and flow[0][0] is BlockKind.BYLINE and count > 1 and r.random() < 0.5
        if centred:
            y += self.leading
            line = flow.pop(0)[1]
            room = (width - self.measure(line, self.size)) / 2
            self.marks.append(Written(line, left + room, y, self.size))
            y += self.size * 0.6
        foot = list[str]()
        taken: list[list[tuple[float, float]]] = [[] for _ in range(count)]
        for text in captions:
            where = r.choice(["head", "foot", "column", "between"])
            if where == "head":
                y = self.picture(text, left, y, width)
            elif where == "foot":
                foot.append(text)
            else:
                wide = min(count, 2) if where == "between" else 1
                at = r.randrange(count - wide + 1)
                down = y + self.leading * r.randint(3, 6)
                while any(taken[column] for column in range(at, at + wide)):
                    down = max(end for column in range(at, at + wide) for _, end in taken[column])
                    down += self.leading * 4
                    break
                end = self.picture(text, self.x(first + at), down, self.over(wide))
                for column in range(at, at + wide):
                    taken[column].append((down, end))
        lines = list(self.flow(article, flow))
        used = sum(end - start for column in taken for start, end in column)
        lowest = max((end for column in taken for _, end in column), default=y)
        height = max((len(lines) * self.leading + used) / count, lowest - y)
        while not (placed := self.poured(lines, first, count, y, y + height, taken)):
            height += self.leading / 2
        self.marks += placed
        y = max([lowest, *(mark.y for mark in placed)])
        for text in foot:
            y = self.picture(text, left, y + self.size, width)
        return y

    def flow(
        self, article: Article, parts: Sequence[tuple[BlockKind, str]]
    ) -> Iterator[tuple[str, float, bool, float]]:
        """Lines with their indents, whether they are full, and how much air stands above."""
        if article.continued_from:
            came, word = article.continued_from, "From Page {}" if self.english else "(上接{}版)"
            yield word.format(came), 0, False, 0
        for number, (kind, text) in enumerate(parts):
            if kind is BlockKind.HEADING:
                room = max((self.width - self.measure(text, self.size)) / 2, 0)
                for line in self.wrap(text, self.size, self.width):
                    yield line, room, False, self.leading * 0.5
                continue
            if kind is BlockKind.BYLINE:
                for line in self.wrap(text, self.size, self.width):
                    yield line, 0, False, 0
                continue
            if number == len(parts) - 1 and article.continued_to:
                word = " (See Page {})" if self.english else "(下转{}版)"
                text += word.format(article.continued_to)
            lines = self.wrap(text, self.size, self.width, self.indent)
            for place, line in enumerate(lines):
                full = place < len(lines) - 1
                yield line, 0 if place else self.indent, full, 0 if place else self.air

    def poured(
        self,
        lines: Sequence[tuple[str, float, bool, float]],
        first: int,
        count: int,
        top: float,
        bottom: float,
        taken: Sequence[Sequence[tuple[float, float]]],
    ) -> list[Written]:
        """The lines poured into columns; nothing where they don't fit."""
        placed, column, y = list[Written](), 0, top
        for text, indent, full, air in lines:
            y += self.leading + (air if y > top else 0)
            while True:
                if y > bottom:
                    column, y = column + 1, top + self.leading
                    if column == count:
                        return []
                hits = [e for s, e in taken[column] if s - self.leading < y - self.size < e]
                hits += [e for s, e in taken[column] if s - self.leading * 0.3 < y < e]
                if not hits:
                    break
                y = max(hits) + self.leading * 1.2
            x = self.x(first + column) + indent
            stretch = self.width - indent if full and not self.ragged else None
            placed.append(Written(text, x, y, self.size, stretch))
        return placed or [Written("", self.x(first), top, self.size)]

    def picture(self, text: str, x: float, y: float, width: float) -> float:
        """A picture with its caption below; gives where that ends."""
        height, small = self.r.uniform(30, 70), self.size - 1
        self.marks.append(Drawn(x, y + height, width, height, filled=True))
        y += height + small * 0.4
        for line in self.wrap(text, small, width):
            y += small * 1.3
            self.marks.append(Written(line, x, y, small))
        return y + self.size * 0.5

    def page(self, articles: Sequence[Article], head: str) -> bytes:
        y, left, r = 40.0, list(articles), self.r
        self.marks.append(Written(head, 40, y, self.size))
        while left:
            y += self.leading * 1.5
            wide = self.count
            beside = len(left) > 1 and self.count > 1 and r.random() < 0.5
            if beside and left[0].headline and left[1].headline:
                part = r.randint(1, wide - 1)
                one = self.article(left.pop(0), 0, part, y)
                other = self.article(left.pop(0), part, wide - part, y)
                y = max(one, other)
            else:
                start = y
                framed = self.framed and r.random() < 0.5
                y = self.article(left.pop(0), 0, wide, y + (self.size if framed else 0))
                if framed:
                    y += self.size
                    self.marks.append(
                        Drawn(34, y, self.over(wide) + 12, y - start - 2, filled=False)
                    )
        return self.drawn(y + 40)

    def drawn(self, height: float) -> bytes:
        file = io.BytesIO()
        canvas = Canvas(file, pagesize=(self.over(self.count) + 80, height), invariant=True)
        for mark in self.marks:
            if isinstance(mark, Drawn):
                canvas.setFillGray(0.8)
                canvas.rect(
                    mark.x,
                    height - mark.y,
                    mark.width,
                    mark.height,
                    stroke=int(not mark.filled),
                    fill=int(mark.filled),
                )
                canvas.setFillGray(0)
                continue
            text = canvas.beginText(mark.x, height - mark.y)
            spare = mark.stretch - self.measure(mark.text, mark.size) if mark.stretch else 0
            gaps = mark.text.count(" ") if self.english else len(mark.text) - 1
            space = spare / gaps if 0 < spare < self.width * 0.3 and gaps else 0
            text.setFont(self.font, mark.size)
            text.setWordSpace(space if self.english else 0)
            text.setCharSpace(0 if self.english else space)
            text.textOut(mark.text + " " * (len(mark.text) == 1))  # or it is dropped, without font
            canvas.drawText(text)
        canvas.showPage()
        canvas.save()
        return file.getvalue()


def set_page(articles: Sequence[Article], seed: int, count: int | None = None) -> bytes:
    """A PDF of one page that holds these articles; the same for the same seed."""
    english = is_latin("".join(article.text for article in articles))
    head = "Page A3" if english else "第03版 要闻"
    return Setter(seed, english=english, count=count).page(articles, head)
