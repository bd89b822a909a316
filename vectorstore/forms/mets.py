"""METS, in which libraries bind an issue: its paper and day, its pages, and often its articles.

The words stand in ALTO files that it names. Where its logical map names an article's blocks, the
article is what these say, in that order; a page of which no block is named is read as ALTO pages
are by themselves. Nothing that a METS file names is ever fetched: it is looked up among the files
that came with it.
"""

import codecs
import html
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import reduce
from itertools import groupby
from types import MappingProxyType
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from vectorstore.articles import BlockKind
from vectorstore.dates import days
from vectorstore.forms import Issue, Item, Part, Refused, Sheet, Unreadable, alto
from vectorstore.forms.columns import line, names
from vectorstore.forms.markup import children, measure, name, root, within
from vectorstore.forms.reading_order import Line, on_page, text_of_blocks
from vectorstore.layout import mend
from vectorstore.lines import is_latin

SHOWN = 5
"""Names of files that one complaint tells."""
LONGEST_LABEL = 500
"""Characters of a title or label in which a paper or day is looked for."""

_HREF = re.compile(rb"""<(?:[\w.-]+:)?FLocat\b[^<>]*?[\s:]href\s*=\s*(?:"([^"<]*)"|'([^'<]*)')""")
_ELSEWHERE = re.compile(r"/|[A-Za-z][A-Za-z0-9+.-]*:")
_CONTAINER = re.compile(
    r"NEWSPAPER|VOLUME|YEAR|ISSUE|EDITION|CONTENTS?|PAGES?|(?:SUB)?SECTION|SUPPLEMENT|PART|ARTICLES"
)
_FURNITURE = re.compile(
    r"TITLESECTION|MASTHEAD|(?:PAGE|RUNNING)?(?:HEADER|FOOTER)|RUNNING(?:TITLE|HEAD)"
    r"|PAGEN(?:UMBER|O)|FOLIO|IMPRINT"
)
_KINDS = (
    (BlockKind.HEADING, re.compile(r"\w*(?:HEADING|HEADLINE|TITLE)|(?:SUB)?HEAD|OVERLINE|KICKER")),
    (
        BlockKind.CAPTION,
        re.compile(
            r"CAPTION|ILLUSTRATIONS?|IMAGE|PICTURE|PHOTO(?:GRAPH)?|FIGURE|DRAWING|GRAPHIC|MAP|CHART"
        ),
    ),
    (
        BlockKind.PARAGRAPH,
        re.compile(
            r"|BODY(?:CONTENT)?|TEXT(?:BLOCK|AREA)?|PARAGRAPH|COLUMN|TABLE|LIST|BYLINE|AUTHOR|DATELINE"
            r"|LEAD|ABSTRACT|MOTTO|FOOTNOTE|CONTINUATION"
        ),
    ),
)
_PAGE = re.compile(
    r"(?:page|pag\.?|p\.|seite|s\.|第)?\s*\[?([A-Z]{0,2}[-.]?\d{1,4}[A-Z]?)\]?\s*[版頁页]?", re.I
)
_PLAIN_DAY = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(0[1-9]|1[0-2])([0-2]\d|3[01])(?!\d)")
_DOTTED_DAY = re.compile(r"(?<!\d)(\d{1,2})\.\s?(\d{1,2})\.\s?(1[5-9]\d\d|20\d\d)(?!\d)")
_NUMBERED = re.compile(
    r"[\s,;(（,]*(?:\b(?:vol(?:ume)?|no|nr|jg|issue)\b\.?\s*\d|第?\s*\d+\s*[期号號]).*$",
    re.I | re.S,
)
_NO_TITLE = re.compile(
    r"\W*(?:untitled|no title|ohne titel|sans titre|无标题|(?:article|artikel|advertisement)?[\W\d]*)\W*",
    re.I,
)
_EDGES = " \t,;:.,;:、/|·-–—(（[【"


