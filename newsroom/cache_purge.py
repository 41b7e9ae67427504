"""Purge changed pages from an HTTP cache in front of the site.

PURGE_URL is the URL of the cache, for example http://127.0.0.1:6081. After the transaction of a change, the cache gets
an HTTP request with the method PURGE for each changed path, and with the site's name as its Host. Varnish, nginx and
CDNs built on them accept this. A thread sends the requests, so an editor never waits for the cache. Errors are logged;
the pages then expire as usual (newsroom.middleware).
"""

from __future__ import annotations

import http.client
import logging
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from newsroom.changed_urls import find_changed_paths
from record.models import LogEntry

logger = logging.getLogger(__name__)

PURGE_TIMEOUT_SECONDS = 3.0

_executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="purge")
#: Only the newest: with one worker, the others are finished before it.
_pending: deque[Future[None]] = deque(maxlen=1)


def schedule_purge(entries: Sequence[LogEntry]) -> None:
    """Purge the pages that these log entries change, after the commit."""
    if settings.PURGE_URL:
        transaction.on_commit(partial(_start_purge, list(entries)))


def wait_for_purges() -> None:
    """Wait until all started purges are finished."""
    for future in _pending:
        future.result()


def _start_purge(entries: Sequence[LogEntry]) -> None:
    try:
        paths = find_changed_paths(entries)
    except Exception:
        logger.exception("Cannot find the pages that %d log entries changed. Nothing was purged.", len(entries))
        return
    if paths:
        _pending.append(_executor.submit(_send_purges, settings.PURGE_URL, _purge_host(), paths))


def _purge_host() -> str:
    names = (name for name in settings.ALLOWED_HOSTS if not name.startswith((".", "*")))
    return settings.PURGE_HOST or next(names, "")


def _send_purges(url: str, host: str, paths: Sequence[str]) -> None:
    """Send all requests over one connection. Stop at the first connection error."""
    cache = urlsplit(url)
    connection_class = http.client.HTTPSConnection if cache.scheme == "https" else http.client.HTTPConnection
    connection = connection_class(cache.hostname or "", cache.port, timeout=PURGE_TIMEOUT_SECONDS)
    headers = {"Host": host or cache.netloc}
    try:
        for path in paths:
            connection.request("PURGE", cache.path.rstrip("/") + path, headers=headers)
            response = connection.getresponse()
            response.read()
            if response.status >= 400 and response.status != 404:  # 404: the cache does not have the page
                logger.warning("The cache at %s answered %d to PURGE %s.", url, response.status, path)
    except (OSError, http.client.HTTPException) as error:
        logger.warning("The cache at %s cannot be reached; %d pages were not purged: %s", url, len(paths), error)
    finally:
        connection.close()
