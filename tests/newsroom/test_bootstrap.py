"""The first steps on a strange machine: what is missing is said in a sentence, and nothing is done twice."""

import ast
import re
import socket
import sqlite3
import stat
import sys
from pathlib import Path

import pytest

from newsroom import bootstrap
from newsroom.bootstrap import MissingError

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty project folder with two lock files; installing is only noted, in the list that is returned."""
    for name, path in {"HERE": "", "VENV": ".venv", "VENV_PYTHON": ".venv/bin/python", "ENV_FILE": ".env"}.items():
        monkeypatch.setattr(bootstrap, name, tmp_path / path)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    (tmp_path / ".venv").mkdir()
    (tmp_path / "run.txt").write_text("a==1")
    (tmp_path / "dev.txt").write_text("a==1\nb==1")
    return tmp_path


@pytest.fixture
def installed(here, monkeypatch):
    names: list[str] = []
    monkeypatch.setattr(bootstrap, "_make_venv", lambda: None)
    monkeypatch.setattr(bootstrap, "_pip_install", names.append)
    return names


# --- What is missing ---


def test_a_python_of_ten_years_ago_can_read_it():
    source = Path(bootstrap.__file__).read_text(encoding="ascii")
    ast.parse(source, feature_version=(3, 6))


def test_this_machine_lacks_nothing():
    bootstrap.check_python()


def test_an_old_python_is_told_which_is_needed(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 10, 2))
    with pytest.raises(MissingError, match=r"Python 3\.11 or newer is needed .* is 3\.10: .*PYTHON="):
        bootstrap.check_python()


def test_the_python_asked_for_is_the_one_of_the_project_file():
    asked = re.search(r'requires-python = ">=(\d+)\.(\d+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert asked
    assert (int(asked[1]), int(asked[2])) == bootstrap.OLDEST_PYTHON


@pytest.mark.parametrize("module", ["ensurepip", "venv"])
def test_debians_split_python_is_told_the_package_to_install(module, monkeypatch):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingError, match="apt install python3-venv"):
        bootstrap.check_python()


def test_a_python_without_sqlite_is_told_so(here, monkeypatch):
    monkeypatch.setitem(sys.modules, "sqlite3", None)
    with pytest.raises(MissingError, match="built without SQLite"):
        bootstrap.check_python()


def test_an_old_sqlite_is_told_which_is_needed(here, monkeypatch):
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 30, 1))
    with pytest.raises(MissingError, match=r"SQLite 3\.31\.0 or newer is needed"):
        bootstrap.check_python()


def test_a_sqlite_without_full_text_search_is_told_so(here, monkeypatch):
    class WithoutSearch(sqlite3.Connection):
        def execute(self, sql, *parameters):
            raise sqlite3.OperationalError("no such module: fts5")

    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda name: connect(name, factory=WithoutSearch))
    with pytest.raises(MissingError, match="without FTS5"):
        bootstrap.check_python()


@pytest.mark.parametrize("where", ["environment", "file"])
def test_who_chose_postgresql_is_not_asked_for_sqlite(where, here, monkeypatch):
    url = "postgres://news@db/news"
    if where == "environment":
        monkeypatch.setenv("DATABASE_URL", url)
    else:
        (here / ".env").write_text(f"SECRET_KEY=x\nDATABASE_URL='{url}'\n")
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 8, 0))
    bootstrap.check_python()


def test_what_is_missing_is_one_sentence_and_no_traceback(monkeypatch, capsys):
    monkeypatch.setenv("PORT", "http")
    assert bootstrap.main(["serve"]) == 1
    assert capsys.readouterr().err == "PORT=http is no port: name a number from 1 to 65535.\n"


# --- Installing ---


def test_nothing_is_installed_twice(installed):
    bootstrap.install("run.txt")
    bootstrap.install("run.txt")
    assert installed == ["run.txt"]


def test_a_changed_lock_file_is_installed_again(installed, here):
    bootstrap.install("run.txt")
    (here / "run.txt").write_text("a==2")
    bootstrap.install("run.txt")
    assert installed == ["run.txt", "run.txt"]


def test_what_testing_needs_holds_what_running_needs(installed):
    bootstrap.install("run.txt", "dev.txt")
    bootstrap.install("run.txt")
    assert installed == ["dev.txt"]


def test_an_install_that_was_stopped_is_done_again(installed, monkeypatch):
    def stopped(name: str) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(bootstrap, "_pip_install", stopped)
        assert bootstrap.main(["install", "run.txt"]) == 130
    assert bootstrap.main(["install", "run.txt"]) == 0
    assert installed == ["run.txt"]


def test_the_lock_for_testing_holds_the_lock_for_running_at_the_same_versions():
    def pins(name: str) -> dict[str, str]:
        """name==version -> the machines it is for; empty: all."""
        lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
        pinned = [line.removesuffix(" \\").partition(" ; ") for line in lines if re.match(r"[a-z0-9]", line)]
        return {pin: machines for pin, _, machines in pinned}

    testing = pins("requirements-dev.txt")
    for pin, machines in pins("requirements.txt").items():
        assert testing.get(pin) in ("", machines), pin


# --- This machine's settings ---


def test_settings_are_written_once_and_for_their_owner_alone(here):
    bootstrap.write_settings()
    first = (here / ".env").read_text()
    bootstrap.write_settings()
    assert (here / ".env").read_text() == first
    assert stat.S_IMODE((here / ".env").stat().st_mode) == 0o600
    assert re.search(r"^SECRET_KEY=\S{60,}$", first, re.MULTILINE)
    assert "\nHTTPS=false\n" in first
    assert [path.name for path in here.glob(".env*")] == [".env"]


def test_settings_that_are_there_are_left_alone(here):
    (here / ".env").write_text("SECRET_KEY=mine")
    bootstrap.write_settings()
    assert (here / ".env").read_text() == "SECRET_KEY=mine"


# --- The port ---


def test_a_taken_port_gives_way_to_the_next_free_one():
    taken, port = bootstrap.free_port(20_000)
    with taken:
        listener, other = bootstrap.free_port(port)
        with listener:
            assert other > port
            assert listener.getsockname() == ("127.0.0.1", other)


def test_the_port_that_was_handed_out_answers():
    listener, port = bootstrap.free_port(20_000)
    with listener, socket.create_connection(("127.0.0.1", port), timeout=5):
        pass


def test_if_no_port_is_free_it_says_so(monkeypatch):
    taken, port = bootstrap.free_port(20_000)
    monkeypatch.setattr(bootstrap, "PORTS_TRIED", 1)
    with taken, pytest.raises(MissingError, match=f"None of the ports {port} to {port} is free"):
        bootstrap.free_port(port)
