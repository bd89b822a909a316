"""Take pictures of every page: wide and narrow, in light and dark, in Chinese and English.

``make pictures`` serves the sample newspaper from a folder of its own and puts them into
``build/pictures``. ``--only NAME`` takes those of one page. The pictures of the README are three of these,
made smaller: ``--readme`` writes them to ``docs/images``.
"""

import argparse
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "build" / "pictures"
README = ROOT / "docs" / "images"
WIDTHS = {"wide": 1280, "narrow": 360}
THEMES = ("light", "dark")
LANGUAGES = ("zh-CN", "zh-TW", "en")
ASKED = {
    "answer": "鹤汀大桥全长多少米？",
    "refusal": "月球基地哪一年建成？",
    "english": "When do the ferries run?",
}
READ = (ASKED["answer"], ASKED["english"])
QUOTE = "鹤汀大桥全长二千八百米。"
PATIENCE = 600
"""Seconds until the sample is read, the first time with unpacking the model."""
README_WIDTH = 900
_CITATION = re.compile(r"/citations/[\w-]+")


@dataclass(frozen=True, slots=True)
class Service:
    """A running service and the addresses of its pages by name."""

    address: str
    pages: dict[str, str]


@contextmanager
def serving(home: Path) -> Iterator[Service]:
    """Serve the sample, and an answer, a refusal and a conversation that were asked for."""
    address = f"http://127.0.0.1:{_free_port()}"
    command = [sys.executable, "-m", "web.cli", "serve", "--sample", "sample", "--port"]
    environment = os.environ | {"BAOWEN_HOME": str(home)}
    server = subprocess.Popen([*command, address.rpartition(":")[2]], cwd=ROOT, env=environment)
    try:
        with httpx.Client(base_url=address, timeout=PATIENCE) as client:
            _wait(client, server)
            yield Service(address, _pages(client))
    finally:
        server.terminate()
        server.wait(30)


def _free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return int(bound.getsockname()[1])


def _wait(client: httpx.Client, server: "subprocess.Popen[bytes]") -> None:
    """Until the last page of the sample can be asked."""
    until = time.monotonic() + PATIENCE
    while server.poll() is None and time.monotonic() < until:
        try:
            answers = [client.post("/api/v1/questions", json={"question": each}) for each in READ]
            if all(answer.is_success and answer.json()["answered"] for answer in answers):
                return
        except httpx.TransportError:
            pass
        time.sleep(2)
    sys.exit("The sample can't be asked; the service's last words stand above.")


def _pages(client: httpx.Client) -> dict[str, str]:
    asked = {
        name: client.post("/", data={"question": question}).headers["Location"]
        for name, question in ASKED.items()
    }
    citation = _CITATION.findall(client.get(asked["answer"]).text)[0]
    article = client.get(f"/api/v1{citation}").json()["article"]["url"]
    return {
        "chat": "/",
        **asked,
        "beside": f"{asked['answer']}#{citation}",
        "citation": citation,
        "article": article,
        "browse": "/browse",
        "check": "/check",
        "conversations": "/conversations",
        "feedback": "/operator/feedback",
        "sign-in": "/operator/sign-in",
        "missing": "/nowhere",
        "docs": "/docs",
    }


def take(browser: Browser, service: Service, folder: Path, only: str | None) -> Iterator[Path]:
    """Every page in every way, as PNG files named for both."""
    for size, width in WIDTHS.items():
        for theme in THEMES:
            for language in LANGUAGES:
                context = browser.new_context(
                    base_url=service.address,
                    locale=language,
                    color_scheme=theme,  # type: ignore[arg-type]
                    viewport={"width": width, "height": 800},
                    reduced_motion="reduce",
                )
                page = context.new_page()
                for name, url in service.pages.items():
                    if only in (None, name):
                        path = folder / f"{name}-{size}-{theme}-{language}.png"
                        _show(page, name, url)
                        page.screenshot(path=path, full_page=name not in ("beside", "docs"))
                        yield path
                context.close()


def _show(page: Page, name: str, url: str) -> None:
    page.goto("about:blank")  # so that a fragment alone is followed too
    page.goto(url)
    if name == "beside":
        page.locator("#beside .printed").wait_for()
    if name == "conversations":
        _ask(page, ASKED["answer"])
        page.goto(url)
    if name == "check":
        page.locator("#text").fill(QUOTE)
        page.locator("form.ask button").click()
        page.locator(".checked").wait_for()
    page.wait_for_load_state("networkidle")


def _ask(page: Page, question: str) -> None:
    page.goto("/")
    page.locator("#question").fill(question)
    page.locator("#question").press("Enter")
    page.locator("article.answer:not(.pending)").wait_for()


def for_readme(folder: Path) -> None:
    """Three of the pictures, made smaller."""
    README.mkdir(parents=True, exist_ok=True)
    for taken, name in (
        ("beside-wide-light-zh-CN", "answer"),
        ("check-wide-light-zh-CN", "check"),
        ("answer-narrow-dark-zh-TW", "narrow"),
    ):
        with Image.open(folder / f"{taken}.png") as picture:
            shown = picture.convert("RGB").crop((0, 0, picture.width, min(picture.height, 800)))
            shown.thumbnail((README_WIDTH, README_WIDTH))
            shown.save(README / f"{name}.webp", quality=80, method=6)


def main() -> None:
    """Serve, take, and tell how many there are."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--only", metavar="NAME", help="one page, such as browse")
    arguments.add_argument("--readme", action="store_true", help="write docs/images too")
    wanted = arguments.parse_args()
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("Install Chromium first: it takes the pictures.")
    PICTURES.mkdir(parents=True, exist_ok=True)
    with serving(PICTURES / "home") as service, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        taken = list(take(browser, service, PICTURES, wanted.only))
        browser.close()
    if wanted.readme:
        for_readme(PICTURES)
    print(f"{len(taken)} pictures in {PICTURES}")


if __name__ == "__main__":
    main()
