"""How the tool that tries the Dockerfile reads it; ``make image`` runs its steps."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "tools"))

import image  # noqa: E402


def test_steps_are_read_over_several_lines() -> None:
    told = '# a remark\nFROM python:3.11-slim AS build\nRUN one \\\n    && two\n\nCMD ["serve"]\n'
    assert list(image.steps(told)) == [
        ("FROM", "python:3.11-slim AS build"),
        ("RUN", "one      && two"),
        ("CMD", '["serve"]'),
    ]


def test_every_step_of_the_dockerfile_can_be_taken(tmp_path: Path) -> None:
    stage = image.Stage(tmp_path)
    for word, rest in image.steps((ROOT / "Dockerfile").read_text()):
        if word not in ("ARG", "FROM", "RUN", "COPY"):
            image.take(stage, word, rest, {}, {}, ())
    assert stage.user == "baowen"
    assert stage.volume == stage.environment["BAOWEN_HOME"] == "/data"
    assert stage.health[0] == "python"
    assert [*stage.entrypoint, *stage.command][:2] == ["baowen", "serve"]


def test_a_step_that_it_does_not_know_is_said(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="ONBUILD"):
        image.take(image.Stage(tmp_path), "ONBUILD", "RUN x", {}, {}, ())


def test_what_goes_into_the_image_is_what_runs() -> None:
    sent = image.sent()
    assert {"qa", "vectorstore", "web", "requirements.txt"} <= set(sent)
    assert not {"tests", "docs", ".git"} & set(sent)
    assert all((ROOT / name).exists() for name in sent)
