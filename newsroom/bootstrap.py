"""What `make` needs done before anything is installed, and how it serves the site.

Run by the machine's own python3, however old, with nothing installed: this file keeps to what
every Python 3 can read, so that an old one says "too old" in a sentence and not "SyntaxError".

    python3 -m newsroom.bootstrap install requirements.txt [requirements-dev.txt]
    .venv/bin/python -m newsroom.bootstrap settings
    .venv/bin/python -m newsroom.bootstrap serve

Exit status: 0, or 1 with one sentence on stderr that says what is missing and what to do.
"""

import fcntl
import hashlib
import os
import socket
import subprocess
import sys
from typing import BinaryIO

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(HERE, ".venv")
VENV_PYTHON = os.path.join(VENV, "bin", "python")
ENV_FILE = os.path.join(HERE, ".env")

#: What pyproject.toml asks for.
OLDEST_PYTHON = (3, 11)
#: What Django 5.2 asks for (https://docs.djangoproject.com/en/5.2/ref/databases/#sqlite-notes).
OLDEST_SQLITE = (3, 31, 0)
#: How many ports after the wanted one are tried.
PORTS_TRIED = 100
#: Requests served at once. One process, so that its cache is the only one; threads wait for SQLite well.
THREADS = 4


class Missing(Exception):
    """The machine lacks something. The message is one sentence for the person at the keyboard."""


def main(arguments: "list[str]") -> int:
    commands = {"install": install, "settings": write_settings, "serve": serve}
    if not arguments or arguments[0] not in commands:
        sys.stderr.write(__doc__ or "")
        return 2
    try:
        commands[arguments[0]](*arguments[1:])
    except Missing as missing:
        sys.stderr.write("{}\n".format(missing))
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
    with open(os.path.join(HERE, requirements[-1]), "rb") as lock:
        _take_turns(lock)
        _make_venv()
        if all(_stamped(name) for name in requirements):
            return
        _pip_install(requirements[-1])
        for name in requirements:
            _stamp(name)


def _take_turns(lock: BinaryIO) -> None:
    """`make run` and `make test` begun at once install one after the other. Lasts until `lock` is closed."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        print("Another install is under way; waiting for it ...")
        fcntl.flock(lock, fcntl.LOCK_EX)


def _make_venv() -> None:
    chosen = os.environ.get("PYTHON_CHOSEN") == "yes"  # make was given PYTHON=...
    if _works(VENV_PYTHON) and not (chosen and _version_of(VENV_PYTHON) != _version(sys.version_info)):
        return
    check_python()
    print("Making the environment .venv with Python {} ...".format(_version(sys.version_info)))
    made = subprocess.call([sys.executable, "-m", "venv", "--clear", VENV])
    if made != 0 or not _works(VENV_PYTHON):
        raise Missing("The environment .venv could not be made; what Python said about it stands above.")


def check_python() -> None:
    """Is this Python new enough, and can it make an environment? Raises Missing."""
    if sys.version_info[:2] < OLDEST_PYTHON:
        raise Missing(
            "Python {} or newer is needed and {} is {}: install a newer one and name it, "
            "for example `make run PYTHON=python3.12`.".format(
                _version(OLDEST_PYTHON), sys.executable, _version(sys.version_info)
            )
        )
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        raise Missing(
            "This Python cannot make environments because its venv module is not installed: on Debian or Ubuntu, "
            "`sudo apt install python3-venv` (or python{}-venv), then the same command again.".format(
                _version(sys.version_info)
            )
        )
    _check_sqlite()


def _check_sqlite() -> None:
    """Django's own wants, and full-text search. Not asked where another database was chosen."""
    if _database_url().startswith(("postgres", "pgsql")):
        return
    elsewhere = "use another Python (`make run PYTHON=...`) or PostgreSQL (DATABASE_URL)."
    try:
        import sqlite3
    except ImportError:
        raise Missing("This Python was built without SQLite: " + elsewhere)
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise Missing(
            "SQLite {} or newer is needed and this Python has {}: {}".format(
                ".".join(map(str, OLDEST_SQLITE)), sqlite3.sqlite_version, elsewhere
            )
        )
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("CREATE VIRTUAL TABLE words USING fts5(word)")
    except sqlite3.OperationalError:
        raise Missing("This Python's SQLite was built without FTS5, its full-text search: " + elsewhere)
    finally:
        connection.close()


