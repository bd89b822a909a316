import pytest

from qa.understanding import Sort, Term
from qa.variants import printed_otherwise, variant_in


@pytest.mark.parametrize(
    ("name", "text", "printed"),
    [
        pytest.param("卞晓萍", "厂长卞晓苹介绍", "卞晓苹", id="same sound, last"),
        pytest.param("卞小萍", "厂长卞晓萍介绍", "卞晓萍", id="same sound, middle"),
        pytest.param("卞秋鸢", "厂长卞秋莺介绍", "卞秋莺", id="same shape"),
        pytest.param("苟明远", "厂长荀明远介绍", "荀明远", id="surname"),
        pytest.param("王平", "厂长王萍介绍", "王萍", id="two characters"),
        pytest.param("卞晓萍", "厂长卞晓山介绍", None, id="another name"),
        pytest.param("卞晓萍", "厂长汪小苹介绍", None, id="two others"),
        pytest.param("大桥", "厂长大乔介绍", None, id="no surname"),
        pytest.param("卞晓萍", "厂长卞晓1介绍", None, id="no character"),
    ],
)
def test_one_character_that_sounds_or_looks_alike_makes_a_variant(
    name: str, text: str, printed: str | None
) -> None:
    assert variant_in(name, text) == printed


def test_a_variant_counts_less_than_the_name_and_more_than_another() -> None:
    term = Term("卞晓萍", Sort.NAME, 1.0)
    exact, variant, other = map(term.found, ("卞晓萍说", "卞晓苹说", "卞晓山说"))
    assert exact > variant > other


def test_a_name_that_is_printed_exactly_somewhere_is_no_variant() -> None:
    assert printed_otherwise(["卞晓萍"], ["卞晓苹说", "卞晓萍说"]) is None
    assert printed_otherwise(["大桥", "卞晓萍"], ["卞晓苹说"]) == ("卞晓萍", "卞晓苹")
