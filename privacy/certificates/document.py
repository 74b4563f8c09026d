"""The file people keep: the certificate, its signature, the key it names, and the name for those who may know it."""

import base64
import json
from typing import Any

from privacy.certificates.names import Name
from privacy.certificates.signing import ALGORITHM
from privacy.models import Certificate


def as_document(certificate: Certificate, name: Name | None = None) -> dict[str, Any]:
    """Return the file's content; what is signed is the member `certificate` in its canonical form."""
    key = certificate.key
    document: dict[str, Any] = {
        "certificate": certificate.says,
        "signature": base64.b64encode(bytes(certificate.signature)).decode(),
        "key": {"algorithm": ALGORITHM, "fingerprint": key.fingerprint, "public": key.text},
    }
    if name is not None and name.digest == document["certificate"]["name_digest"]:
        document["name"] = name.as_json()
    return document


def as_file(document: dict[str, Any]) -> bytes:
    """Return the file, readable by people; the signature does not depend on its layout."""
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def file_name(certificate: Certificate) -> str:
    """Return what the file is called: its number, and nothing about anybody."""
    return f"deskhero-certificate-{certificate.called}.json"
