import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from itertools import product
from pathlib import Path

import databases
import pytest

from vectorstore.fulltext import DamagedIndex, Entry, FullText, Ranked, WordIndex
from vectorstore.selection import Selection

BRIDGE = Entry(
    "bridge", "大桥全长1860米,预计明年3月通车。", "鹤汀大桥合龙", ("2024-05-16",), ("云川日报",)
)
SCHOOL = Entry(
    "school", "东埠区第三小学新校区启用。", "添一所新小学", ("XXXX-09-01",), ("云川日报",)
)
MARKET = Entry(
    "market", "夜市整治后重新开张,摊位实名登记。", "夜市回来了", ("2023-12-31",), ("临湖晚报",)
)
LETTER = Entry("letter", "建议在大桥两端增设夜间公交。", "读者来信")
ALL = [BRIDGE, SCHOOL, MARKET, LETTER]


@pytest.fixture
def fulltext(tmp_path: Path) -> WordIndex:
    fulltext = databases.fulltext(tmp_path / "words")
    fulltext.add(ALL)
    return fulltext


def place(entry: Entry) -> tuple[str | None, str | None]:
    return next(iter(entry.days), None), next(iter(entry.publications), None)


def found(ranked: Ranked) -> set[str]:
    return {id_ for id_, _ in (*ranked.words, *ranked.bigrams)}


def test_a_passage_is_found_by_its_words_best_first(fulltext: WordIndex) -> None:
    ranked = fulltext.search("大桥什么时候通车", 10)
    assert ranked.words[0][0] == "bridge"
    scores = [score for _, score in ranked.words]
    assert scores == sorted(scores, reverse=True)


def test_a_name_that_no_dictionary_has_is_found_by_its_characters(fulltext: WordIndex) -> None:
    fulltext.add([Entry("name", "岑小满回到闫家营村。")])
    assert fulltext.search("家营", 10).bigrams[0][0] == "name"


@pytest.mark.parametrize("word", ["夜市", "摊位", "整治", "小学", "公交"])
def test_words_of_two_characters_are_found(fulltext: WordIndex, word: str) -> None:
    ranked = fulltext.search(word, 10)
    assert ranked.words
    assert ranked.bigrams


def test_simplified_and_traditional_characters_find_one_another(fulltext: WordIndex) -> None:
    fulltext.add([Entry("hall", "會館於七月重新開放,展廳擴至三間。")])
    assert fulltext.search("展厅", 10).words[0][0] == "hall"
    assert fulltext.search("夜市攤位實名登記", 10).bigrams[0][0] == "market"


def test_a_passage_is_found_by_its_heading(fulltext: WordIndex) -> None:
    assert found(fulltext.search("读者来信", 10)) == {"letter"}


def test_english_is_found_in_any_case_and_width(fulltext: WordIndex) -> None:
    fulltext.add([Entry("harbour", "The Harbour opened on Friday.")])
    assert fulltext.search("ＨＡＲＢＯＵＲ", 10).words[0][0] == "harbour"


@pytest.mark.parametrize(
    "query",
    [
        "",
        "  ",
        "?!。,",
        '"',
        "a:b",
        "words:大桥^9",
        "+(",
        "[* TO *]",
        "大桥 AND",
        "\\",
        "*",
        "\0",
        "𠮷",
    ],
)
def test_no_character_of_a_query_has_a_meaning_of_its_own(fulltext: WordIndex, query: str) -> None:
    assert found(fulltext.search(query, 10)) <= {"bridge", "letter"}


def test_the_longest_question_is_searched(fulltext: WordIndex) -> None:
    assert fulltext.search("大桥合龙后夜市与小学如何" * 166, 10).words


def test_a_selection_keeps_what_it_covers(fulltext: WordIndex) -> None:
    query = "大桥 小学 夜市 公交"
    days = [None, *(date(2023 + year, month, 16) for year in (0, 1) for month in (5, 9, 12))]
    spans = [(a, b) for a, b in product(days, days) if not (a and b and a > b)]
    for (since, until), paper in product(spans, [None, "云川日报", "无此报"]):
        selection = Selection(since=since, until=until, publication=paper)
        covered = {each.id for each in ALL if selection.covers(*place(each))}
        assert found(fulltext.search(query, 10, selection)) == covered, selection


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        pytest.param("大桥", {"bridge", "letter"}, id="a word"),
        pytest.param("大桥 公交", {"letter"}, id="every word, not one of them"),
        pytest.param("桥", {"bridge", "letter"}, id="a character within words"),
        pytest.param("鹤汀大", {"bridge"}, id="the beginning of a name, in the headline"),
        pytest.param("橋樑", set(), id="characters in a row"),
        pytest.param("夜間公交", {"letter"}, id="traditional characters"),
        pytest.param("1860", {"bridge"}, id="a number"),
        pytest.param("186", set(), id="not the beginning of a number"),
        pytest.param("1860米", {"bridge"}, id="a number with its unit"),
        pytest.param("harb", {"english"}, id="the beginning of an English word"),
        pytest.param("HARBOUR fri", {"english"}, id="several beginnings"),
        pytest.param("arbour", set(), id="not the end of a word"),
        pytest.param(".*", set(), id="no pattern"),
        pytest.param("", set(), id="nothing"),
    ],
)
def test_entries_that_hold_every_word(fulltext: WordIndex, query: str, kept: set[str]) -> None:
    fulltext.add([Entry("english", "The Harbour opened on Friday.")])
    assert set(fulltext.holding(query, 10)) == kept


