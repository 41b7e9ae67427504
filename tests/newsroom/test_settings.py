"""Settings: environment variables, production checks, and how SQLite is opened."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
KEY = "a-key-of-fifty-characters-that-nobody-uses-0123456789"


def run_python(code: str, tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run code in a new Python with the project's settings and only this environment."""
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "newsroom.settings",
            "ENV_FILE": "",
            "DATA_DIR": str(tmp_path),
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )


# --- Environment variables ---


def test_env_example_lists_exactly_the_settings_that_are_read():
    source = (ROOT / "newsroom" / "settings.py").read_text(encoding="utf-8")
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    read = set(re.findall(r'env(?:\.\w+)?\(\s*"([A-Z_]+)"', source))

    explained = re.findall(r"^(?:# )?([A-Z_]+)=", example, re.MULTILINE)

    assert sorted(explained) == sorted(read)


def test_settings_page_has_a_row_for_every_setting():
    table = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    explained = re.findall(r"^(?:# )?([A-Z_]+)=", example, re.MULTILINE)

    rows = "".join(line.split("|")[1] for line in table.splitlines() if line.startswith("| `"))

    assert sorted(re.findall(r"`([A-Z_]+)`", rows)) == sorted(explained)


def test_defaults_in_env_example_are_the_real_ones():
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    shown = dict(re.findall(r"^# ([A-Z_]+)=(\S+)$", example, re.MULTILINE))
    source = (ROOT / "newsroom" / "settings.py").read_text(encoding="utf-8")
    for name, value in shown.items():
        default = re.search(rf'"{name}", default=(.+?)\)', source)
        assert default, name
        real = re.sub(r'[\[\]" _]', "", default[1]).lower()
        assert real == value.lower(), name


def test_missing_secret_key_is_an_error_that_says_what_to_do(tmp_path):
    result = run_python("import django; django.setup()", tmp_path)

    assert result.returncode != 0
    assert "SECRET_KEY is not set" in result.stderr
    assert "make run" in result.stderr


