from itertools import pairwise

from fiction import article

from vectorstore.articles import Article, BlockKind
from vectorstore.splitting import LIMIT, passages


def long_article() -> Article:
    return article(
        blocks=[
            (BlockKind.PARAGRAPH, "今天有雨。" * 100),
            (BlockKind.HEADING, "望桥区"),
            (BlockKind.PARAGRAPH, "河堤加固完成。" * 60),
            (BlockKind.CAPTION, "图为河堤。 岑小满 摄"),
            (BlockKind.PARAGRAPH, "无标点" * 200),
        ]
    )


def test_passages_hold_every_character_once_and_in_order() -> None:
    each = long_article()
    found = list(passages(each))
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert "".join("".join(p.text for p in found).split()) == "".join(each.text.split())


def test_passages_end_where_sentences_end() -> None:
    found = list(passages(article("大桥全长1860米。" * 80)))
    assert len(found) > 1
    assert all(p.text.endswith("。") and len(p.text) <= LIMIT for p in found)


def test_a_heading_opens_a_passage_and_is_repeated_in_its_section() -> None:
    in_section = [p for p in passages(long_article()) if "河堤加固" in p.text]
    assert in_section[0].text.startswith("望桥区\n")
    assert len(in_section) > 1
    assert all(p.heading.endswith("望桥区") for p in in_section[1:])


def test_short_paragraphs_share_a_passage() -> None:
    assert len(list(passages(article("有雨。", "有风。", "有雾。")))) == 1


def test_headline_and_date_are_embedded() -> None:
    (only,) = passages(article("有雨。"))
    assert only.embedded.startswith("鹤汀大桥合龙 2024-05-16\n")


def test_a_reprint_has_the_vector_of_the_first_print() -> None:
    one, other = (next(passages(article("有雨。", position=at))) for at in (1, 2))
    assert one.id != other.id
    assert one.vector_id == other.vector_id