def hrefs(data: bytes) -> Iterator[str]:
    """What a METS file names, each once, as ``placed`` gives it: found without parsing.

    Only a name for files that are there comes of it, so it need not be exact.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        data = data.decode("utf-16", errors="replace").encode()
    told = ((match[1] or match[2] or b"") for match in _HREF.finditer(data))
    found = (html.unescape(each.decode(errors="replace")) for each in told)
    return iter(dict.fromkeys(place for href in found if (place := placed(href))))


def placed(href: str) -> str | None:
    r"""Where a file lies, seen from the folder of the METS file that names it.

    None where that is elsewhere than beside it. ``file://./`` is how some programs begin the names
    of files that lie beside.

    >>> placed("file://./alto/0001.xml"), placed("file:///etc/hostname")
    ('alto/0001.xml', None)
    """
    plain = unquote(href.strip()).removeprefix("file://./").replace("\\", "/")
    if not plain or _ELSEWHERE.match(plain) or "\x00" in plain:
        return None
    return posixpath.normpath(plain)


def parse(
    data: bytes, file: str, beside: Mapping[str, bytes] = MappingProxyType({})
) -> Iterator[Part]:
    """The issue, its articles, and the pages of which it names no block.

    ``beside`` holds the ALTO files that came with it, under the places that it names them by. If it
    is broken itself, they are read without it. Raises Unreadable where there are none.
    """
    try:
        top = root(data)
    except Unreadable as error:
        if not beside:
            raise
        yield Refused(f"{error}; its pages are read without it")
        yield from _Bound(Element("mets"), beside).parts()
        return
    if not beside:
        raise Unreadable(
            "it lists other files, of which none lies beside it as an ALTO file; "
            "give the folder or zip file that holds both"
        )
    yield _issue(top)
    yield from _Bound(top, beside).parts()


@dataclass(slots=True)
class _Page:
    """An ALTO file, and what is known of its page."""

    top: Element
    label: str | None
    """The number that the METS file gives it, or that is said to be printed on it."""
    place: str | None
    """Which page of the issue it is."""
    first: int
    """Which of the issue's pages the file's first one is, as they are counted here, from 1."""
    elements: dict[str, Element] = field(init=False)
    is_told: bool = False
    """Whether an article names a block of it."""

    def __post_init__(self) -> None:
        self.elements = {each.get("ID", ""): each for each in self.top.iter() if each.get("ID")}
        page = next(within(self.top, "Page"), None)
        if self.label is None and page is not None:
            self.label = page.get("PRINTED_IMG_NR") or None

    @property
    def count(self) -> int:
        """How many pages the file holds: one, as a rule."""
        return sum(1 for _ in within(self.top, "Page"))

    @property
    def number(self) -> str | None:
        """As printed, or else its place in the issue."""
        return self.label or self.place

    def sheet(self, lines: Iterable[Line]) -> Sheet | None:
        """The page with these of its lines; None where it isn't known where they stand."""
        pages = list(within(self.top, "Page"))
        size = measure(pages[0], "WIDTH", "HEIGHT") if len(pages) == 1 else None
        sheet = on_page(Sheet(text="", number=self.number, place=self.first), lines, size)
        return sheet if sheet.lines else None

    def blocks(self, begin: str, end: str | None) -> list[Element] | None:
        """The blocks of text that an area names; None where the page has nothing of that name."""
        first = self.elements.get(begin)
        if first is None:
            return None
        if name(first) in ("Page", "PrintSpace"):  # all of it: no word of its articles
            return []
        here = _texts(first)
        last = self.elements.get(end) if end and end != begin else None
        if last is None or not here or not (there := _texts(last)):
            return here
        every = list(within(self.top, "TextBlock"))
        if here[0] not in every or there[-1] not in every:
            return here
        return every[every.index(here[0]) : every.index(there[-1]) + 1] or here


def _texts(element: Element) -> list[Element]:
    return [element] if name(element) == "TextLine" else list(within(element, "TextBlock"))


@dataclass(slots=True)
class _Draft:
    """An article of the logical map, and the areas of pages that it names."""

    div: Element
    areas: list[tuple[BlockKind, Element]] = field(default_factory=list)