def _database_url() -> str:
    """The DATABASE_URL of the environment, else of .env, else nothing."""
    if "DATABASE_URL" in os.environ:
        return os.environ["DATABASE_URL"]
    try:
        with open(ENV_FILE) as lines:
            found = [line.split("=", 1)[1].strip(" \t\r\n\"'") for line in lines if line.startswith("DATABASE_URL=")]
    except OSError:
        return ""
    return found[-1] if found else ""


def _works(python: str) -> bool:
    """Is this environment's Python new enough and has it pip? Not if it was half made, or its base upgraded."""
    asked = "import sys, pip; print(sys.version_info >= {})".format(OLDEST_PYTHON)
    return os.path.exists(python) and _output([python, "-c", asked]) == "True"


def _version_of(python: str) -> str:
    return _output([python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"])


def _output(command: "list[str]") -> str:
    """What a command printed; nothing if it failed."""
    try:
        with open(os.devnull, "w") as nowhere:
            return subprocess.check_output(command, stderr=nowhere).decode().strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def _version(info: "tuple[int, ...]") -> str:
    return "{}.{}".format(info[0], info[1])


def _pip_install(requirements: str) -> None:
    print("Installing what {} lists (once, and after it changes; a minute or two) ...".format(requirements))
    sys.stdout.flush()
    pip = [VENV_PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    if subprocess.call(pip + ["--require-hashes", "-r", os.path.join(HERE, requirements)], cwd=HERE) != 0:
        raise Missing(
            "Not everything in {} could be installed (pip says why above): packages come over the network, "
            "so once it is there, the same command again goes on.".format(requirements)
        )


def _stamped(requirements: str) -> bool:
    try:
        with open(_stamp_file(requirements)) as stamp:
            return stamp.read() == _digest(requirements)
    except OSError:
        return False


def _stamp(requirements: str) -> None:
    with open(_stamp_file(requirements), "w") as stamp:
        stamp.write(_digest(requirements))


def _stamp_file(requirements: str) -> str:
    return os.path.join(VENV, "installed-" + requirements)


def _digest(requirements: str) -> str:
    with open(os.path.join(HERE, requirements), "rb") as lock:
        return hashlib.sha256(lock.read()).hexdigest()


# --- This machine's settings ---


def write_settings() -> None:
    """Write .env, readable by its owner alone, unless there is one: a secret key, and no HTTPS on this machine."""
    if os.path.lexists(ENV_FILE):
        return
    import secrets

    lines = (
        "# This machine's settings, written by `make run`. .env.example says what else can stand here.\n"
        "SECRET_KEY={}\n"
        "# Plain HTTP, because only this machine reaches the site; on a server, leave it out.\n"
        "HTTPS=false\n"
    ).format(secrets.token_urlsafe(50))
    # Written whole under another name first: one stopped half-way leaves no .env without a key.
    draft = "{}.{}".format(ENV_FILE, os.getpid())
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(lines)
    os.rename(draft, ENV_FILE)
    print("Wrote .env with a new secret key.")


# --- Serving ---


def serve() -> None:
    """Serve the site on 127.0.0.1 at PORT (8000), or the next free port, until Ctrl-C.

    The port is bound here and handed over, so nobody can take it in between.
    """
    wanted = int(os.environ.get("PORT") or 8000)
    listener, port = free_port(wanted)
    if port != wanted:
        print("Port {} is taken; this is the next free one.".format(wanted))
    print("\n    The site:  http://127.0.0.1:{0}/\n    Newsroom:  http://127.0.0.1:{0}/admin/\n".format(port))
    print("Ctrl-C stops it.")
    sys.stdout.flush()
    listener.set_inheritable(True)
    gunicorn = [
        VENV_PYTHON, "-m", "gunicorn", "newsroom.wsgi",
        "--bind", "fd://{}".format(listener.fileno()),
        "--threads", str(THREADS),
        "--log-level", "warning",
        "--no-control-socket",  # nothing outside this folder is written
    ]  # fmt: skip
    os.execv(gunicorn[0], gunicorn)


def free_port(wanted: int) -> "tuple[socket.socket, int]":
    """A socket listening on 127.0.0.1 at `wanted` or the first free port after it, and that port. Raises Missing."""
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
    raise Missing(
        "None of the ports {} to {} is free: name another, for example `make run PORT=9000`.".format(wanted, last - 1)
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
