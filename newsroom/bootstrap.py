"""Prepare the environment for `make`, write `.env` and serve the site.

The machine's own python3 runs this before anything is installed. Keep to the syntax of Python 3.6:
an old Python then prints a sentence and not a SyntaxError.

    python3 -m newsroom.bootstrap install requirements.txt [requirements-dev.txt]
    .venv/bin/python -m newsroom.bootstrap settings
    .venv/bin/python -m newsroom.bootstrap serve

The exit status is 0, or 1 after one sentence on stderr that says what is missing and what to do.
"""
# ruff: noqa: T201, S603, S606 - prints for the person who runs `make`; starts only this project's programs

import fcntl
import hashlib
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import BinaryIO

PROJECT_FOLDER = Path(__file__).resolve().parent.parent
VENV = PROJECT_FOLDER / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
ENV_FILE = PROJECT_FOLDER / ".env"

#: The same as in pyproject.toml.
MIN_PYTHON_VERSION = (3, 11)
MAX_PORTS_TRIED = 100
#: Of one process, because its cache is not shared with other processes.
SERVER_THREADS = 4


class BootstrapError(Exception):
    """An error for the user: one sentence about what is missing and what to do."""


def main(arguments: "list[str]") -> int:
    commands = {"install": install, "settings": write_settings, "serve": serve}
    if not arguments or arguments[0] not in commands:
        sys.stderr.write(__doc__ or "")
        return 2
    try:
        commands[arguments[0]](*arguments[1:])
    except BootstrapError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped. Run the same command again to continue.\n")
        return 130
    return 0


# --- The environment ---


def install(*requirements: str) -> None:
    """Make .venv if none works, and install the packages of the lock files.

    Each file includes the ones before it, so only the last is installed. A stamp in .venv keeps the
    hash of each installed file. It is written last: an install that was stopped starts again.
    """
    with (PROJECT_FOLDER / requirements[-1]).open("rb") as lock_file:
        _wait_for_other_installs(lock_file)
        _make_venv()
        digests = {name: hashlib.sha256((PROJECT_FOLDER / name).read_bytes()).hexdigest() for name in requirements}
        stamps = {name: VENV / f"installed-{name}" for name in requirements}
        if all(stamp.is_file() and stamp.read_text() == digests[name] for name, stamp in stamps.items()):
            return
        _pip_install(requirements[-1])
        for name, stamp in stamps.items():
            stamp.write_text(digests[name])