class _Bound:
    """An issue's pages with the maps that lead through them."""

    def __init__(self, top: Element, beside: Mapping[str, bytes]) -> None:
        self.complaints: list[Refused] = []
        self.sections = {each.get("ID", ""): each for each in within(top, "dmdSec")}
        self.maps = list(within(top, "structMap"))
        self.maps.sort(key=lambda each: each.get("TYPE", "").upper() != "PHYSICAL")
        self.files = self._files(top, beside)
        self.pages = self._pages(beside)
        self.used: set[int] = set()
        self.lost = 0

    def parts(self) -> Iterator[Part]:
        """Its articles in the order of the map, then its other pages, then what went wrong."""
        logical = [each for each in self.maps if each.get("TYPE", "").upper() != "PHYSICAL"]
        for each in logical:
            for draft in _drafts(each):
                if item := self._item(draft):
                    yield item
        for path, page in self.pages.items():
            if not page.is_told:
                yield from self._sheets(path, page)
        if self.lost:
            text = "1 block" if self.lost == 1 else f"{self.lost} blocks"
            self.complaints.append(Refused(f"{text} of its articles can't be found on its pages"))
        yield from self.complaints

    def _files(self, top: Element, beside: Mapping[str, bytes]) -> dict[str, str]:
        """The places of the ALTO files by the names that the maps use for them."""
        found: dict[str, str] = {}
        outside, missing = dict[str, None](), dict[str, None]()
        for each in within(top, "file"):
            href = next((_href(place) for place in children(each, "FLocat")), "")
            place = placed(href)
            if place is not None and place in beside:
                found[each.get("ID", "")] = place
            elif "xml" in each.get("MIMETYPE", "").lower() or href.lower().endswith(".xml"):
                is_outside = place is None or place.startswith("..")
                (outside if is_outside else missing)[href] = None
        for told, wrong in (
            ("lead out of its folder, and are left alone", outside),
            ("aren't there as ALTO files of this issue", missing),
        ):
            if wrong:
                shown = ", ".join(ascii(href[:80]) for href in list(wrong)[:SHOWN])
                more = f" and {len(wrong) - SHOWN} more" if len(wrong) > SHOWN else ""
                self.complaints.append(Refused(f"files that it names {told}: {shown}{more}"))
        return found

    def _pages(self, beside: Mapping[str, bytes]) -> dict[str, _Page]:
        """The pages that can be read, in their order."""
        numbers: dict[str, tuple[str | None, str | None]] = {}
        for each in self.maps:
            for place, div in enumerate(_in_order(each), 1):
                for file in _named(div):
                    if file in self.files:
                        numbers.setdefault(self.files[file], (self._label(div), str(place)))
        found: dict[str, _Page] = {}
        first = 1
        for path in (*numbers, *(each for each in beside if each not in numbers)):
            try:
                page = _Page(root(beside[path]), *numbers.get(path, (None, None)), first)
            except Unreadable as error:
                self.complaints.append(Refused(f"{path}: {error}"))
                continue
            found[path] = page
            first += page.count
        return found

    def _label(self, div: Element) -> str | None:
        """The number that a page is said to bear."""
        described = self._described(div)
        told = [
            div.get("ORDERLABEL"),
            *(
                number.text
                for section in described
                for detail in within(section, "detail")
                if "page" in detail.get("type", "").lower()
                for number in children(detail, "number")
            ),
            *(start.text for section in described for start in within(section, "start")),
            div.get("LABEL"),
        ]
        plain = (found for each in told if (found := line(each)))
        numbers = (match[1] for each in plain if (match := _PAGE.fullmatch(each)))
        return next(numbers, None)

    def _described(self, div: Element) -> list[Element]:
        wanted = div.get("DMDID", "").split()
        return [self.sections[each] for each in wanted if each in self.sections]

    def _sheets(self, path: str, page: _Page) -> Iterator[Sheet]:
        try:
            sheets = [
                replace(sheet, place=place)
                for place, sheet in enumerate(alto.sheets(page.top), page.first)
            ]
        except Unreadable as error:
            self.complaints.append(Refused(f"{path}: {error}"))
            return
        if len(sheets) == 1:
            number = page.label or sheets[0].number or page.place
            sheets = [replace(sheets[0], number=number)]
        yield from sheets

    def _item(self, draft: _Draft) -> Item | None:
        """The article of a draft: a part for each page; None where no words are its own."""
        printed = [
            item
            for path, run in self._runs(draft.areas).items()
            if (item := _printed(run, self.pages[path]))
        ]
        if not printed:
            return None
        first, *rest = printed
        is_own = not _is_container(draft.div)
        if not first.text and not rest:  # an advertisement in large letters, or a section's name
            if not is_own:
                return None
            first = replace(first, text="\n".join(first.titles), titles=())
        described = self._described(draft.div) if is_own else []
        titles = first.titles or (_titles(draft.div, described) if is_own else ())
        return replace(
            first,
            id=draft.div.get("ID"),
            place="article",
            titles=titles,
            labelled=not first.titles,
            byline=names(_writers(described)),
            rest=tuple(_going_on(each, " ".join(titles)) for each in rest),
        )

    def _runs(
        self, areas: Iterable[tuple[BlockKind, Element]]
    ) -> dict[str, list[tuple[BlockKind, Element]]]:
        """The blocks that areas name, by page; each block counts once in an issue."""
        runs: dict[str, list[tuple[BlockKind, Element]]] = {}
        for kind, area in areas:
            path = self.files.get(area.get("FILEID", ""))
            page = self.pages.get(path) if path else None
            if path is None or page is None:  # told of with the files
                continue
            blocks = page.blocks(area.get("BEGIN", ""), area.get("END"))
            self.lost += blocks is None
            for block in blocks or ():
                if id(block) not in self.used:
                    self.used.add(id(block))
                    page.is_told = True
                    runs.setdefault(path, []).append((kind, block))
        return runs


