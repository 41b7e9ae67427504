"""What `make` needs done before anything is installed, and how it serves the site.

Run by the machine's own python3, however old, with nothing installed: this file keeps to what
Python 3.6 can read, so that an old one says "too old" in a sentence and not "SyntaxError".

    python3 -m newsroom.bootstrap install requirements.txt [requirements-dev.txt]
    .venv/bin/python -m newsroom.bootstrap settings
    .venv/bin/python -m newsroom.bootstrap serve

Exit status: 0, or 1 with one sentence on stderr that says what is missing and what to do.
"""
# ruff: noqa: T201, S603, S606 - it speaks to whoever typed `make`, and starts nothing but this project's own programs

import fcntl
import hashlib
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import BinaryIO

HERE = Path(__file__).resolve().parent.parent
VENV = HERE / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
ENV_FILE = HERE / ".env"

#: What pyproject.toml asks for.
OLDEST_PYTHON = (3, 11)
#: What Django 5.2 asks for (https://docs.djangoproject.com/en/5.2/ref/databases/#sqlite-notes).
OLDEST_SQLITE = (3, 31, 0)
#: How many ports, from the wanted one on, are tried.
PORTS_TRIED = 100
#: Requests served at once. One process, so that its cache is the only one; threads wait for SQLite well.
THREADS = 4


class MissingError(Exception):
    """The machine lacks something. The message is one sentence for the person at the keyboard."""


def main(arguments: "list[str]") -> int:
    commands = {"install": install, "settings": write_settings, "serve": serve}
    if not arguments or arguments[0] not in commands:
        sys.stderr.write(__doc__ or "")
        return 2
    try:
        commands[arguments[0]](*arguments[1:])
    except MissingError as missing:
        sys.stderr.write(f"{missing}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped. The same command goes on from here.\n")
        return 130
    return 0


# --- The environment ---


def install(*requirements: str) -> None:
    """Make .venv if there is none that works, and install the hash-locked files' packages into it.

    Each file holds the ones before it; the last is installed. Quick when nothing has changed: a
    stamp in .venv keeps the digest of each file that is in. An install that was stopped left no
    stamp and is simply done again.
    """
    with (HERE / requirements[-1]).open("rb") as lock:
        _take_turns(lock)
        _make_venv()
        if all(_stamped(name) for name in requirements):
            return
        _pip_install(requirements[-1])
        for name in requirements:
            _stamp(name).write_text(_digest(name))


def _take_turns(lock: BinaryIO) -> None:
    """`make run` and `make test` begun at once install one after the other. Lasts until `lock` is closed."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        print("Another install is under way; waiting for it ...", flush=True)
        fcntl.flock(lock, fcntl.LOCK_EX)


def _make_venv() -> None:
    """Leave a .venv that works as it is, unless make was given a PYTHON= of another version."""
    chosen = os.environ.get("PYTHON_CHOSEN") == "yes"
    if _works(VENV_PYTHON) and not (chosen and _version_of(VENV_PYTHON) != _version(*sys.version_info[:2])):
        return
    check_python()
    print(f"Making the environment .venv with Python {_version(*sys.version_info[:2])} ...", flush=True)
    made = subprocess.call([sys.executable, "-m", "venv", "--clear", str(VENV)])
    if made != 0 or not _works(VENV_PYTHON):
        raise MissingError("The environment .venv could not be made; what Python said about it stands above.")


def check_python() -> None:
    """Raise MissingError unless this Python is new enough, can make an environment, and has the SQLite we need."""
    here = _version(*sys.version_info[:2])
    if sys.version_info[:2] < OLDEST_PYTHON:
        raise MissingError(
            f"Python {_version(*OLDEST_PYTHON)} or newer is needed and {sys.executable} is {here}: "
            "install a newer one and name it, for example `make run PYTHON=python3.12`."
        )
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        raise MissingError(
            "This Python cannot make environments because its venv module is not installed: on Debian or Ubuntu, "
            f"`sudo apt install python3-venv` (or python{here}-venv), then the same command again."
        ) from None
    if not database_url().startswith(("postgres", "pgsql")):
        check_sqlite()


def check_sqlite() -> None:
    """Raise MissingError unless this Python's SQLite is what Django needs, with full-text search."""
    elsewhere = "use another Python (`make run PYTHON=...`) or PostgreSQL (DATABASE_URL)."
    try:
        import sqlite3
    except ImportError:
        raise MissingError(f"This Python was built without SQLite: {elsewhere}") from None
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise MissingError(
            f"SQLite {'.'.join(map(str, OLDEST_SQLITE))} or newer is needed and this Python has "
            f"{sqlite3.sqlite_version}: {elsewhere}"
        )
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("CREATE VIRTUAL TABLE words USING fts5(word)")
    except sqlite3.OperationalError:
        raise MissingError(f"This Python's SQLite was built without FTS5, its full-text search: {elsewhere}") from None
    finally:
        connection.close()


