"""Normalise URLs for comparison."""

from __future__ import annotations

import hashlib
from urllib.parse import parse_qsl, urlencode, urlsplit

#: Query parameters that identify where a reader came from, not the page.
TRACKING_PREFIXES = ("utm_", "fbclid", "gclid", "mc_cid", "mc_eid", "igshid")


def url_key(url: str) -> str:
    """Return the SHA-256, in hex, of a URL without parts that do not change the page.

    Removed: the scheme, "www.", a default port, the fragment, a trailing slash, and tracking parameters.
    """
    parts = urlsplit(url.strip())
    path = parts.path.rstrip("/")
    parameters = [
        pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not pair[0].startswith(TRACKING_PREFIXES)
    ]
    normalized = f"{url_host(url)}{path}" + (f"?{urlencode(sorted(parameters))}" if parameters else "")
    return hashlib.sha256(normalized.encode()).hexdigest()


def url_host(url: str) -> str:
    """Return the host in lower case, without "www." and a default port.

    Return an empty string if the URL has no host.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    host = host.removeprefix("www.")
    return f"{host}:{port}" if port not in (None, 80, 443) else host
