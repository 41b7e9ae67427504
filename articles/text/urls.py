"""To be described."""

from __future__ import annotations

import hashlib
from urllib.parse import parse_qsl, urlencode, urlsplit

#: Query parameters that say where a reader came from, not what they read.
TRACKING_PREFIXES = ("utm_", "fbclid", "gclid", "mc_cid", "mc_eid", "igshid")


def url_key(url: str) -> str:
    """SHA-256, in hex, of a URL without what does not change the page it names.

    Dropped: the scheme, "www.", a default port, the fragment, a trailing slash, tracking parameters.
    """
    parts = urlsplit(url.strip())
    path = parts.path.rstrip("/")
    kept = [
        pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not pair[0].startswith(TRACKING_PREFIXES)
    ]
    normal = f"{url_host(url)}{path}" + (f"?{urlencode(sorted(kept))}" if kept else "")
    return hashlib.sha256(normal.encode()).hexdigest()


def url_host(url: str) -> str:
    """The host in lower case, without "www." and a default port; empty if there is none."""
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    host = host.removeprefix("www.")
    return f"{host}:{port}" if port not in (None, 80, 443) else host