def _drafts(structure: Element) -> list[_Draft]:
    """The articles of a map, and what its sections hold beside articles."""
    drafts = [_Draft(structure)]
    _collect(structure, BlockKind.PARAGRAPH, drafts[0], drafts)
    return drafts


def _collect(div: Element, kind: BlockKind, draft: _Draft, drafts: list[_Draft]) -> None:
    """Give the areas under a div to its article; articles in it are drafts of their own.

    ``kind`` is what the div is in that article.
    """
    for child in div:
        if name(child) == "fptr":
            draft.areas += [
                (kind, area)
                for area in within(child, "area")
                if area.get("BEGIN") and area.get("BETYPE", "IDREF") == "IDREF"
            ]
        elif name(child) == "div" and not _FURNITURE.fullmatch(_type(child)):
            own = _kind(child)
            is_alone = own is BlockKind.CAPTION and _is_container(draft.div)
            if own is None or is_alone:
                drafts.append(_Draft(child))
                _collect(child, own or BlockKind.PARAGRAPH, drafts[-1], drafts)
            else:
                _collect(child, own if kind is BlockKind.PARAGRAPH else kind, draft, drafts)


def _type(div: Element) -> str:
    return re.sub("[^A-Z]", "", div.get("TYPE", "").rpartition(":")[2].upper())


def _is_container(div: Element) -> bool:
    return name(div) == "structMap" or bool(_CONTAINER.fullmatch(_type(div)))


def _kind(div: Element) -> BlockKind | None:
    """What part of an article a div is; None for an article, and for what holds articles."""
    told = _type(div)
    return next((kind for kind, types in _KINDS if types.fullmatch(told)), None)


def _href(place: Element) -> str:
    return next((value for key, value in place.items() if key.rpartition("}")[2] == "href"), "")


def _in_order(structure: Element) -> list[Element]:
    """The pages of a map, by their numbers where all bear one."""
    pages = [each for each in within(structure, "div") if _type(each).endswith("PAGE")]
    orders = [each.get("ORDER", "") for each in pages]
    if all(re.fullmatch(r"\d{1,6}", order) for order in orders):
        pages.sort(key=lambda each: int(each.get("ORDER", "")))
    return pages


def _named(div: Element) -> Iterator[str]:
    for each in within(div, "fptr", "area"):
        if file := each.get("FILEID"):
            yield file


def _printed(run: Sequence[tuple[BlockKind, Element]], page: _Page) -> Item | None:
    """What one page prints of an article; None where that is nothing."""
    written = alto.lines([block for _, block in run])
    set_in = zip((kind for kind, _ in run), written, strict=True)
    titles, text = list[str](), list[str]()
    heads, captions = set[int](), set[int]()
    for kind, group in groupby(set_in, key=lambda pair: pair[0]):
        blocks = [lines for _, lines in group]
        if kind is BlockKind.PARAGRAPH:
            text += filter(None, map(str.strip, text_of_blocks(blocks).split("\n")))
            continue
        told = [each for lines in blocks for each in _said(lines, kind)]
        if kind is BlockKind.HEADING and not text:
            titles += told
            continue
        (heads if kind is BlockKind.HEADING else captions).update(
            range(len(text), len(text) + len(told))
        )
        text += told
    if not titles and not text:
        return None
    return Item(
        text="\n".join(text),
        titles=tuple(titles),
        heads=frozenset(heads),
        captions=frozenset(captions),
        number=page.number,
        pieces=True,
        sheet=page.sheet(line for block in written for line in block),
    )


def _said(lines: Sequence[Line], kind: BlockKind) -> list[str]:
    """A block as one line; a headline's lines stay lines in Chinese."""
    texts = [text for each in lines if (text := each.text.strip())]
    if kind is BlockKind.HEADING and not is_latin("".join(texts)):
        return texts
    return [reduce(mend, texts)] if texts else []


def _going_on(item: Item, headline: str) -> Item:
    """The rest of an article on another page: its title is a subhead unless it is the headline's."""
    if all(_plain(each) in _plain(headline) for each in item.titles):
        return item
    count = len(item.titles)
    return replace(
        item,
        text="\n".join([*item.titles, item.text]),
        titles=(),
        heads=frozenset({*range(count), *(each + count for each in item.heads or ())}),
        captions=frozenset(each + count for each in item.captions),
    )


