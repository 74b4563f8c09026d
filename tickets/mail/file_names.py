"""Names of attached files: as the sender gave them, but harmless on every disk and honest to the eye."""

import mimetypes
import re
import unicodedata

_FORBIDDEN = re.compile(r" ?[\x00-\x1f\x7f<>:\"|?*][\x00-\x1f\x7f<>:\"|?* ]*")
_DIRECTION = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c\u200b\ufeff\u2028\u2029]")
_EXTENSIONS = {
    "message/rfc822": ".eml", "message/delivery-status": ".txt", "text/rfc822-headers": ".txt", "text/calendar": ".ics",
    "image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "application/pdf": ".pdf", "text/plain": ".txt",
    "text/html": ".html", "application/pgp-signature": ".asc", "application/pkcs7-signature": ".p7s",
    "application/pkcs7-mime": ".p7m", "application/x-pkcs7-mime": ".p7m", "application/ms-tnef": ".dat",
    "text/vcard": ".vcf", "text/x-vcard": ".vcf", "text/csv": ".csv", "application/zip": ".zip",
}  # fmt: skip
LONGEST = 240  # bytes, so that a disk takes the name with something added to it


def safe_name(name: str, content_type: str = "") -> str:
    """Return a file name without folders, control and direction characters, never empty, at most 240 bytes in UTF-8."""
    name = _DIRECTION.sub("", unicodedata.normalize("NFC", name[:2000]))
    name = name.replace("\\", "/").rstrip("/ ").rpartition("/")[2]
    name = _FORBIDDEN.sub(" ", name).strip().lstrip(". ")
    name = re.sub(r"\s{3,}", " ", name)
    if not name:
        return f"unnamed{extension_of(content_type)}"
    if len(name) * 4 > LONGEST and len(name.encode("utf-8", "replace")) > LONGEST:
        stem, dot, extension = name.rpartition(".")
        ending = f".{extension}" if dot and len(extension.encode("utf-8", "replace")) < 40 else ""
        name = _cut(stem if ending else name, LONGEST - len(ending.encode("utf-8", "replace"))) + ending
    return name


def _cut(text: str, size: int) -> str:
    """Return the beginning of a text that takes at most `size` bytes in UTF-8."""
    return text.encode("utf-8", "replace")[:size].decode("utf-8", "ignore").rstrip()


def extension_of(content_type: str) -> str:
    """Return the usual extension of a type, or nothing."""
    if not content_type:
        return ""
    return _EXTENSIONS.get(content_type) or mimetypes.guess_extension(content_type) or ""


def type_of(name: str) -> str:
    """Return the media type that a file name suggests."""
    return mimetypes.guess_type(name)[0] or "application/octet-stream"
