"""`migrate` refuses a database of a development version, and leaves it unchanged."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OLD = [("auth", "0001_initial"), ("sources", "0001_foundation"), ("articles", "0001_foundation")]


def make_database(path: Path, applied: list[tuple[str, str]]) -> str:
    """Make a database in which these migrations were applied. Return its contents."""
    with sqlite3.connect(path) as connection:
        connection.execute(
            "CREATE TABLE django_migrations (id integer PRIMARY KEY, app text, name text, applied text)"
        )
        connection.executemany(
            "INSERT INTO django_migrations (app, name, applied) VALUES (?, ?, '2026-01-01')", applied
        )
        return "\n".join(connection.iterdump())


def contents(path: Path) -> str:
    with sqlite3.connect(path) as connection:
        return "\n".join(connection.iterdump())


def migrate(path: Path) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        "DATABASE_URL": f"sqlite:///{path}",
        "DATA_DIR": str(path.parent),
    }
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.slow
@pytest.mark.parametrize(
    "applied",
    [OLD, [("auth", "0001_initial"), ("admin", "0001_initial")]],
    ids=["with our tables", "with Django's alone"],
)
def test_migrate_refuses_an_old_database_unchanged(tmp_path, applied):
    path = tmp_path / "old.sqlite3"
    before = make_database(path, applied)

    done = migrate(path)

    assert done.returncode == 1
    assert f"The database {path} was made before version 0.1.0" in done.stderr
    assert f"remove the files {path}" in done.stderr
    assert "import_seeds stories.jsonl --as-exported" in done.stderr
    assert "Traceback" not in done.stderr
    assert contents(path) == before
