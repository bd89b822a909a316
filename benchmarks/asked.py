"""How invented pages are answered: each part of the questions in an archive of the pages that it is on.

    python benchmarks/asked.py [--split hold]

``tests/material/pages/questions.jsonl`` and ``benchmarks/pages/dailies/questions.jsonl`` were asked by
people who knew the pages and nothing of the program. Weights learn from the part ``tune`` of the
first; the others only measure. Prints a row for each part, and one for all.
"""

import argparse
import json
import os
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
ON_PAGES = ROOT / "tests/material/pages"
FOLDERS = (ON_PAGES, ROOT / "benchmarks/pages/dailies")


def parts(folder: Path, split: str) -> Iterator[tuple[str, list[str], set[Path]]]:
    """The parts of a folder's questions: name, lines, and the files they are on."""
    lines: dict[int, list[str]] = defaultdict(list)
    files: dict[int, set[Path]] = defaultdict(set)
    for line in (folder / "questions.jsonl").read_text("utf-8").splitlines():
        each = json.loads(line)
        part = each.get("part", 0)
        if each.get("split", "hold") == split:
            lines[part].append(line)
        if each["page"]:
            files[part].add(folder / f"{each['page'].removesuffix('.txt')}.txt")
    for part, asked in sorted(lines.items()):
        yield f"{folder.name} {part}", asked, files[part]


def baowen(home: Path, *arguments: str) -> str:
    """What a command prints."""
    environment = {**os.environ, "BAOWEN_HOME": str(home), "BAOWEN_LOG_LEVEL": "ERROR"}
    command = [sys.executable, "-m", "web.cli", *arguments]
    done = subprocess.run(
        command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout


def judged(files: set[Path], asked: list[str], models: Path) -> Counter[str]:
    """Ask all questions of one archive, and count."""
    with TemporaryDirectory() as folder:
        home, questions, details = (Path(folder) / name for name in ("home", "asked", "details"))
        home.mkdir()
        (home / "models").symlink_to(models)
        baowen(home, "ingest", *map(str, sorted(files)))
        questions.write_text("\n".join(asked) + "\n", "utf-8")
        told = json.loads(
            baowen(home, "evaluate", str(questions), "--json", "--details", str(details))
        )
        counted: Counter[str] = Counter()
        for line in details.read_text("utf-8").splitlines():
            each = json.loads(line)
            kind = "answerable" if each["answerable"] else "other"
            counted[kind] += 1
            counted[f"{kind} right"] += (
                each["right"] if each["answerable"] else not each["answered"]
            )
        support = told["citing"]["support"]
        counted["citations"] = support["count"]
        counted["supporting"] = round(support["value"] * support["count"])
        return counted


def main() -> None:
    """Ask, and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--split", choices=["hold", "tune"], default="hold")
    options = parser.parse_args()
    total: Counter[str] = Counter()
    with TemporaryDirectory() as folder:
        baowen(Path(folder), "ingest", str(ROOT / "sample"))  # unpacks the model
        for split in (parts(each, options.split) for each in FOLDERS):
            for name, asked, files in split:
                found = judged(files, asked, Path(folder) / "models")
                total += found
                show(f"{name}, {len(files)} pages", found)
    show("all", total)


def show(name: str, found: Counter[str]) -> None:
    """A row: answered right, refused, and citations that support."""
    right = found["answerable right"] / max(1, found["answerable"])
    refused = found["other right"] / max(1, found["other"])
    support = found["supporting"] / max(1, found["citations"])
    counts = f"{found['answerable']:4} {found['other']:4}"
    print(f"{name:24} {counts}  right {right:.3f}  refused {refused:.3f}  support {support:.3f}")


if __name__ == "__main__":
    main()
