"""manage.py verify_certificate: is this certificate genuine? Works offline, from the file and a key."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from privacy.certificates.canonical import NotCanonical, read
from privacy.certificates.checking import Checked, Verdict, chain_faults, check_file, plain, trusted_keys
from privacy.certificates.signing import signing_keys
from privacy.certificates.stored import believed, stored_faults

FALSE, UNKNOWN = 1, 2  # exit codes: tampered with or unreadable; intact, but nobody vouches for the key


class Command(BaseCommand):
    """Verify certificates of deletion, one or several; with several the chain between neighbours is verified too."""

    help = (
        "Verifies certificates of deletion offline. Believed is the key whose fingerprint you noted (--pin), and with "
        "--keys (the list published at /.well-known/deskhero-certificate-keys.json) those it introduced; --keys alone "
        "believes the whole list; without either, this installation's own key. "
        "Exit code 0: genuine; 1: false; 2: intact, but of an unknown key."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the files and whom to trust."""
        parser.add_argument("files", nargs="*", metavar="FILE", type=Path)
        parser.add_argument("--keys", metavar="FILE", type=Path, help="a published list of public keys")
        parser.add_argument("--pin", action="append", default=[], metavar="FINGERPRINT", help="may be given repeatedly")
        parser.add_argument("--stored", action="store_true", help="verify the whole chain in this database")
        parser.add_argument("--json", action="store_true", dest="as_json", help="one JSON object a file")

    def handle(self, *args: Any, **options: Any) -> None:
        """Judge each file, then the chain between them."""
        if options["stored"]:
            return self._stored(plain(options["pin"]))
        if not options["files"]:
            raise CommandError("Name a certificate, or give --stored.")
        trusted = _trusted(options["keys"], options["pin"])
        judged = [(path, _checked(path, trusted)) for path in options["files"]]
        for path, one in judged:
            self.stdout.write(_as_json(path, one) if options["as_json"] else _as_text(path, one))
        genuine = sorted((one for _path, one in judged if one.is_genuine), key=lambda one: int(one.says["number"]))
        faults = chain_faults(genuine)
        for fault in faults:
            self.stderr.write(fault)
        if faults or any(one.verdict is Verdict.FALSE for _path, one in judged):
            raise SystemExit(FALSE)
        if any(one.verdict is Verdict.UNKNOWN_KEY for _path, one in judged):
            raise SystemExit(UNKNOWN)
        return None

    def _stored(self, pins: set[str]) -> None:
        faults = list(stored_faults(believed() | pins))
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise SystemExit(FALSE)
        self.stdout.write("Every certificate is as it was signed, and the chain is whole.")


def own_fingerprints() -> set[str]:
    """Return this installation's own keys; none where there is no root key, and none is made for this."""
    if not settings.ROOT_KEY and not (settings.DATA_DIR / "root.key").exists():
        return set()
    return {key.public.fingerprint for key in signing_keys()}


def _trusted(keys: Path | None, pins: list[str]) -> set[str]:
    if keys is None:
        return plain(pins) or own_fingerprints()
    try:
        return plain(pins) | {key.fingerprint for key in trusted_keys(read(keys.read_bytes()), pins)}
    except (OSError, NotCanonical, ValueError) as error:
        raise CommandError(f"The list of keys cannot be used: {error}") from None


def _checked(path: Path, trusted: set[str]) -> Checked:
    try:
        return check_file(path.read_bytes(), trusted)
    except OSError as error:
        return Checked(Verdict.FALSE, (f"The file cannot be read: {error.strerror}.",))


def _as_text(path: Path, one: Checked) -> str:
    if not one.is_genuine:
        return f"{path}: {one.verdict.value}. " + " ".join(one.reasons)
    says = one.says
    return (
        f"{path}: genuine. Certificate {says['number']} of {says['issued_at']}, issued by {says['issuer']}: "
        f"{says['scope']} {says['target']} was erased. Signed by {one.fingerprint}."
    )


def _as_json(path: Path, one: Checked) -> str:
    found = {"file": str(path), "verdict": one.verdict.value, "reasons": list(one.reasons)}
    return json.dumps(found | {"number": one.says.get("number"), "key": one.fingerprint or None})