def _wait_for_other_installs(lock_file: BinaryIO) -> None:
    """Let only one process install at a time, until the file is closed."""
    try:
        fcntl.flock(lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        print("Another install is running; waiting for it ...", flush=True)
        fcntl.flock(lock_file, fcntl.LOCK_EX)


def _make_venv() -> None:
    """Make .venv, unless there is one that works.

    If the user chose a Python (PYTHON=...), replace an environment of another version.
    """
    this_version = _format_version(sys.version_info[:2])
    is_chosen = os.environ.get("PYTHON_CHOSEN") == "yes"
    venv_version = _venv_version()
    if venv_version == this_version or (venv_version and not is_chosen):
        return
    check_python()
    print(f"Making the environment .venv with Python {this_version} ...", flush=True)
    if subprocess.call([sys.executable, "-m", "venv", "--clear", str(VENV)]) != 0 or not _venv_version():
        raise BootstrapError("The environment .venv could not be made; see the message of Python above.")


def _venv_version() -> str:
    """Return the version of .venv's Python, or "" if it is too old or does not work.

    It does not work if its making was stopped, or if its base Python was removed.
    """
    program = (
        f"import sys, pip; assert sys.version_info >= {MIN_PYTHON_VERSION}; print('%d.%d' % sys.version_info[:2])"
    )
    try:
        output = subprocess.check_output([str(VENV_PYTHON), "-c", program], stderr=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return output.decode().strip()


def check_python() -> None:
    """Raise BootstrapError if this Python is too old or cannot make environments."""
    this_version = _format_version(sys.version_info[:2])
    if sys.version_info[:2] < MIN_PYTHON_VERSION:
        raise BootstrapError(
            f"Python {_format_version(MIN_PYTHON_VERSION)} or newer is needed and {sys.executable} is {this_version}: "
            "install a newer one and name it, for example `make run PYTHON=python3.12`."
        )
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        raise BootstrapError(
            "This Python cannot make environments because its venv module is not installed: on Debian or Ubuntu, "
            f"run `sudo apt install python3-venv` (or python{this_version}-venv), then the same command again."
        ) from None


def _format_version(numbers: "tuple[int, ...]") -> str:
    return f"{numbers[0]}.{numbers[1]}"


def _pip_install(requirements: str) -> None:
    print(f"Installing the packages of {requirements}; this takes a minute or two ...", flush=True)
    pip = [str(VENV_PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    if subprocess.call([*pip, "--require-hashes", "-r", str(PROJECT_FOLDER / requirements)]) != 0:
        raise BootstrapError(
            f"The packages of {requirements} could not be installed (see the message of pip above): check the "
            "network connection, then run the same command again."
        )


# --- This machine's settings ---


def write_settings() -> None:
    """Write .env with a new secret key, unless there is one.

    Only its owner may read it.
    """
    if os.path.lexists(str(ENV_FILE)):
        return
    import secrets

    lines = (
        "# This machine's settings, written by `make run`. .env.example lists all settings.\n"
        f"SECRET_KEY={secrets.token_urlsafe(50)}\n"
        "# Plain HTTP, because only this machine reaches the site. Remove this line on a server.\n"
        "HTTPS=false\n"
    )
    # Rename it when it is complete, so that a stop in between leaves no .env without a key.
    temporary = PROJECT_FOLDER / f".env.{os.getpid()}"
    with os.fdopen(os.open(str(temporary), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(lines)
    temporary.rename(ENV_FILE)
    print("Wrote .env with a new secret key.", flush=True)


# --- Serving ---


def serve() -> None:
    """Serve the site on 127.0.0.1 at PORT (8000) or the next free port, until Ctrl-C.

    gunicorn inherits the open socket, so that no other program can take the port.
    """
    text = os.environ.get("PORT") or "8000"
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise BootstrapError(f"PORT={text} is not a port: name a number from 1 to 65535.")
    wanted = int(text)
    listener, port = open_free_port(wanted)
    if port != wanted:
        print(f"Port {wanted} is taken; {port} is the next free one.")
    print(f"\n    The site:  http://127.0.0.1:{port}/\n    Newsroom:  http://127.0.0.1:{port}/admin/\n")
    print("Press Ctrl-C to stop it.", flush=True)
    listener.set_inheritable(True)
    gunicorn = [
        str(VENV_PYTHON), "-m", "gunicorn", "newsroom.wsgi",
        "--bind", f"fd://{listener.fileno()}",
        "--threads", str(SERVER_THREADS),
        "--log-level", "warning",
        "--no-control-socket",  # it would be written outside this folder
    ]  # fmt: skip
    os.execv(gunicorn[0], gunicorn)


def open_free_port(wanted: int) -> "tuple[socket.socket, int]":
    """Return a socket that listens on 127.0.0.1, and its port.

    The port is `wanted` or the next free one.

    Raise BootstrapError if none of MAX_PORTS_TRIED ports is free.
    """
    end = min(wanted + MAX_PORTS_TRIED, 65536)
    for port in range(wanted, end):
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        # Without it, the port of a server that has just stopped is taken for a minute.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
            listener.listen(128)
        except OSError:
            listener.close()
        else:
            return listener, port
    raise BootstrapError(
        f"None of the ports {wanted} to {end - 1} is free: name another, for example `make run PORT=9000`."
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
