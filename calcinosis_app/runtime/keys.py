"""Telling one secret key from another without keeping it.

Seeds of authenticator apps and of recovery codes are encrypted with a key derived from the installation's: under another one they are lost.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping

NAME = "CALCINOSIS_SECRET_KEY"
# What a demo runs on when no other key is set: everybody may know it, as everybody in it is invented.
OF_THE_DEMO = "a demo keeps no secrets: invented people only"
ROUNDS = 600_000  # a key that a person thought up must not be guessed from its fingerprint


def fingerprint(key: str) -> dict[str, str]:
    """A salted hash, from which nobody can tell the key."""
    salt = secrets.token_hex(16)
    return {"salt": salt, "hash": _hash(key, salt)}


def fits(key: str, noted: Mapping[str, str]) -> bool:
    """Whether `noted` is the fingerprint of this key."""
    return hmac.compare_digest(_hash(key, noted["salt"]), noted["hash"])


def _hash(key: str, salt: str) -> str:
    return hashlib.pbkdf2_hmac("sha256", key.encode(), bytes.fromhex(salt), ROUNDS).hex()
