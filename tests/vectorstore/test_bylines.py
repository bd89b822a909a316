"""Names in bylines, leads, captions and closing lines."""

import pytest

from vectorstore import bylines
from vectorstore.bylines import (
    Credits,
    caption_photographers,
    closing_credits,
    is_name,
    lead_credits,
    line_credits,
)

WANG, LI = ("王一鸣",), ("李静",)


@pytest.mark.parametrize(
    ("line", "credits"),
    [
        pytest.param("本报记者 王一鸣", Credits(WANG), id="reporter"),
        pytest.param("□本报记者 王一鸣 通讯员 李静", Credits(WANG, LI), id="and correspondent"),
        pytest.param("通讯员 李静 本报记者 王一鸣", Credits(WANG, LI), id="correspondent first"),
        pytest.param("本报记者 王一鸣 李 静", Credits((*WANG, *LI)), id="a name spaced out"),
        pytest.param("文/王一鸣 图/李静", Credits(WANG, (), LI), id="text and picture"),
        pytest.param("文/图 本报记者 王一鸣", Credits(WANG, (), WANG), id="both, before"),
        pytest.param("王一鸣 文/图", Credits(WANG, (), WANG), id="both, after"),
        pytest.param(
            "本报记者 王一鸣 摄影报道", Credits(WANG, (), WANG), id="reports with pictures"
        ),
        pytest.param(
            "本报记者 王一鸣 文 李静 摄", Credits(WANG, (), LI), id="one writes, one shoots"
        ),
        pytest.param("记者 王一鸣 摄", Credits((), (), WANG), id="a photographer"),
        pytest.param("·本報記者陳慧明·", Credits(("陳慧明",)), id="dots around"),
        pytest.param("記者陳慧明/北岸報導", Credits(("陳慧明",)), id="and from where"),
        pytest.param("(作者为北岸小学教师)", Credits(), id="what the writer is"),
        pytest.param("(以上由融媒体记者 王一鸣 整理)", Credits(WANG), id="compiled"),
        pytest.param(
            "By JANE DOE and John Roe, Staff Writers", Credits(("JANE DOE", "John Roe")), id="By"
        ),
        pytest.param("Photo by Ann Lee", Credits((), (), ("Ann Lee",)), id="Photo by"),
        pytest.param("城东区公园开放", Credits(), id="no names"),
        pytest.param("图片由市文旅局提供", Credits(), id="provided by an office"),
    ],
)
def test_names_of_a_line(line: str, credits: Credits) -> None:  # noqa: A002
    assert line_credits(line) == credits


@pytest.mark.parametrize(
    ("lead", "credits"),
    [
        pytest.param("本报讯(记者 王一鸣 通讯员 李静)近日,", Credits(WANG, LI), id="bracket"),
        pytest.param("本报讯 (王一鸣、李静)近日,", Credits((*WANG, *LI)), id="bare names"),
        pytest.param("本报讯 记者王一鸣、李静报道:近日,", Credits((*WANG, *LI)), id="no bracket"),
        pytest.param("新华社北京7月14日电(记者王一鸣、李静)", Credits((*WANG, *LI)), id="agency"),
        pytest.param("〔記者陳慧明/台北報導〕立院", Credits(("陳慧明",)), id="slash"),
        pytest.param("（本報記者陳慧明）漁會昨日", Credits(("陳慧明",)), id="a bracket alone"),
        pytest.param("【記者李四花蓮報導】", Credits(("李四",)), id="glued to the place"),
        pytest.param("本报讯 记者从市文旅局获悉,", Credits(), id="the reporter unnamed"),
    ],
)
def test_names_of_a_lead(lead: str, credits: Credits) -> None:  # noqa: A002
    assert lead_credits(lead) == credits


@pytest.mark.parametrize(
    ("caption", "names"),
    [
        pytest.param("图为现场。 王一鸣 摄", WANG, id="blank"),
        pytest.param("现场。本报记者 王一鸣 摄", WANG, id="role"),
        pytest.param("现场。(王一鸣/摄)", WANG, id="slash"),
        pytest.param("现场。新华社发(王一鸣 摄)", WANG, id="agency"),
        pytest.param("现场。摄影:王一鸣", WANG, id="role first"),
        pytest.param("Crowds gather. (Ann Lee/Courier)", ("Ann Lee",), id="English"),
        pytest.param("市民在公园拍摄荷花。", (), id="a verb"),
    ],
)
def test_photographers_of_a_caption(caption: str, names: tuple[str, ...]) -> None:
    assert caption_photographers(caption) == names


def test_a_name_may_end_like_a_mountain_and_no_office_is_one() -> None:
    assert caption_photographers("图为江边的老船。 章远山 摄") == ("章远山",)
    assert caption_photographers("图为门诊大厅。 宣传科 章远山 摄") == ("章远山",)


def test_a_sentence_that_begins_with_latin_letters_is_no_name() -> None:
    assert is_name("John O’Hara")
    assert not is_name("DNA今天开放查询")


def test_names_in_brackets_behind_the_last_sentence() -> None:
    assert closing_credits("问题已经解决。(记者 王一鸣)") == Credits(WANG)
    assert closing_credits("问题已经解决。(王一鸣)") == Credits(WANG)
    assert closing_credits("问题已经解决。(县融媒体中心)") == Credits()


def test_what_a_writer_is_may_stand_before_his_name() -> None:
    assert bylines.is_signature("市民 王一鸣")
    assert bylines.is_signature("骨科主任医师 王一鸣")
    assert not bylines.is_signature("市民 晨练")
