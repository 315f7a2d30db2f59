"""A security key, as the tests hold it in their hand."""

import base64
import hashlib
import json
from typing import Any

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData

from calcinosis_app.accounts.models import User

HOST = "testserver"
PRESENT, VERIFIED, HOLDS_KEY = 0x01, 0x04, 0x40


def _b64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _said(kind: str, challenge: str) -> bytes:
    return json.dumps({"type": f"webauthn.{kind}", "challenge": challenge, "origin": f"https://{HOST}"}).encode()


class SecurityKey:
    """One key. Its answers are good for `https://testserver`."""

    def __init__(self) -> None:
        self._private = ec.generate_private_key(ec.SECP256R1())
        self._id = b"a key of the tests"
        self._host = hashlib.sha256(HOST.encode()).digest()

    def set_up(self, challenge: str = "eA", *, resident: bool, verified: bool = False) -> dict[str, Any]:
        """What a browser sends when the key is added."""
        public: Any = ES256.from_cryptography_key(self._private.public_key())
        held = AttestedCredentialData.create(Aaguid(b"\0" * 16), self._id, public)
        flags = PRESENT | HOLDS_KEY | (VERIFIED if verified else 0)
        data = AuthenticatorData.create(self._host, AuthenticatorData.FLAG(flags), 0, held)
        response = {
            "clientDataJSON": _b64(_said("create", challenge)),
            "attestationObject": _b64(bytes(AttestationObject.create("none", data, {}))),
        }
        return self._sent(response, {"credProps": {"rk": resident}})

    def give(self, user: User, *, alone: bool) -> None:
        """Makes it the person's key; `alone` when it signs in without name and password."""
        Authenticator.objects.create(user=user, type="webauthn", data={"name": "Key", "credential": self.set_up(resident=alone)})

    def answer(self, challenge: str, user: User, *, verified: bool) -> str:
        """What a browser sends when the key is used; `verified` after a PIN."""
        said = _said("get", challenge)
        data = self._host + bytes([PRESENT | (VERIFIED if verified else 0)]) + (1).to_bytes(4, "big")
        signature = self._private.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
        response = {
            "clientDataJSON": _b64(said),
            "authenticatorData": _b64(data),
            "signature": _b64(signature),
            "userHandle": _b64(user_pk_to_url_str(user).encode()),
        }
        return json.dumps(self._sent(response, {}))

    def _sent(self, response: dict[str, str], extensions: dict[str, Any]) -> dict[str, Any]:
        key = _b64(self._id)
        return {"id": key, "rawId": key, "type": "public-key", "response": response, "clientExtensionResults": extensions}