def test_what_holds_every_word_is_of_the_selection_and_the_best_comes_first(
    fulltext: WordIndex,
) -> None:
    assert fulltext.holding("夜", 10, Selection(publication="临湖晚报")) == ("market",)
    fulltext.add([Entry("bridges", "大桥连大桥,大桥接大桥。")])
    assert fulltext.holding("大桥", 1) == ("bridges",)


def test_a_selection_changes_no_score(fulltext: WordIndex) -> None:
    alone = dict(fulltext.search("大桥", 10).words)
    chosen = dict(fulltext.search("大桥", 10, Selection(publication="云川日报")).words)
    assert chosen == {"bridge": pytest.approx(alone["bridge"])}


def test_adding_twice_keeps_once(fulltext: WordIndex) -> None:
    fulltext.add(ALL)
    assert fulltext.count() == 4
    assert fulltext.ids() == {"bridge", "school", "market", "letter"}
    assert [id_ for id_, _ in fulltext.search("夜市", 10).words].count("market") == 1


def test_a_passage_added_again_is_found_by_its_new_words_alone(fulltext: WordIndex) -> None:
    fulltext.add([Entry("market", "灯会开幕。")])
    assert found(fulltext.search("灯会", 10)) == {"market"}
    assert "market" not in found(fulltext.search("夜市", 10))


@pytest.mark.files
def test_a_removal_that_was_killed_in_its_commit_can_be_done_again(
    tmp_path: Path, fulltext: WordIndex
) -> None:
    killed = shutil.copytree(tmp_path / "words", tmp_path / "killed")
    fulltext.remove(["bridge"])
    for written in (next((tmp_path / "words").glob("*.del")), tmp_path / "words/.managed.json"):
        shutil.copy(written, killed)  # all that a commit writes before its last step
    again = FullText(killed)
    assert again.count() == len(ALL)
    again.remove(["bridge"])
    assert again.ids() == {entry.id for entry in ALL} - {"bridge"}


def test_what_was_removed_is_gone(fulltext: WordIndex) -> None:
    fulltext.remove(["bridge", "never there"])
    assert fulltext.ids() == {"school", "market", "letter"}
    assert found(fulltext.search("大桥", 10)) == {"letter"}


def test_a_cleared_full_text_is_empty_and_usable(fulltext: WordIndex) -> None:
    fulltext.clear()
    assert (fulltext.count(), fulltext.ids()) == (0, set())
    fulltext.add([BRIDGE])
    assert fulltext.count() == 1


def test_it_is_still_there_when_opened_again(tmp_path: Path, fulltext: WordIndex) -> None:
    assert databases.fulltext(tmp_path / "words").ids() == fulltext.ids()


@pytest.mark.files
def test_another_process_finds_what_was_added_after_it_opened(tmp_path: Path) -> None:
    directory = tmp_path / "words"
    writer = FullText(directory)
    script = (
        "import sys; from pathlib import Path; from vectorstore.fulltext import FullText;"
        "reader = FullText(Path(sys.argv[1])); print(reader.count(), flush=True);"
        "input(); print(reader.search('大桥', 5).words[0][0])"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(directory)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    ) as reader:
        assert reader.stdin is not None
        assert reader.stdout is not None
        assert reader.stdout.readline() == "0\n"
        writer.add(ALL)
        reader.stdin.write("\n")
        reader.stdin.flush()
        assert reader.stdout.readline() == "bridge\n"


def _garbage(directory: Path) -> None:
    (directory / "meta.json").write_text("{")


def _cut_off(directory: Path) -> None:
    for path in directory.glob("*.term"):
        path.write_bytes(path.read_bytes()[:-20])


def _half_gone(directory: Path) -> None:
    for path in directory.glob("*.idx"):
        path.unlink()


def _older(directory: Path) -> None:
    (directory / "version").write_text("0")


def _unfinished(directory: Path) -> None:
    (directory / "version").unlink()


def _no_folder(directory: Path) -> None:
    shutil.rmtree(directory)


@pytest.mark.files
@pytest.mark.parametrize("harm", [_garbage, _cut_off, _half_gone, _older, _unfinished, _no_folder])
def test_what_cannot_be_read_begins_empty(
    tmp_path: Path, fulltext: WordIndex, harm: Callable[[Path], None]
) -> None:
    assert fulltext.count() == 4
    harm(tmp_path / "words")
    afresh = FullText(tmp_path / "words")
    assert afresh.count() == 0
    afresh.add(ALL)
    assert found(afresh.search("夜市", 10)) == {"market"}


@pytest.mark.files
def test_an_index_lost_while_it_is_open_says_what_to_do(
    tmp_path: Path, fulltext: WordIndex
) -> None:
    _no_folder(tmp_path / "words")
    with pytest.raises(DamagedIndex, match="run `baowen rebuild`"):
        fulltext.search("大桥", 10)


@pytest.mark.files
def test_texts_cannot_be_read_back_from_the_files(tmp_path: Path, fulltext: WordIndex) -> None:
    kept = b"".join(path.read_bytes() for path in (tmp_path / "words").iterdir())
    assert "整治后重新".encode() not in kept
