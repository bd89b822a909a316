"""Take the Dockerfile's steps without Docker, and see that what they make serves as it should.

``make image`` (as root, with Debian's package debootstrap). A bare Debian with its own Python stands
in for the image that the Dockerfile begins with; each stage is a copy of it in ``build/image``. What
comes out runs as compose.yaml says: its own user, no privileges, read-only but for ``/data`` and
``/tmp``, and here with a network of its own in which nothing else is. ``--share PATH`` lends the build
a file or folder of this machine, such as pip's settings or a folder of wheels.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from string import Template

ROOT = Path(__file__).parents[1]
BUILD = ROOT / "build" / "image"
PACKAGES = "python3-venv,python-is-python3,ca-certificates"
PATIENCE = 600
"""Seconds until the service must be healthy: it unpacks its model first."""
STOPPING = 20
"""Seconds that compose.yaml gives it to stop."""
QUESTION, ANSWER = "鹤汀大桥全长多少米?", "1286"
_LENT = re.compile(r"PIP_\w+|SSL_CERT_\w+|\w+_proxy|\w+_PROXY")
"""Names of this machine's environment by which a build reaches its packages."""


@dataclass
class Stage:
    """A root file system, and what the Dockerfile said of it."""

    root: Path
    environment: dict[str, str] = field(default_factory=dict)
    folder: str = "/"
    user: str = "root"
    volume: str = ""
    health: list[str] = field(default_factory=list)
    entrypoint: list[str] = field(default_factory=list)
    command: list[str] = field(default_factory=list)


