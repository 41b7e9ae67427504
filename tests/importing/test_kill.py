"""An import that was killed with `kill -9` and is run again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.importing.samples import make_seed_folder

ROOT = Path(__file__).parents[2]
FILES = 260


def manage(database: Path, *arguments: str) -> subprocess.Popen[str]:
    env = os.environ | {
        "DATABASE_URL": f"sqlite:///{database}",
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        "SECRET_KEY": "only for the tests",
        "HTTPS": "false",
        "DATA_DIR": str(database.parent),
    }
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    return subprocess.Popen(command, env=env, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def run(database: Path, *arguments: str) -> str:
    process = manage(database, *arguments)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return out


def count(database: Path) -> int:
    import sqlite3

    with sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=5) as connection:
        return int(connection.execute("SELECT count(*) FROM articles_article").fetchone()[0])


@pytest.mark.slow
@pytest.mark.sqlite
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_killed_import_run_again_ends_the_same(tmp_path: Path, jobs: str) -> None:
    seeds = make_seed_folder(tmp_path / "seeds", FILES)
    whole, killed = tmp_path / "whole.sqlite3", tmp_path / "killed.sqlite3"
    run(whole, "migrate", "-v0")
    killed.write_bytes(whole.read_bytes())
    load = ("import_seeds", str(seeds), "--publish", "--jobs", jobs, "--quiet")
    run(whole, *load)

    process = manage(killed, *load)
    deadline = time.monotonic() + 60
    while count(killed) == 0 and time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=30)  # its workers end with it, or this would wait for them
    assert 0 < count(killed) < FILES, "it should have been killed in the middle"

    run(killed, *load)
    exports = [run(path, "export_articles", "--include-proposed").splitlines() for path in (whole, killed)]
    assert len(exports[0]) == FILES
    assert [json.loads(line) for line in exports[0]] == [json.loads(line) for line in exports[1]]
