"""Signed ID tokens and the public key that proves them."""

import base64
import functools
from pathlib import Path
from typing import Any, cast

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings

KEY_ID = "simulator-1"


@functools.cache
def signing_key() -> rsa.RSAPrivateKey:
    """The key of this data folder, made at first need."""
    path = Path(settings.DATA_DIR) / "identity.key"
    if path.exists():
        return cast(rsa.RSAPrivateKey, serialization.load_pem_private_key(path.read_bytes(), None))
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.touch(mode=0o600)
    path.write_bytes(pem)
    return key


def signed(claims: dict[str, Any]) -> str:
    """An ID token with these claims."""
    return jwt.encode(claims, signing_key(), algorithm="RS256", headers={"kid": KEY_ID})


def public_keys() -> dict[str, Any]:
    """The key set that checks them."""
    numbers = signing_key().public_key().public_numbers()

    def number(value: int) -> str:
        return base64.urlsafe_b64encode(value.to_bytes((value.bit_length() + 7) // 8, "big")).rstrip(b"=").decode()

    key = {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": KEY_ID, "n": number(numbers.n), "e": number(numbers.e)}
    return {"keys": [key]}