def steps(text: str) -> Iterator[tuple[str, str]]:
    """Each instruction and what follows it, on one line."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    for line in "\n".join(lines).replace("\\\n", " ").splitlines():
        if line.strip():
            word, _, rest = line.strip().partition(" ")
            yield word, rest.strip()


def build(dockerfile: str, base: Path, shares: Sequence[Path]) -> Stage:
    """Take all steps. Raises ``CalledProcessError`` where one fails."""
    stages: dict[str, Stage] = {}
    arguments: dict[str, str] = {}
    for word, rest in steps(dockerfile):
        print(f"{word} {rest}", flush=True)
        if word == "ARG":
            name, _, value = rest.partition("=")
            arguments[name] = value
            continue
        if word == "FROM":
            image, _, name = rest.partition(" AS ")
            expect_python(base, Template(image).substitute(arguments))
            stage = stages[name] = Stage(BUILD / (name or "final"))
            copy(f"{base}/.", stage.root)
            stage.environment["PATH"] = (
                "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
            )
            continue
        take(stage, word, rest, stages, arguments, shares)
    return stage


def take(
    stage: Stage,
    word: str,
    rest: str,
    stages: Mapping[str, Stage],
    arguments: Mapping[str, str],
    shares: Sequence[Path],
) -> None:
    """Take one step within a stage."""
    match word:
        case "ENV":
            for pair in rest.split():
                name, _, value = pair.partition("=")
                stage.environment[name] = Template(value).safe_substitute(stage.environment)
        case "WORKDIR":
            stage.folder = rest
            (stage.root / rest.lstrip("/")).mkdir(parents=True, exist_ok=True)
        case "RUN":
            lent = {name: value for name, value in os.environ.items() if _LENT.fullmatch(name)}
            environment = lent | dict(arguments) | stage.environment
            inside(stage, ["sh", "-c", rest], environment=environment, shares=shares)
        case "COPY":
            source, target = rest.rsplit(maxsplit=1)
            into = stage.root / (target if target[0] == "/" else f"{stage.folder}/{target}").lstrip(
                "/"
            )
            if found := re.fullmatch(r"--from=(\w+) (\S+)", source):
                copy(f"{stages[found.group(1)].root}{found.group(2)}/.", into)
            else:
                for name in sent() if source == "." else [source]:
                    copy(str(ROOT / name), into)
        case "USER":
            stage.user = rest
        case "VOLUME":
            stage.volume = rest
        case "HEALTHCHECK":
            stage.health = json.loads(rest.partition("CMD ")[2])
        case "ENTRYPOINT":
            stage.entrypoint = json.loads(rest)
        case "CMD":
            stage.command = json.loads(rest)
        case "EXPOSE":
            pass  # says something to people
        case _:
            raise SystemExit(f"no way to take the step {word}: teach it to {__file__}")


def sent() -> list[str]:
    """What .dockerignore lets into the build: all but what it names is kept out."""
    first, *names = [
        line
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line and line[0] != "#" and "**" not in line
    ]
    if first != "*" or not all(name.startswith("!") for name in names):
        raise SystemExit(".dockerignore no longer keeps out all but what it names")
    return [name[1:] for name in names]


def copy(source: str, into: Path) -> None:
    """Copy a file, or a folder (its contents, if it ends in ``/.``), with owners and links."""
    into.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "--archive", "--reflink=auto", source, str(into)], check=True)


def expect_python(base: Path, image: str) -> None:
    """See that the bare Debian has the Python of the image that it stands in for."""
    wanted = re.match(r"python:(\d+\.\d+)-", image)
    if not wanted or not (base / "usr/bin" / f"python{wanted.group(1)}").exists():
        raise SystemExit(f"the bare Debian has no Python such as {image} has")


def inside(
    stage: Stage,
    command: Sequence[str],
    *,
    environment: Mapping[str, str],
    shares: Sequence[Path] = (),
) -> None:
    """Run a command as root within the stage while it is built."""
    mounts = [f"mount --rbind /dev '{stage.root}/dev'", f"mount -t proc proc '{stage.root}/proc'"]
    for share in [Path("/etc/resolv.conf"), *shares]:
        place = Path(f"{stage.root}{share}")
        if share.is_dir():
            place.mkdir(parents=True, exist_ok=True)
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.touch()
        mounts.append(f"mount --bind '{share}' '{place}'")
    within = ["chroot", str(stage.root), *alone(environment, stage.folder), *command]
    subprocess.run(unshared(mounts, within), check=True)


def alone(environment: Mapping[str, str], folder: str) -> list[str]:
    """``env`` in a folder, with these variables alone."""
    told = [f"{name}={value}" for name, value in environment.items()]
    return ["/usr/bin/env", "--ignore-environment", f"--chdir={folder}", *told]


def unshared(mounts: Sequence[str], command: Sequence[str], *kinds: str) -> list[str]:
    """A command with mounts, processes and what else is named of its own."""
    script = "\n".join(["set -e", *mounts, 'exec "$@"'])
    spaces = ["unshare", "--mount", "--pid", "--fork", "--kill-child", *kinds]
    return [*spaces, "sh", "-c", script, "sh", *command]


@contextmanager
def serving(stage: Stage) -> Iterator[tuple["subprocess.Popen[bytes]", int]]:
    """What was built, run as compose.yaml says; the process, and its id on this machine."""
    data = BUILD / "data"
    copy(f"{stage.root}{stage.volume}/.", data)
    root = stage.root
    mounts = [
        "ip link set lo up",
        f"mount --bind '{root}' '{root}'",
        f"mount --bind '{data}' '{root}{stage.volume}'",
        f"mount --rbind /dev '{root}/dev'",
        f"mount -t proc proc '{root}/proc'",
        f"mount -t tmpfs tmpfs '{root}/tmp'",
        f"mount -o remount,ro,bind '{root}'",
    ]
    command = [*as_its_user(stage), *stage.entrypoint, *stage.command]
    run = subprocess.Popen(unshared(mounts, ["chroot", str(root), *command], "--net"))
    try:
        children = Path(f"/proc/{run.pid}/task/{run.pid}/children")
        while not children.read_text():
            time.sleep(0.1)
        yield run, int(children.read_text())
    finally:
        run.kill()


def as_its_user(stage: Stage) -> list[str]:
    """The image's user without any privilege, in its folder and environment."""
    user = [f"--reuid={stage.user}", f"--regid={stage.user}", "--clear-groups", "--no-new-privs"]
    powerless = ["setpriv", *user, "--bounding-set=-all", "--inh-caps=-all"]
    return [*powerless, *alone(stage.environment, stage.folder)]


