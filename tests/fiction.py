"""Articles of our own invention, for tests that need one at hand."""

from datetime import date

from vectorstore.articles import Article, BlockKind, Source, article_id, join

SOURCE = Source("2024-05-17-01.txt", "0" * 64)


def article(
    *paragraphs: str,
    headline: str = "鹤汀大桥合龙",
    position: int = 1,
    blocks: list[tuple[BlockKind, str]] | None = None,
    source: Source = SOURCE,
    publication: str | None = "云川日报",
    issued: date | None = date(2024, 5, 17),
    day: str | None = "2024-05-16",
    page: str | None = "01",
    byline: tuple[str, ...] = ("祝清和",),
) -> Article:
    """Make an article of these paragraphs, or of these blocks."""
    laid = blocks or [(BlockKind.PARAGRAPH, text) for text in paragraphs]
    text, placed = join(laid)
    return Article(
        id=article_id(source, position),
        headline=(headline,),
        byline=byline,
        publication=publication,
        issued=issued,
        date=day,
        page=page,
        position=position,
        text=text,
        blocks=placed,
        source=source,
    )


BRIDGE = article(
    "本报讯(记者 祝清和)5月16日,鹤汀大桥主跨顺利合龙。大桥全长1860米,预计明年3月通车。",
    "建设方表示,合龙误差控制在2毫米以内。",
)
SCHOOL = article(
    "本报讯(记者 岑小满)东埠区第三小学新校区9月1日启用。新校区可容纳36个班。",
    headline="东埠区添一所新小学",
    position=2,
    day="XXXX-09-01",
)
