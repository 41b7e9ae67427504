"""Settings for tests: plain HTTP, a fixed key, and no `.env`."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

os.environ["ENV_FILE"] = ""
os.environ.setdefault("SECRET_KEY", "only for the tests")
os.environ["HTTPS"] = "false"
os.environ["DEBUG"] = "false"
os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="on-the-record-tests-")
atexit.register(shutil.rmtree, os.environ["DATA_DIR"], ignore_errors=True)
Path(os.environ["DATA_DIR"], "static").mkdir()  # WhiteNoise warns if there is none
os.environ.setdefault("DATABASE_URL", "sqlite:///" + os.environ["DATA_DIR"] + "/db.sqlite3")
os.environ["CACHE_URL"] = "locmemcache://"

from newsroom.settings import *  # noqa: E402, F403 - the environment comes first
from newsroom.settings import STORAGES  # noqa: E402

# No manifest: tests do not collect static files first.
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
# A fast hash, because the passwords are only for tests.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