def database_url() -> str:
    """The DATABASE_URL of the environment, else of .env, else an empty string."""
    if "DATABASE_URL" in os.environ:
        return os.environ["DATABASE_URL"]
    if not ENV_FILE.is_file():
        return ""
    lines = ENV_FILE.read_text(encoding="utf-8").splitlines()
    found = [line.split("=", 1)[1].strip(" \t\"'") for line in lines if line.startswith("DATABASE_URL=")]
    return found[-1] if found else ""


def _works(python: Path) -> bool:
    """Is this environment's Python new enough and has it pip? Not if it was half made, or its base upgraded."""
    asked = f"import sys, pip; print(sys.version_info >= {OLDEST_PYTHON})"
    return python.exists() and _output([str(python), "-c", asked]) == "True"


def _version_of(python: Path) -> str:
    return _output([str(python), "-c", "import sys; print('%d.%d' % sys.version_info[:2])"])


def _output(command: "list[str]") -> str:
    """What a command printed; nothing if it failed."""
    try:
        return subprocess.check_output(command, stderr=subprocess.DEVNULL).decode().strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def _version(major: int, minor: int) -> str:
    return f"{major}.{minor}"


def _pip_install(requirements: str) -> None:
    print(f"Installing what {requirements} lists (once, and after it changes; a minute or two) ...", flush=True)
    pip = [str(VENV_PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    if subprocess.call([*pip, "--require-hashes", "-r", str(HERE / requirements)]) != 0:
        raise MissingError(
            f"Not everything in {requirements} could be installed (pip says why above): packages come over the "
            "network, so once it is there, the same command again goes on."
        )


def _stamped(requirements: str) -> bool:
    stamp = _stamp(requirements)
    return stamp.is_file() and stamp.read_text() == _digest(requirements)


def _stamp(requirements: str) -> Path:
    return VENV / f"installed-{requirements}"


def _digest(requirements: str) -> str:
    return hashlib.sha256((HERE / requirements).read_bytes()).hexdigest()


# --- This machine's settings ---


def write_settings() -> None:
    """Write .env, readable by its owner alone, unless there is one: a secret key, and no HTTPS on this machine."""
    if os.path.lexists(str(ENV_FILE)):
        return
    import secrets

    lines = (
        "# This machine's settings, written by `make run`. .env.example says what else can stand here.\n"
        f"SECRET_KEY={secrets.token_urlsafe(50)}\n"
        "# Plain HTTP, because only this machine reaches the site; on a server, leave it out.\n"
        "HTTPS=false\n"
    )
    # Written whole under another name first: one stopped half-way leaves no .env without a key.
    draft = HERE / f".env.{os.getpid()}"
    with os.fdopen(os.open(str(draft), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(lines)
    draft.rename(ENV_FILE)
    print("Wrote .env with a new secret key.", flush=True)


# --- Serving ---


def serve() -> None:
    """Serve the site on 127.0.0.1 at PORT (8000), or the next free port, until Ctrl-C.

    The port is bound here and handed over, so nobody can take it in between.
    """
    asked = os.environ.get("PORT") or "8000"
    if not asked.isdigit() or not 0 < int(asked) < 65536:
        raise MissingError(f"PORT={asked} is no port: name a number from 1 to 65535.")
    wanted = int(asked)
    listener, port = free_port(wanted)
    if port != wanted:
        print(f"Port {wanted} is taken; {port} is the next free one.")
    print(f"\n    The site:  http://127.0.0.1:{port}/\n    Newsroom:  http://127.0.0.1:{port}/admin/\n")
    print("Ctrl-C stops it.", flush=True)
    listener.set_inheritable(True)
    gunicorn = [
        str(VENV_PYTHON), "-m", "gunicorn", "newsroom.wsgi",
        "--bind", f"fd://{listener.fileno()}",
        "--threads", str(THREADS),
        "--log-level", "warning",
        "--no-control-socket",  # nothing outside this folder is written
    ]  # fmt: skip
    os.execv(gunicorn[0], gunicorn)


def free_port(wanted: int) -> "tuple[socket.socket, int]":
    """A socket listening on 127.0.0.1 at `wanted` or the first free port after it, and that port.

    Raises MissingError where none of the next PORTS_TRIED is free.
    """
    last = min(wanted + PORTS_TRIED, 65536)
    for port in range(wanted, last):
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        # Or a server stopped a moment ago would seem to hold its port still.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
            listener.listen(128)
        except OSError:
            listener.close()
        else:
            return listener, port
    raise MissingError(
        f"None of the ports {wanted} to {last - 1} is free: name another, for example `make run PORT=9000`."
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
