"""Checking a certificate: by anybody, offline, from its file and a public key they trust. Asks no database."""

import base64
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import pairwise
from typing import Any

from privacy.certificates.canonical import NotCanonical, canonical, digest, read
from privacy.certificates.names import Name
from privacy.certificates.parts import FORMAT
from privacy.certificates.signing import PublicKey


class Verdict(Enum):
    """What came out."""

    GENUINE = "genuine"
    UNKNOWN_KEY = "unknown key"  # intact, but signed by nobody we were told to trust
    FALSE = "false"


@dataclass(frozen=True)
class Checked:
    """One file, judged: the reasons are sentences; a genuine one has none."""

    verdict: Verdict
    reasons: tuple[str, ...] = ()
    says: dict[str, Any] = field(default_factory=dict)
    body_digest: str = ""
    fingerprint: str = ""

    @property
    def is_genuine(self) -> bool:
        """Return whether a trusted key signed exactly this."""
        return self.verdict is Verdict.GENUINE


def check_file(data: bytes | str, trusted: Collection[str]) -> Checked:
    """Judge the content of a file; `trusted` are the fingerprints of keys to believe."""
    try:
        document = read(data)
    except NotCanonical as error:
        return Checked(Verdict.FALSE, (str(error),))
    return check_document(document, trusted)


def check_document(document: Any, trusted: Collection[str]) -> Checked:
    """Judge a certificate as a file holds it."""
    try:
        says, signature, key, name = _taken_apart(document)
        signed = canonical(says)
    except (KeyError, TypeError, ValueError):
        return Checked(Verdict.FALSE, ("This is not a certificate of Deskhero, or a part of it is missing.",))
    known: dict[str, Any] = {"says": says, "body_digest": digest(signed), "fingerprint": key.fingerprint}
    faults = []
    if {says.get("key"), document["key"].get("fingerprint")} != {key.fingerprint}:
        faults.append("It names another key than the one beside it.")
    if not key.verifies(signature, signed):
        faults.append("The signature does not belong to this text: something was changed.")
    if name is not None and name.digest != says.get("name_digest"):
        faults.append("The name beside it is not the name that was certified.")
    if faults:
        return Checked(Verdict.FALSE, tuple(faults), **known)
    if key.fingerprint not in trusted:
        reason = f"It is intact, but signed by the key {key.fingerprint}, which is none of those you trust."
        return Checked(Verdict.UNKNOWN_KEY, (reason,), **known)
    return Checked(Verdict.GENUINE, **known)


def chain_faults(checked: Sequence[Checked]) -> list[str]:
    """Return a sentence for every place where genuine certificates, in order of number, do not follow one another.

    Numbers may be left out (an organization has only its own); between neighbours the digest must agree.
    """
    faults = []
    for before, after in pairwise(checked):
        first, second = int(before.says["number"]), int(after.says["number"])
        follows = after.says["follows"]
        if first == second and before.body_digest != after.body_digest:
            faults.append(f"There are two certificates with the number {first}.")
        elif second == first + 1 and (follows is None or follows["sha256"] != before.body_digest):
            faults.append(f"Certificate {second} does not follow this certificate {first}.")
    return faults


def trusted_keys(document: Any, pinned: Iterable[str] = ()) -> list[PublicKey]:
    """Return the keys of a published list that may be believed, oldest first.

    Without pins that is the whole list: whoever gave it is believed. With pins only keys with a pinned fingerprint
    count, and those that such a key introduced, and so on. ValueError where it is no such list.
    """
    pins = plain(pinned)
    try:
        listed = [(PublicKey.from_text(one["public"]), one.get("introduced_by"), one) for one in document["keys"]]
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("This is not a list of certificate keys.") from error
    if not pins:
        return [key for key, _by, _one in listed]
    found: dict[str, PublicKey] = {}
    for key, by, one in listed:
        voucher = found.get(by or "")
        if key.fingerprint in pins or (voucher and voucher.vouches_for(key, _decoded(one.get("introduction")))):
            found[key.fingerprint] = key
    return list(found.values())


def plain(pins: Iterable[str]) -> set[str]:
    """Return fingerprints as they are compared, however people wrote them down."""
    return {"".join(pin.split()).lower() for pin in pins}


def _taken_apart(document: Any) -> tuple[dict[str, Any], bytes, PublicKey, Name | None]:
    says = document["certificate"]
    if says["format"] != FORMAT or not isinstance(says["number"], int) or says["number"] < 1:
        raise ValueError("another format")
    if says["follows"] is not None and not isinstance(says["follows"]["sha256"], str):
        raise ValueError("another format")
    if document["key"]["algorithm"] != "Ed25519":
        raise ValueError("another algorithm")
    name = document.get("name")
    return (
        says,
        _decoded(document["signature"]),
        PublicKey.from_text(document["key"]["public"]),
        Name(str(name["text"]), str(name["salt"])) if name else None,
    )


def _decoded(text: Any) -> bytes:
    return base64.b64decode(text or "", validate=True)