def _titles(div: Element, described: Iterable[Element]) -> tuple[str, ...]:
    """The headline that a map or a description gives, where the page shows none."""
    told = [div.get("LABEL"), *map(_title, described)]
    plain = (found for each in told if (found := line(each)))
    return next(((each,) for each in plain if not _NO_TITLE.fullmatch(each)), ())


def _writers(described: Iterable[Element]) -> Iterator[str]:
    """Who wrote an article, as its description says."""
    for person in (each for section in described for each in _own(section, "name")):
        roles = {(each.text or "").strip().lower() for each in within(person, "roleTerm")}
        if not roles or roles & {"aut", "author", "cre", "creator"}:
            parts = children(person, "namePart")
            yield " ".join(
                each.text or ""
                for each in sorted(parts, key=lambda part: part.get("type") == "family")
                if each.get("type") in (None, "given", "family")
            )


def _plain(text: str) -> str:
    return re.sub(r"\W", "", text).casefold()


# What the issue is


def _issue(top: Element) -> Issue:
    """Paper and day: of the sections that describe the issue or the paper, then of labels."""
    divs = [
        div
        for structure in within(top, "structMap")
        for div in within(structure, "div")
        if _is_container(div) and not _type(div).endswith(("PAGE", "SECTION"))
    ]
    sections = {each.get("ID", ""): each for each in within(top, "dmdSec")}
    asked = {each for div in within(top, "div") for each in div.get("DMDID", "").split()}
    used = dict.fromkeys(each for div in divs for each in div.get("DMDID", "").split())
    described = [sections[each] for each in used if each in sections]
    described += [section for each, section in sections.items() if each not in asked]
    labels = [label for each in (top, *divs) if (label := line(each.get("LABEL")))]
    hosts = [
        host
        for section in described
        for host in within(section, "relatedItem")
        if host.get("type") == "host"
    ]
    titles = [title for each in (*hosts, *described) if (title := _title(each))]
    papers = (paper for each in (*titles, *labels) if (paper := _paper(each)))
    dated = (day for section in reversed(described) for day in _days(section))
    told = (found[2] for each in (*titles, *labels) if (found := _day(each)))
    return Issue(publication=next(papers, None), issued=next(dated, None) or next(told, None))


def _title(section: Element) -> str | None:
    """The title that MODS or Dublin Core gives."""
    for each in _own(section, "titleInfo"):
        if each.get("type") is None:
            parts = [part.text for part in children(each, "nonSort", "title", "subTitle")]
            if found := line(" ".join(filter(None, parts))):
                return found
    return next((told for each in _own(section, "title") if (told := line(each.text))), None)


def _days(section: Element) -> Iterator[date]:
    """The days that a section gives: of issue itself, or of the part of what it belongs to."""
    told = [each for each in _own(section, "dateIssued", "issued") if each.get("point") != "end"]
    told += [day for part in within(section, "part") for day in children(part, "date")]
    told += _own(section, "date")
    for each in told:
        if found := _day(each.text or ""):
            yield found[2]


def _own(section: Element, *wanted: str) -> Iterator[Element]:
    """What a section says under these names, not of other works."""
    for child in section:
        if name(child) in wanted:
            yield child
        elif name(child) not in ("relatedItem", "recordInfo"):
            yield from _own(child, *wanted)


def _day(text: str) -> tuple[int, int, date] | None:
    """The first full day in a text, and where it stands."""
    text = text[:LONGEST_LABEL]
    found = [
        (each.start, each.end, each.year, each.month, each.day) for each in days(text) if each.year
    ]
    if match := _PLAIN_DAY.search(text):
        found.append((*match.span(), int(match[1]), int(match[2]), int(match[3])))
    if match := _DOTTED_DAY.search(text):
        found.append((*match.span(), int(match[3]), int(match[2]), int(match[1])))
    for start, end, year, month, day in sorted(found):
        try:
            return start, end, date(year, month, day)
        except ValueError:  # a number that looks like a day
            continue
    return None


def _paper(label: str) -> str | None:
    """The paper's name in a title or label: Riverton Courier, 1915-06-01."""
    text = _NUMBERED.sub("", label[:LONGEST_LABEL])
    if found := _day(text):
        start, end, _ = found
        text = text[:start].strip(_EDGES) or text[end:].strip(_EDGES + ")）]】")
    text = text.strip(_EDGES)[:200]
    return None if _CONTAINER.fullmatch(re.sub("[^A-Z]", "", text.upper()) or "-") else text or None
