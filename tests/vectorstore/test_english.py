"""What tells titles, writers, captions and advertisements apart on English pages."""

import pytest

from vectorstore.layout import layout
from vectorstore.pieces import Role
from vectorstore.reading import read

HEADLINE = "Tram line blows out by $190m"
TORN = "Whose demand am I evening out at five in the morning, he said, when there is me and a"
TEXT = "The price of the second tram line has risen, the state has said."


def roles(text: str) -> list[tuple[str, str]]:
    return [(piece.role.value, piece.text) for piece in layout(text)]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(("Nadia Ferreira",), id="bare"),
        pytest.param(("Ebun Falaiye and Chidozie Nnadi",), id="two"),
        pytest.param(("Thabo Ndlela at Kingfisher Park",), id="where he was"),
        pytest.param(("with Graham Tuckwell",), id="with"),
        pytest.param(("From V. Sundaresan",), id="from"),
        pytest.param(("OWN CORRESPONDENT",), id="nobody by name"),
        pytest.param(("Georgie Mansfield", "Transport reporter"), id="what she is below"),
        pytest.param(("K. Sivaraman", "PONNATHUR"), id="where he is below"),
        pytest.param(("By CORINNE MADDOX", "and RAY TOLLIVER"), id="a second line"),
    ],
)
def test_who_wrote_stands_between_headline_and_text(lines: tuple[str, ...]) -> None:
    found = roles("\n\n".join((HEADLINE, *lines, TEXT)))
    assert found[1:-1] == [("byline", line) for line in lines]


@pytest.mark.parametrize(
    "line", ["Arlene Stroebel", "Budget Increase", "POLICE LOG"], ids=["told of", "words", "log"]
)
def test_whom_the_text_tells_of_and_other_words_are_no_writers(line: str) -> None:
    text = "Arlene Stroebel, who kept the budget, died on Monday after an increase in pain."
    assert ("byline", line) not in roles(f"{HEADLINE}\n\n{line}\n\n{text}\n")


def test_names_of_all_writers_are_told() -> None:
    lines = "By CORINNE MADDOX\n\nand RAY TOLLIVER\n\nLEDGER STAFF WRITERS"
    (found,) = read(f"{HEADLINE}\n\n{lines}\n\n{TEXT}\n".encode(), "page.txt").articles
    assert found.byline == ("CORINNE MADDOX", "RAY TOLLIVER")


@pytest.mark.parametrize(
    "deck",
    [
        "For 44 years he has drawn the city's name in light. His hands say it's time to stop.",
        "Why is your bin night changing, and what goes in the purple one from next September on?",
    ],
)
def test_sentences_between_a_headline_and_its_writer_are_a_deck(deck: str) -> None:
    assert ("title", deck) in roles(f"The last neon bender\n\n{deck}\n\nBy Ann Lee\n\n{TEXT}\n")


def test_a_headline_may_have_two_sentences() -> None:
    headline = "I left to find work. Don't call it a lifestyle"
    assert roles(f"{TEXT}\n\n{headline}\n\n{TEXT}\n")[1] == ("title", headline)


def test_a_drop_cap_is_its_words_first_letter() -> None:
    assert roles(f"{HEADLINE}\n\nT\n\n{TEXT[1:]}\n")[1:] == [("body", TEXT)]


@pytest.mark.parametrize(
    ("inset", "role"),
    [
        ("A fishmonger with one of the tickets that were put on his van.", Role.CAPTION),
        ("HOFFER'S TIRE & LUBE Winter special: 4 snow tires $189. 555-0148", Role.FURNITURE),
        ("Small ads work! Ring Concepta at (077) 55100 before noon", Role.FURNITURE),
    ],
)
def test_what_stands_within_a_sentence_that_goes_on_small(inset: str, role: Role) -> None:
    found = roles(f"{HEADLINE}\n\n{TORN}\n\n{inset}\n\ncat, too.\n")
    assert (role.value, inset) in found
    (article,) = read("\n\n".join(text for _, text in found).encode(), "page.txt").articles
    assert article.text.startswith(f"{TORN} cat, too.")


def test_rows_of_figures_are_no_titles() -> None:
    rows = ["Merawan Power 6.95 unch 5,302", "Kapal Timur 11.60 -0.20 7,740"]
    assert roles("\n\n".join(("Most active", *rows)))[1:] == [("body", row) for row in rows]


def test_links_to_other_articles_are_furniture() -> None:
    for links in (
        "RELATED ARTICLE\n\nTraders plead for relief",
        "Most viewed\n\n1 Trams\n\n2 Bins",
    ):
        found = roles(f"{HEADLINE}\n\n{TEXT}\n\n{links}\n\n{TEXT}\n")
        assert {role for role, text in found if text in links.split("\n\n")} == {"furniture"}


def test_a_digest_is_one_article_whose_briefs_have_a_place_and_a_title() -> None:
    brief = "A blaze that began in a bearing destroyed a drying shed, the marshal said."
    heads = (("BRILL", "Mill fire called accidental"), ("SKARNE", "Deer season opens today"))
    page = "\n\n".join(
        ("METRO DIGEST", *(f"{place}\n\n{title}\n\n{brief}" for place, title in heads))
    )
    (found,) = read(f"{page}\n\nFrom staff reports\n".encode(), "page.txt").articles
    kinds = [block.kind.value for block in found.blocks]
    assert kinds == [*("heading", "heading", "paragraph") * 2, "credit"]


def test_what_an_interview_asks_is_no_subhead() -> None:
    asked = ["How did the idea come to you?", "What will you do with it?"]
    page = "\n\n".join(
        (HEADLINE, TEXT, *(f"{each}\n\nI shall see, said the man." for each in asked))
    )
    (found,) = read(page.encode(), "page.txt").articles
    assert {block.kind.value for block in found.blocks} == {"paragraph"}
