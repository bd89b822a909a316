"""The pages in the reader's language: what is chosen, what is said, and what caches are told."""

import re
from pathlib import Path
from string import Formatter

import pytest
from flask.testing import FlaskClient
from newsroom import BRIDGE_NEWS, UNDATED_NEWS

from web import words
from web.languages import LANGUAGES, NAMES, spoken

WEB = Path(words.__file__).parent
CATALOGS = {tag: words.catalog(locale) for tag, locale in LANGUAGES.items()}
SIMPLIFIED_ONLY = re.compile("[这说们为时问报读页从关闭现头话]")


def heard(client: FlaskClient, asked_for: str, url: str = "/") -> str:
    page = client.get(url, headers={"Accept-Language": asked_for}).text
    found = re.search(r'<html lang="([^"]+)">', page)
    assert found
    return found.group(1)


def named() -> set[str]:
    """Messages that templates and modules name outright."""
    sources = [*WEB.glob("templates/*.html"), *WEB.glob("*.py")]
    return {
        name
        for path in sources
        for name in re.findall(r"\bsay\(\s*[\"'](\w+)[\"']\s*[,)]", path.read_text())
    }


def fields(message: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(message) if name}


@pytest.mark.parametrize(
    ("asked_for", "language"),
    [
        ("", "zh-Hans"),
        ("fr", "zh-Hans"),
        ("*", "zh-Hans"),
        ("zh", "zh-Hans"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"),
        ("zh-SG", "zh-Hans"),
        ("zh-Hans-HK", "zh-Hans"),
        ("zh-TW,zh;q=0.9", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("zh-Hant-MO", "zh-Hant"),
        ("en-GB,en;q=0.9,zh;q=0.1", "en"),
        ("en-US,zh-TW;q=0.5", "en"),
        ("fr,zh-TW;q=0.5,en;q=0.4", "zh-Hant"),
        ("en;q=0,zh-TW;q=0.1", "zh-Hant"),
        ("../../etc,en", "en"),
    ],
)
def test_pages_speak_the_first_language_that_the_browser_asks_for_and_they_know(
    client: FlaskClient, asked_for: str, language: str
) -> None:
    assert heard(client, asked_for) == language


def test_a_chosen_language_is_kept_whatever_the_browser_asks_for(client: FlaskClient) -> None:
    page = {"Referer": "http://localhost/browse?query=%E6%A1%A5&page=01"}
    chosen = client.post("/language", data={"language": "zh-Hant"}, headers=page)
    assert chosen.status_code == 303
    assert chosen.headers["Location"] == "/browse?query=%E6%A1%A5&page=01"
    cookie = client.get_cookie("baowen_language")
    assert cookie
    assert (cookie.value, cookie.http_only, cookie.same_site) == ("zh-Hant", True, "Lax")
    assert heard(client, "en") == "zh-Hant"
    client.post("/language", data={"language": "en"})
    assert heard(client, "zh-TW") == "en"


def test_a_cookie_of_no_language_of_ours_counts_for_nothing(client: FlaskClient) -> None:
    client.set_cookie("baowen_language", "../../../etc/passwd")
    assert heard(client, "en") == "en"
    assert client.post("/language", data={"language": "xx"}).status_code == 400
    assert client.post("/language").status_code == 400


@pytest.mark.parametrize(
    "page",
    ["", "http://[", "https://paper.example", "http://localhost//paper.example/x", "javascript:1"],
)
def test_choosing_a_language_never_leads_to_another_site(client: FlaskClient, page: str) -> None:
    chosen = client.post("/language", data={"language": "en"}, headers={"Referer": page})
    assert chosen.headers["Location"] == "/"


def test_another_sites_page_chooses_no_language(client: FlaskClient) -> None:
    foreign = {"Sec-Fetch-Site": "cross-site", "Origin": "https://paper.example"}
    refused = client.post("/language", data={"language": "en"}, headers=foreign)
    assert refused.status_code == 403
    assert client.get_cookie("baowen_language") is None


@pytest.mark.parametrize(
    "url", ["/", "/browse", "/check", "/conversations", "/nowhere", "/operator/sign-in"]
)
def test_caches_are_told_what_a_page_depends_on(client: FlaskClient, url: str) -> None:
    assert set(client.get(url).vary) >= {"Accept-Language", "Cookie"}


def test_what_has_no_language_does_not_vary_by_it(client: FlaskClient) -> None:
    for url in ("/healthz", "/api/v1/articles"):
        assert "Accept-Language" not in client.get(url).vary


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_offers_the_languages_and_marks_its_own(
    client: FlaskClient, language: str
) -> None:
    for url in ("/", "/browse", f"/articles/{BRIDGE_NEWS.id}", "/nowhere"):
        page = client.get(url, headers={"Accept-Language": language}).text
        offered = re.findall(r'<button[^>]*value="([^"]+)" lang="\1"([^>]*)>([^<]+)<', page)
        assert {tag: name for tag, _, name in offered} == NAMES
        assert [tag for tag, more, _ in offered if "aria-current" in more] == [language]


@pytest.mark.parametrize(
    ("language", "issued", "told"),
    [
        ("zh-Hans", "2023年10月12日", "7月14日（年份不明）"),
        ("zh-Hant", "2023年10月12日", "7月14日（年份不詳）"),
        ("en", "October 12, 2023", "July 14, year unknown"),
    ],
)
def test_days_are_written_as_the_language_writes_them(
    client: FlaskClient, language: str, issued: str, told: str
) -> None:
    asked_for = {"Accept-Language": language}
    assert issued in client.get(f"/articles/{BRIDGE_NEWS.id}", headers=asked_for).text
    assert told in client.get(f"/articles/{UNDATED_NEWS.id}", headers=asked_for).text


def test_every_message_is_there_in_every_language() -> None:
    names = set(CATALOGS["en"])
    assert named() <= names
    for told in CATALOGS.values():
        assert set(told) == names
        assert all(told.values())
    for name in names:
        assert len({frozenset(fields(told[name])) for told in CATALOGS.values()}) == 1, name


def test_no_message_is_left_that_nothing_says() -> None:
    """Names that are put together begin or end with what the source says outright."""
    sources = [*WEB.glob("templates/*.html"), *WEB.glob("**/*.py")]
    said = {word for path in sources for word in re.findall(r"\w+", path.read_text())}
    beginnings = tuple(word for word in said if word.endswith("_"))
    endings = tuple(word for word in said if word.startswith("_"))
    unsaid = {
        name
        for name in set(CATALOGS["en"]) - said
        if not name.startswith(beginnings) and not name.endswith(endings)
    }
    assert unsaid == set()


def test_every_error_tells_what_to_do() -> None:
    for told in CATALOGS.values():
        for name in told:
            if re.fullmatch(r"error(_\d+)?", name):
                assert f"{name}_what" in told


def test_traditional_wording_has_no_simplified_characters() -> None:
    found = {name: say for name, say in CATALOGS["zh-Hant"].items() if SIMPLIFIED_ONLY.search(say)}
    assert found == {}


def test_templates_have_no_chinese_words_of_their_own() -> None:
    for path in WEB.glob("templates/*.html"):
        assert not re.search("[一-鿿]", path.read_text()), path.name


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The ferry stops.", "en"),
        ("渡口停航，渡船送进博物馆。", "zh-Hans"),
        ("渡口停航，渡船送進博物館。", "zh-Hant"),
        ("The bridge at 青石", "zh-Hans"),
        ("书店请来研究乾隆年间版画的三位学者。", "zh-Hans"),
    ],
)
def test_a_text_is_marked_up_as_what_it_is_written_in(text: str, language: str) -> None:
    assert words.tongue(text) == language


@pytest.mark.parametrize("tag", ["yue", "e", "z-h", "zhh-TW", "-", "fr-en"])
def test_other_languages_are_not_taken_for_ours(tag: str) -> None:
    assert spoken(tag) is None
