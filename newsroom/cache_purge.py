"""Tells a cache in front of the site what to forget: exactly the addresses that an act changed.

PURGE_URL is the cache's own address (`http://127.0.0.1:6081`). After the transaction of an act it is sent an HTTP
request with the method PURGE for each path, as Varnish, nginx and the CDNs built on them take it, with this site's
name as the Host. That happens beside the editor's request and never in its way: a cache that does not answer is
logged, and its pages are new after the seconds that they may be kept (newsroom.middleware).
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

#: Seconds that a cache has to answer each time.
PURGE_TIMEOUT_SECONDS = 3.0

_executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="purge")
#: What was sent last is done when it is: there is one worker.
_pending: deque[Future[None]] = deque(maxlen=1)


def schedule_purge(acts: Sequence[LogEntry]) -> None:
    """Purge what these acts change, once they are committed."""
    if settings.PURGE_URL:
        transaction.on_commit(partial(_start_purge, list(acts)))


def wait_for_purges() -> None:
    """Until all that is under way is sent."""
    for sent in _pending:
        sent.result()


def _start_purge(acts: Sequence[LogEntry]) -> None:
    try:
        paths = find_changed_paths(acts)
    except Exception:
        logger.exception("Which pages %d acts changed could not be found out; nothing was purged.", len(acts))
        return
    if paths:
        _pending.append(_executor.submit(_send_purges, settings.PURGE_URL, _purge_host(), paths))


def _purge_host() -> str:
    names = (name for name in settings.ALLOWED_HOSTS if not name.startswith((".", "*")))
    return settings.PURGE_HOST or next(names, "")


def _send_purges(url: str, host: str, paths: Sequence[str]) -> None:
    """One connection for all of them; the first that fails ends it."""
    where = urlsplit(url)
    kind = http.client.HTTPSConnection if where.scheme == "https" else http.client.HTTPConnection
    headers = {"Host": host or where.netloc}
    connection = kind(where.hostname or "", where.port, timeout=PURGE_TIMEOUT_SECONDS)
    try:
        for path in paths:
            connection.request("PURGE", where.path.rstrip("/") + path, headers=headers)
            answer = connection.getresponse()
            answer.read()
            if answer.status >= 400 and answer.status != 404:  # what a cache does not have it need not forget
                logger.warning("The cache at %s answered %d to PURGE %s.", url, answer.status, path)
    except (OSError, http.client.HTTPException) as error:
        logger.warning("The cache at %s could not be told what to forget (%d paths): %s", url, len(paths), error)
    finally:
        connection.close()
