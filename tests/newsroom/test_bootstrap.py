"""The first `make` on a new machine: clear messages, and nothing is done twice."""

import ast
import re
import shutil
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from newsroom import bootstrap
from newsroom.bootstrap import BootstrapError

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def project_folder(tmp_path, monkeypatch):
    """Make an empty project folder with two lock files."""
    for name, path in {
        "PROJECT_FOLDER": "",
        "VENV": ".venv",
        "VENV_PYTHON": ".venv/bin/python",
        "ENV_FILE": ".env",
    }.items():
        monkeypatch.setattr(bootstrap, name, tmp_path / path)
    (tmp_path / ".venv").mkdir()
    (tmp_path / "run.txt").write_text("a==1")
    (tmp_path / "dev.txt").write_text("a==1\nb==1")
    return tmp_path


@pytest.fixture
def installed(project_folder, monkeypatch):
    """Return the list of files that were installed; nothing is really installed."""
    names: list[str] = []
    monkeypatch.setattr(bootstrap, "_make_venv", lambda: None)
    monkeypatch.setattr(bootstrap, "_pip_install", names.append)
    return names


# --- What is missing ---


def test_bootstrap_is_valid_syntax_for_python_3_6():
    source = Path(bootstrap.__file__).read_text(encoding="ascii")
    ast.parse(source, feature_version=(3, 6))


def test_this_python_is_accepted():
    bootstrap.check_python()


def test_old_python_is_refused(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 10, 2))

    with pytest.raises(BootstrapError, match=r"Python 3\.11 or newer is needed .* is 3\.10: .*PYTHON="):
        bootstrap.check_python()


def test_oldest_python_is_the_one_of_pyproject():
    match = re.search(r'requires-python = ">=(\d+)\.(\d+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    assert match
    assert (int(match[1]), int(match[2])) == bootstrap.MIN_PYTHON_VERSION


@pytest.mark.parametrize("module", ["ensurepip", "venv"])
def test_python_without_venv_names_the_debian_package(module, monkeypatch):
    monkeypatch.setitem(sys.modules, module, None)

    with pytest.raises(BootstrapError, match="apt install python3-venv"):
        bootstrap.check_python()


def test_error_is_one_sentence_without_traceback(monkeypatch, capsys):
    monkeypatch.setenv("PORT", "http")

    assert bootstrap.main(["serve"]) == 1
    assert capsys.readouterr().err == "PORT=http is not a port: name a number from 1 to 65535.\n"


# --- Installing ---


@pytest.mark.slow
def test_venv_works_in_moved_folder_with_spaces(tmp_path):
    """Make a real environment, move its folder and break it. No package is downloaded."""

    def install(folder: Path, chosen: str = "no") -> str:
        command = [sys.executable, "-m", "newsroom.bootstrap", "install", "none.txt"]
        return subprocess.check_output(command, cwd=folder, env={"PYTHON_CHOSEN": chosen}, text=True)

    first, moved = tmp_path / "the first place", tmp_path / "another place"
    (first / "newsroom").mkdir(parents=True)
    shutil.copy(bootstrap.__file__, first / "newsroom")
    (first / "none.txt").write_text("# no packages\n")

    assert "Making the environment" in install(first)
    assert install(first, chosen="yes") == ""
    first.rename(moved)
    assert install(moved) == ""
    (moved / ".venv" / "bin" / "python").unlink()
    assert "Making the environment" in install(moved)


@pytest.mark.parametrize(("chosen", "is_kept"), [("no", True), ("yes", False)])
def test_chosen_python_replaces_other_version(chosen, is_kept, project_folder, monkeypatch):
    calls = []
    monkeypatch.setenv("PYTHON_CHOSEN", chosen)
    monkeypatch.setattr(bootstrap, "_venv_version", lambda: "3.99")
    monkeypatch.setattr(subprocess, "call", lambda command: calls.append(command) or 0)

    bootstrap._make_venv()

    assert (calls == []) is is_kept


def test_install_again_does_nothing(installed):
    bootstrap.install("run.txt")
    bootstrap.install("run.txt")

    assert installed == ["run.txt"]


def test_changed_lock_file_is_installed_again(installed, project_folder):
    bootstrap.install("run.txt")
    (project_folder / "run.txt").write_text("a==2")
    bootstrap.install("run.txt")

    assert installed == ["run.txt", "run.txt"]


def test_install_for_tests_includes_install_for_running(installed):
    bootstrap.install("run.txt", "dev.txt")
    bootstrap.install("run.txt")

    assert installed == ["dev.txt"]


def test_stopped_install_starts_again(installed, monkeypatch):
    def stop(name: str) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(bootstrap, "_pip_install", stop)
        assert bootstrap.main(["install", "run.txt"]) == 130

    assert bootstrap.main(["install", "run.txt"]) == 0
    assert installed == ["run.txt"]


def test_lock_for_tests_has_the_same_versions():
    def pins(name: str) -> dict[str, str]:
        """Return the machines that each name==version is for; "" for all."""
        lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
        pinned = [line.removesuffix(" \\").partition(" ; ") for line in lines if re.match(r"[a-z0-9]", line)]
        return {pin: machines for pin, _, machines in pinned}

    testing = pins("requirements-dev.txt")
    for pin, machines in pins("requirements.txt").items():
        assert testing.get(pin) in ("", machines), pin


# --- This machine's settings ---


def test_settings_are_written_once_for_their_owner(project_folder):
    bootstrap.write_settings()
    first = (project_folder / ".env").read_text()
    bootstrap.write_settings()

    assert (project_folder / ".env").read_text() == first
    assert stat.S_IMODE((project_folder / ".env").stat().st_mode) == 0o600
    assert re.search(r"^SECRET_KEY=\S{60,}$", first, re.MULTILINE)
    assert "\nHTTPS=false\n" in first
    assert [path.name for path in project_folder.glob(".env*")] == [".env"]


def test_existing_settings_stay(project_folder):
    (project_folder / ".env").write_text("SECRET_KEY=mine")

    bootstrap.write_settings()

    assert (project_folder / ".env").read_text() == "SECRET_KEY=mine"


# --- The port ---


def test_taken_port_gives_next_free_one():
    taken, port = bootstrap.open_free_port(20_000)
    with taken:
        listener, other = bootstrap.open_free_port(port)
        with listener:
            assert other > port
            assert listener.getsockname() == ("127.0.0.1", other)


def test_returned_port_accepts_connections():
    listener, port = bootstrap.open_free_port(20_000)
    with listener, socket.create_connection(("127.0.0.1", port), timeout=5):
        pass


def test_no_free_port_is_an_error(monkeypatch):
    taken, port = bootstrap.open_free_port(20_000)
    monkeypatch.setattr(bootstrap, "MAX_PORTS_TRIED", 1)
    with taken, pytest.raises(BootstrapError, match=f"None of the ports {port} to {port} is free"):
        bootstrap.open_free_port(port)
