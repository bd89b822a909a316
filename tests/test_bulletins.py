"""Whole bulletins come out as their items, and the measure of it says what went wrong."""

import json
from pathlib import Path

import pytest

from benchmarks.bulletins import bulletins, measured, share

ITEMS = [
    ("白石桥装上了新路灯", "白石桥今晚装上了新路灯，亮到天明。"),
    ("云岭站开通了早班车", "云岭站今天开通早班车，五点发车。\n车票两元。"),
    ("青禾河放流十万尾鱼苗", "青禾河昨天放流鱼苗，共十万尾。"),
    ("柳荫街拆除旧广告牌", "柳荫街的旧广告牌今天拆除，街面亮堂了。"),
    ("北河渡口换上电动船", "北河渡口今天换上电动船，不再有油烟。"),
    ("国内简讯", "\\*\\*松子岭发现古窑\\*\\*\n松子岭发现一处古窑。"),
]


def write(path: Path, items: list[tuple[str, str]]) -> None:
    text, placed = "", []
    for number, (title, body) in enumerate(items):
        start, within = len(text), len(text) + len(title) + 1
        text += f"{title}\n{body}\n"
        placed.append(
            {
                "id": str(number),
                "title": title,
                "start": start,
                "body_start": within,
                "end": len(text) - 1,
            }
        )
    text += "---\n更新时间：2022-07-15T00:00:00Z\n"
    placed[-1]["end"] = len(text)
    record = {"id": "a", "date": "2022-07-14", "text": text, "articles": placed}
    path.write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")


def test_items_with_headlines_of_their_own_are_not_counted(tmp_path: Path) -> None:
    write(tmp_path / "bulletins.jsonl", ITEMS)
    (bulletin,) = bulletins(tmp_path / "bulletins.jsonl")
    assert "*" not in bulletin.text
    assert "更新" not in bulletin.text
    assert [outcome.kind for outcome in measured(bulletin)] == ["exact"] * 5


def test_an_item_that_ran_into_another_is_named(tmp_path: Path) -> None:
    write(tmp_path / "bulletins.jsonl", ITEMS[:2])
    (bulletin,) = bulletins(tmp_path / "bulletins.jsonl")
    kinds = [outcome.kind for outcome in measured(bulletin)]
    assert kinds == ["has more text", "is part of another article"]


@pytest.mark.shared
def test_real_bulletins_come_out_as_their_items(shared: Path) -> None:
    path = shared / "eval" / "cctv_issues.pages.jsonl.gz"
    if not path.is_file():
        pytest.skip(f"no {path.name} in the folder ../shared/eval beside the repository")
    held_out = list(bulletins(path))[1::2]
    outcomes = [outcome for bulletin in held_out for outcome in measured(bulletin)]
    assert len(outcomes) > 1000
    assert share(outcomes) >= 0.95
