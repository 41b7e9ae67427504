"""Compute digests of texts and files."""

from __future__ import annotations

import hashlib


def text_digest(headline: str, text: str) -> str:
    """Return the SHA-256 of headline and text, in hex. It identifies this version."""
    return sha256_hex(f"{headline}\n\n{text}".encode())


def sha256_hex(data: bytes) -> str:
    """Return the SHA-256 of data, in hex. Original files are stored under it."""
    return hashlib.sha256(data).hexdigest()
