"""Opaque S/MIME: what is only signed is readable without a key, what is encrypted is named."""

import base64

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID
from django.utils import timezone

from tickets.mail import parse
from tickets.mail.limits import WRAPPED

INNER = b"Content-Type: text/plain; charset=utf-8\r\n\r\nGr\xc3\xbc\xc3\x9fe\r\n"
MIXED = (
    b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nSigned\r\n--b\r\n"
    b"Content-Type: application/pdf; name=a.pdf\r\n\r\nPDF\r\n--b--\r\n"
)


@pytest.fixture(scope="module")
def carol() -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    """Carol's certificate, signed by herself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Carol")])
    now = timezone.now()
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timezone.timedelta(days=1))
    return builder.sign(key, hashes.SHA256()), key


def signed(inner: bytes, carol) -> bytes:
    """Return the bytes of an opaque signature around a mail."""
    builder = pkcs7.PKCS7SignatureBuilder().set_data(inner).add_signer(carol[0], carol[1], hashes.SHA256())
    return builder.sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])


def letter(envelope: bytes, content_type: str = "application/pkcs7-mime; smime-type=signed-data") -> bytes:
    """Return a mail that is nothing but an envelope."""
    head = f"From: carol@customer.example\r\nContent-Type: {content_type}; name=smime.p7m\r\n"
    return head.encode() + b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(envelope)


@pytest.mark.parametrize(
    "content_type",
    ["application/pkcs7-mime; smime-type=signed-data", "application/x-pkcs7-mime", "application/octet-stream"],
)
def test_what_an_opaque_signature_signs_is_read(carol, content_type):
    mail = parse(letter(signed(INNER, carol), content_type))

    assert mail.text == "Grüße"
    assert mail.encrypted == ""
    assert [attachment.name for attachment in mail.attachments] == ["smime.p7m"]


def test_files_within_a_signature_are_found_and_the_envelope_is_kept(carol):
    mail = parse(letter(signed(MIXED, carol)))

    assert mail.text == "Signed"
    assert [attachment.name for attachment in mail.attachments] == ["a.pdf", "smime.p7m"]


def test_a_signature_within_a_signature_is_read(carol):
    inner = letter(signed(INNER, carol))

    assert parse(letter(signed(inner, carol))).text == "Grüße"


def test_signatures_wrapped_too_often_are_given_up_with_a_word(carol):
    inner = INNER
    for _ in range(WRAPPED + 1):
        inner = letter(signed(inner, carol))

    assert "wrapped in one another too often" in parse(inner).error


def test_an_encrypted_envelope_is_named(carol):
    enveloped = bytes.fromhex("3080 0609 2a864886f70d010703 a080 0000 0000".replace(" ", ""))

    mail = parse(letter(enveloped, "application/pkcs7-mime; smime-type=enveloped-data"))

    assert mail.encrypted == "S/MIME"
    assert mail.text == ""
    assert [attachment.name for attachment in mail.attachments] == ["smime.p7m"]


@pytest.mark.parametrize("cut", [1, 10, 40, 80])
def test_a_signature_that_was_cut_off_is_kept_as_a_file(carol, cut):
    mail = parse(letter(signed(INNER, carol)[:cut]))

    assert mail.attachments[-1].name == "smime.p7m"
    assert mail.error is None
