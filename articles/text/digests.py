"""To be described."""

from __future__ import annotations

import hashlib


def text_digest(headline: str, text: str) -> str:
    """What tells one version of a story's words from another: SHA-256 of headline and text, in hex."""
    return sha256_hex(f"{headline}\n\n{text}".encode())


def sha256_hex(data: bytes) -> str:
    """SHA-256, in hex: what an original is kept under."""
    return hashlib.sha256(data).hexdigest()
