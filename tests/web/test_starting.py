"""What a command that asks nothing of the archive waits for."""

import subprocess
import sys
from pathlib import Path

HEAVY = "flask sqlalchemy pydantic numpy chromadb langchain_core onnxruntime tantivy rjieba"


def test_help_is_shown_without_loading_what_answers() -> None:
    code = (
        "import sys; from click.testing import CliRunner; from web.cli import main\n"
        "assert 'ingest' in CliRunner().invoke(main, ['--help']).output\n"
        f"print([name for name in {HEAVY.split()} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"