def beside(
    stage: Stage, process: int, command: Sequence[str]
) -> "subprocess.CompletedProcess[str]":
    """Run a command where the service runs, as ``docker exec`` does."""
    where = ["nsenter", f"--target={process}", "--mount", "--pid", "--net", "--root", "--wd"]
    return subprocess.run(
        [*where, *as_its_user(stage), *command], capture_output=True, text=True, check=False
    )


def see(stage: Stage) -> None:
    """See that it serves, and stops when it is told to. Raises ``SystemExit`` with what is wrong."""
    with serving(stage) as (run, process):

        def expect(what: str, done: bool) -> None:
            print(f"{'yes' if done else 'NO'}: {what}", flush=True)
            if not done:
                raise SystemExit(1)

        def baowen(*words: str) -> str:
            told = beside(stage, process, [*stage.entrypoint, *words])
            expect(
                f"baowen {words[0]}: {told.stdout.strip()[:70]}{told.stderr[-300:]}",
                told.returncode == 0,
            )
            return told.stdout

        until = time.monotonic() + PATIENCE
        while beside(stage, process, stage.health).returncode and time.monotonic() < until:
            if run.poll() is not None:
                break
            time.sleep(1)
        expect("it runs", run.poll() is None)
        expect("it is healthy", beside(stage, process, stage.health).returncode == 0)
        owner = beside(stage, process, ["id", "-u"]).stdout.strip()
        expect(f"it runs as {stage.user}, {owner}", owner not in ("", "0"))
        written = beside(stage, process, ["sh", "-c", "touch /tmp/x /data/x && ! touch /app/x"])
        expect("it may write to /data and /tmp", written.returncode == 0)
        touched = ["nsenter", f"--target={process}", "--mount", "touch", f"{stage.root}/x"]
        refused = subprocess.run(touched, capture_output=True, text=True, check=False).stderr
        expect("nobody may write elsewhere", "Read-only file system" in refused)
        version = re.search(
            r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text(), re.MULTILINE
        )
        expect(
            "it is this version", version is not None and version.group(1) in baowen("--version")
        )
        baowen("ingest", "/app/sample")
        expect("it answers", ANSWER in baowen("ask", QUESTION))
        os.kill(process, 15)
        expect(f"it stops within {STOPPING} seconds", run.wait(STOPPING) == 0)


def main() -> None:
    """Build, and see."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--base", type=Path, default=BUILD / "base", help="A bare Debian made before."
    )
    parser.add_argument("--share", type=Path, action="append", default=[], metavar="PATH")
    told = parser.parse_args()
    if os.geteuid() or not all(map(shutil.which, ("debootstrap", "nsenter", "ip"))):
        raise SystemExit("be root, with Debian's packages debootstrap and iproute2")
    dockerfile = (ROOT / "Dockerfile").read_text()
    if not told.base.is_dir():
        suite = re.search(r"^ARG PYTHON=\S+-(\w+)$", dockerfile, re.MULTILINE)
        name = suite.group(1) if suite else "stable"
        bare = ["debootstrap", "--variant=minbase", f"--include={PACKAGES}", name, str(told.base)]
        subprocess.run(bare, check=True, stdout=subprocess.DEVNULL)
    for old in ("final", "build", "data"):
        shutil.rmtree(BUILD / old, ignore_errors=True)
    see(build(dockerfile, told.base, told.share))


if __name__ == "__main__":
    main()
