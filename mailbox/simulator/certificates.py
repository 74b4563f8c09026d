"""The simulator's own certificate authority: ca.pem, a leaf for loopback, and a bundle with the system's store."""

import ipaddress
import os
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

CA_DAYS, LEAF_DAYS = 3650, 397


def ensure_certificates(folder: Path) -> tuple[Path, Path]:
    """The leaf certificate and its key, made when missing or nearly over; the authority is kept."""
    ca_file, ca_key_file = folder / "ca.pem", folder / "ca.key"
    leaf_file, leaf_key_file = folder / "leaf.pem", folder / "leaf.key"
    if not ca_file.exists() or not ca_key_file.exists():
        _make_authority(ca_file, ca_key_file)
        leaf_file.unlink(missing_ok=True)
    if not leaf_file.exists() or _is_nearly_over(leaf_file):
        _make_leaf(ca_file, ca_key_file, leaf_file, leaf_key_file)
    _write_bundle(folder / "bundle.pem", ca_file)
    return leaf_file, leaf_key_file


def _is_nearly_over(file: Path) -> bool:
    certificate = x509.load_pem_x509_certificate(file.read_bytes())
    return certificate.not_valid_after_utc < datetime.now(UTC) + timedelta(days=14)


def _write_private(file: Path, content: bytes) -> None:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(content)


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, days: int
) -> x509.CertificateBuilder:
    start = datetime.now(UTC) - timedelta(days=1)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _make_authority(ca_file: Path, key_file: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Deskhero simulator CA (this machine only)")])
    builder = _builder(name, name, key.public_key(), CA_DAYS)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    certificate = builder.add_extension(_usage(authority=True), critical=True).sign(key, hashes.SHA256())
    _write_private(key_file, _pem(key))
    ca_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


def _make_leaf(ca_file: Path, ca_key_file: Path, leaf_file: Path, leaf_key_file: Path) -> None:
    ca = x509.load_pem_x509_certificate(ca_file.read_bytes())
    ca_key = cast(ec.EllipticCurvePrivateKey, serialization.load_pem_private_key(ca_key_file.read_bytes(), None))
    key = ec.generate_private_key(ec.SECP256R1())
    names = [x509.DNSName("localhost"), *(x509.IPAddress(ipaddress.ip_address(ip)) for ip in ("127.0.0.1", "::1"))]
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Deskhero simulator")])
    certificate = (
        _builder(subject, ca.subject, key.public_key(), LEAF_DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(authority=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False)
        .sign(ca_key, hashes.SHA256())
    )
    _write_private(leaf_key_file, _pem(key))
    leaf_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


def _write_bundle(bundle: Path, ca_file: Path) -> None:
    """One file a client can trust for everything: the system's store and our authority."""
    store = ssl.get_default_verify_paths().cafile
    system = Path(store).read_bytes() if store and Path(store).exists() else _certifi()
    bundle.write_bytes(system.rstrip(b"\n") + b"\n" + ca_file.read_bytes())


def _certifi() -> bytes:
    import certifi

    return Path(certifi.where()).read_bytes()