@pytest.mark.slow
def test_key_and_host_are_enough_to_pass_deployment_checks(tmp_path):
    arguments = ["manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    code = f"from django.core.management import execute_from_command_line as run; run({arguments})"

    result = run_python(code, tmp_path, SECRET_KEY=KEY, ALLOWED_HOSTS="example.org", DATABASE_URL="sqlite://:memory:")

    assert result.returncode == 0, result.stderr


def test_environment_overrides_the_env_file(tmp_path):
    file = tmp_path / "env"
    file.write_text(f"SECRET_KEY={KEY}\nSITE_NAME=The File\nTIME_ZONE=Europe/Oslo\n")
    code = "from django.conf import settings; print(settings.SITE_NAME, settings.TIME_ZONE)"

    result = run_python(code, tmp_path, ENV_FILE=str(file), SITE_NAME="The Environment")

    assert result.stdout.strip() == "The Environment Europe/Oslo"


@pytest.mark.parametrize(
    ("environment", "setting", "value"),
    [
        ({}, "SESSION_COOKIE_SECURE", "True"),
        ({"HTTPS": "false"}, "SESSION_COOKIE_SECURE", "False"),
        ({"HTTPS": "false"}, "SECURE_HSTS_SECONDS", "0"),
        ({"HSTS_SECONDS": "3600"}, "SECURE_HSTS_SECONDS", "3600"),
        ({"HSTS_SUBDOMAINS": "false"}, "SECURE_HSTS_PRELOAD", "False"),
        ({"BEHIND_PROXY": "true"}, "SECURE_PROXY_SSL_HEADER", "('HTTP_X_FORWARDED_PROTO', 'https')"),
        ({}, "SECURE_PROXY_SSL_HEADER", "None"),
        ({}, "REST_FRAMEWORK['NUM_PROXIES']", "0"),
        ({"BEHIND_PROXY": "true"}, "REST_FRAMEWORK['NUM_PROXIES']", "1"),
        ({"BEHIND_PROXY": "true", "NUM_PROXIES": "2"}, "REST_FRAMEWORK['NUM_PROXIES']", "2"),
        ({"ALLOWED_HOSTS": "a.example,b.example"}, "ALLOWED_HOSTS", "['a.example', 'b.example']"),
        ({"SECRET_KEY_FALLBACKS": "old,older"}, "SECRET_KEY_FALLBACKS", "['old', 'older']"),
        (
            {"CACHE_URL": "redis://h:1/0"},
            "CACHES['default']['BACKEND']",
            "django.core.cache.backends.redis.RedisCache",
        ),
        ({"DATABASE_URL": "postgres://u:p%40@h/n"}, "DATABASES['default']['PASSWORD']", "p@"),
        ({"DATABASE_URL": "postgres://h/n", "CONN_MAX_AGE": "5"}, "DATABASES['default']['CONN_MAX_AGE']", "5"),
        ({}, "DATABASES['default']['CONN_MAX_AGE']", "60"),
        ({"CONN_MAX_AGE": "0"}, "DATABASES['default']['CONN_MAX_AGE']", "0"),
    ],
)
def test_environment_variable_sets_the_setting(environment, setting, value, tmp_path):
    code = f"from django.conf import settings; print(settings.{setting})"

    result = run_python(code, tmp_path, **{"SECRET_KEY": KEY, **environment})

    assert result.stdout.strip() == value, result.stderr


# --- SQLite ---

PRAGMAS = """
import json
import django
from django.db import connection
django.setup()
names = ["journal_mode", "foreign_keys", "busy_timeout", "synchronous", "mmap_size", "temp_store"]
with connection.cursor() as cursor:
    print(json.dumps({name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in names}))
"""

# Each transaction reads a number and writes it back plus one. If SQLite took the lock only for the write, one of the
# two would fail at once ("database is locked"), whatever the timeout.
TWO_WRITERS = """
import threading
import time
import django
from django.db import connection, transaction
django.setup()
with connection.cursor() as cursor:
    cursor.execute("CREATE TABLE tally (n INTEGER NOT NULL)")
    cursor.execute("INSERT INTO tally VALUES (0)")
barrier = threading.Barrier(2)

def count_up():
    barrier.wait()
    for _ in range(20):
        with transaction.atomic(), connection.cursor() as cursor:
            n = cursor.execute("SELECT n FROM tally").fetchone()[0]
            time.sleep(0.002)
            cursor.execute("UPDATE tally SET n = %s", [n + 1])
    connection.close()

writers = [threading.Thread(target=count_up) for _ in range(2)]
for writer in writers:
    writer.start()
for writer in writers:
    writer.join()
with connection.cursor() as cursor:
    print(cursor.execute("SELECT n FROM tally").fetchone()[0])
"""

READER_DURING_A_WRITE = """
import threading
import django
from django.db import OperationalError, connection, transaction
django.setup()
with connection.cursor() as cursor:
    cursor.execute("CREATE TABLE tally (n INTEGER NOT NULL)")

def read_and_write():
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 0")
        print("reader:", cursor.execute("SELECT count(*) FROM tally").fetchone()[0])
    try:
        with transaction.atomic():
            print("writer: no error")
    except OperationalError as error:
        print("writer:", error)
    connection.close()

with transaction.atomic():  # nothing is written in it yet
    thread = threading.Thread(target=read_and_write)
    thread.start()
    thread.join()
"""


def run_on_sqlite(code: str, tmp_path: Path) -> str:
    """Run code on a new SQLite file and return its output."""
    database = f"sqlite:///{tmp_path / 'rows.sqlite3'}"
    result = run_python(code, tmp_path, SECRET_KEY=KEY, DATABASE_URL=database)
    assert result.stderr == ""
    return result.stdout.strip()


def test_sqlite_pragmas(tmp_path):
    assert json.loads(run_on_sqlite(PRAGMAS, tmp_path)) == {
        "journal_mode": "wal",
        "foreign_keys": 1,
        "busy_timeout": 30_000,  # milliseconds
        "synchronous": 1,  # normal
        "mmap_size": 268_435_456,
        "temp_store": 2,  # memory
    }


def test_second_sqlite_writer_waits_for_the_first(tmp_path):
    assert run_on_sqlite(TWO_WRITERS, tmp_path) == "40"


def test_sqlite_transaction_blocks_writers_but_not_readers(tmp_path):
    assert run_on_sqlite(READER_DURING_A_WRITE, tmp_path).splitlines() == [
        "reader: 0",
        "writer: database is locked",
    ]
