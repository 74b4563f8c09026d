"""`python -m deskhero.certificates FOLDER NAME[:UID]...`: a CA of our own and a certificate for each server.

Compose runs it before the servers. FOLDER/authority keeps the CA's key, FOLDER/ca gets its certificate for everybody,
FOLDER/NAME the certificate and key of one server. What is still good for a month stays as it is.
"""

import datetime
import os
import sys
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

CA_DAYS, SERVER_DAYS, MARGIN_DAYS = 3650, 397, 30


def main(arguments: list[str]) -> None:
    """Make what is missing or about to expire."""
    folder = Path(arguments[0])
    authority, key = _authority(folder)
    for server in arguments[1:]:
        name, _, uid = server.partition(":")
        _server(folder / name, name, int(uid) if uid else None, authority, key)


def _authority(folder: Path) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key_file, public = folder / "authority" / "key.pem", folder / "ca" / "ca.pem"
    if key_file.exists() and public.exists() and not _expires(public):
        key = serialization.load_pem_private_key(key_file.read_bytes(), None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)  # noqa: S101 - we wrote it
        return x509.load_pem_x509_certificate(public.read_bytes()), key
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Deskhero services")])
    usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    certificate = (
        _builder(name, name, key, CA_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    _write(key_file, _private(key), 0o600)
    _write(public, certificate.public_bytes(serialization.Encoding.PEM), 0o644)
    return certificate, key


def _server(
    folder: Path, name: str, uid: int | None, authority: x509.Certificate, authority_key: ec.EllipticCurvePrivateKey
) -> None:
    public = folder / "cert.pem"
    if public.exists() and not _expires(public):
        known = x509.load_pem_x509_certificate(public.read_bytes())
        if _signed_by(known, authority):
            return
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        _builder(subject, authority.subject, key, SERVER_DAYS)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name), x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    _write(folder / "key.pem", _private(key), 0o600, uid)
    _write(public, certificate.public_bytes(serialization.Encoding.PEM), 0o644, uid)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, days: int
) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=days))
    )


def _expires(file: Path) -> bool:
    end = x509.load_pem_x509_certificate(file.read_bytes()).not_valid_after_utc
    return end < datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=MARGIN_DAYS)


def _signed_by(certificate: x509.Certificate, authority: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(authority)
    except Exception:  # noqa: BLE001 - cryptography raises one of several; each means "make a new one"
        return False
    return True


def _private(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _write(file: Path, content: bytes, mode: int, uid: int | None = None) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(".new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as output:
        output.write(content)
    draft.chmod(mode)
    if uid is not None:
        os.chown(draft, uid, uid)
    draft.replace(file)


if __name__ == "__main__":
    main(sys.argv[1:])
