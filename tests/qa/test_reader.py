import json
from pathlib import Path

import pytest

from qa.reader import Reader
from vectorstore.embedding import DEFAULT, find

BRIDGE = "5月16日,鹤汀大桥主跨顺利合龙。大桥全长1860米,预计明年3月通车。"
SCHOOL = "东埠区第三小学新校区9月1日启用。可容纳36个班。"


@pytest.fixture(scope="module")
def reader(models: Path) -> Reader:
    return Reader(find(DEFAULT, models).folder)


@pytest.mark.slow
def test_the_passage_that_answers_is_the_likelier(reader: Reader) -> None:
    bridge, school = reader.read("鹤汀大桥全长多少米?", [("大桥合龙", BRIDGE), ("新小学", SCHOOL)])
    assert bridge.probability > 0.8 > 0.2 > school.probability


@pytest.mark.slow
def test_it_points_at_the_sentence_that_answers(reader: Reader) -> None:
    (reading,) = reader.read("鹤汀大桥全长多少米?", [("", BRIDGE)])
    cut = BRIDGE.index("大桥全长")
    assert reading.share(cut, len(BRIDGE)) > 0.8
    assert reading.share(0, len(BRIDGE)) == pytest.approx(1, abs=1e-3)


@pytest.mark.slow
def test_passages_are_read_in_any_number_and_length(reader: Reader) -> None:
    texts = [("", ""), *(("标题", "大桥今天通车。" * count) for count in range(1, 40, 3))]
    readings = reader.read("大桥什么时候通车?", texts)
    assert len(readings) == len(texts)
    assert readings[0].probability == 0
    assert reader.read("问?", []) == []


def test_its_weights_are_small_and_say_where_they_come_from() -> None:
    folder = Path(__file__).parents[2] / "qa" / "reader"
    assert (folder / "reader.onnx").stat().st_size < 16 * 2**20
    assert json.loads((folder / "reader.json").read_text())["trained_on"]
    assert "CC BY-SA" in (folder / "LICENSE").read_text()
