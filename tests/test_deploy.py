"""What is deployed names settings, commands and files that there are."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from web.cli import main
from web.settings import Settings

ROOT = Path(__file__).parents[1]
FILES = [ROOT / "compose.yaml", ROOT / "compose.replicas.yaml"]


def services(file: Path) -> dict[str, Any]:
    told: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))["services"]
    return told


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_settings_are_those_that_there_are_and_can_be_read(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = [each for each in services(file).values() if each["image"] == "baowen"]
    assert ours
    for service in ours:
        for name, value in service["environment"].items():
            assert name.removeprefix("BAOWEN_").lower() in Settings.model_fields, name
            if "${" not in str(value):
                monkeypatch.setenv(name, str(value))
        assert service.get("command", ["serve"])[0] in main.commands  # type: ignore[attr-defined]
    Settings()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_files_that_are_mounted_are_there(file: Path) -> None:
    for service in services(file).values():
        for volume in service.get("volumes", ()):
            place = ROOT / volume.split(":")[0]
            assert not volume.startswith("./deploy") or place.is_file(), volume


def test_chromas_server_is_of_the_version_of_its_client() -> None:
    image = services(FILES[1])["chroma"]["image"]
    assert f"chromadb=={image.partition(':')[2]}" in (ROOT / "requirements.txt").read_text()


def test_the_proxy_lets_the_longest_upload_through() -> None:
    from web.app import LARGEST_UPLOAD

    told = (ROOT / "deploy" / "nginx.conf").read_text()
    (size,) = [line.split()[1] for line in told.splitlines() if "client_max_body_size" in line]
    assert int(size.removesuffix("m;")) << 20 > LARGEST_UPLOAD
