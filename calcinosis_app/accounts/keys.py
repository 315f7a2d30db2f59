"""Secrets that are shown once and kept as a hash. They are long and random, so a plain hash is enough: there is nothing to guess."""

import hashlib
import secrets


def new_secret() -> str:
    """43 letters, digits, dashes and underscores: 256 random bits."""
    return secrets.token_urlsafe(32)


def hashed(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
