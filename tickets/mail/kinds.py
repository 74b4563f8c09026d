"""What a file is by its first bytes, and whether that is what its name and its declared type say."""

import re
from collections.abc import Callable

HEAD = 4096  # bytes that are looked at

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"BM", "bmp"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"\xca\xfe\xba\xbe", "program"),
    (b"\xcf\xfa\xed\xfe", "program"),
    (b"\xce\xfa\xed\xfe", "program"),
    (b"L\x00\x00\x00\x01\x14\x02\x00", "program"),  # a Windows shortcut
    (b"#!", "script"),
    (b"{\\rtf", "rtf"),
    (b"\x1f\x8b", "packed"),
    (b"7z\xbc\xaf\x27\x1c", "packed"),
    (b"Rar!\x1a\x07", "packed"),
    (b"ITSF", "program"),  # compiled help, which runs scripts
)
_BEGINNING = re.compile(
    r"<(!doctype html|html|head|body|script|style|iframe|meta|svg|table|div|p|a|h1|br|title|form|img)[\s>/]",
    re.IGNORECASE,
)
_BEFORE = (("<!--", "-->"), ("<?xml", "?>"), ("<!doctype svg", ">"))  # what may stand before the first element
_ARCHIVED_PAGE = re.compile(
    r"(?:[\w-]{1,60}:[^\n]{0,400}\n[\t ]?){0,12}?content-type:\s*multipart/related", re.IGNORECASE
)

_PICTURES = frozenset({"png", "jpeg", "gif", "webp", "bmp", "tiff", "heif"})
_ZIPPED = frozenset({"zip", "ole"})  # an office file with a password is an OLE container whatever its name
# What files of an extension may be. "" stands for anything without marks of its own, such as text.
_MAY_BE: dict[str, frozenset[str]] = {
    "pdf": frozenset({"pdf"}),
    **dict.fromkeys(("png", "jpg", "jpeg", "jpe", "gif", "webp", "bmp", "tif", "tiff", "heic", "heif"), _PICTURES),
    **dict.fromkeys(("docx", "xlsx", "pptx", "docm", "xlsm", "pptm", "odt", "ods", "odp", "epub", "zip"), _ZIPPED),
    **dict.fromkeys(("doc", "dot", "xls", "ppt", "pps", "msg"), frozenset({"ole", "zip", "rtf"})),
    **dict.fromkeys(("txt", "csv", "log", "md", "ics", "vcf", "json"), frozenset({"", "xml"})),
    "eml": frozenset({"", "html"}),  # a page saved whole begins as a mail does
    **dict.fromkeys(("htm", "html", "xhtml", "mht", "mhtml"), frozenset({"html", "xml", "svg", ""})),
    **dict.fromkeys(("svg", "xml"), frozenset({"svg", "xml", "html", ""})),
    "rtf": frozenset({"rtf"}),
    "gz": frozenset({"packed"}),
    "7z": frozenset({"packed"}),
    "rar": frozenset({"packed"}),
}
_EXTENSION_OF = {
    "application/pdf": "pdf",
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/svg+xml": "svg",
    "text/html": "html",
    "text/plain": "txt",
    "text/csv": "csv",
    "text/calendar": "ics",
    "application/zip": "zip",
    "application/msword": "doc",
    "application/vnd.ms-excel": "xls",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
}
RUNS = frozenset(
    [
        *("apk", "app", "appx", "bat", "chm", "cmd", "com", "cpl", "dll", "exe", "gadget", "hta", "img", "inf", "iso"),
        *(
            "jar",
            "js",
            "jse",
            "lnk",
            "mde",
            "msc",
            "msi",
            "msp",
            "pif",
            "ps1",
            "psm1",
            "reg",
            "scf",
            "scr",
            "sct",
            "sh",
        ),
        *("vb", "vbe", "vbs", "vhd", "vhdx", "ws", "wsc", "wsf", "wsh", "xll"),
    ]
)


def kind_of(content: bytes) -> str:
    """Return one of our words for what a file is by its beginning; nothing where it has no mark of its own."""
    head = content[:HEAD]
    for magic, kind in _MAGIC:
        if head.startswith(magic) and _is_really(kind, head):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp" and head[8:12] in (b"heic", b"heix", b"mif1", b"avif", b"heim"):
        return "heif"
    if b"%PDF-" in head[:1024]:
        return "pdf"
    return _written(head)


def extension_of(name: str) -> str:
    """Return the extension of a file name, in lower case and without its dot."""
    stem, dot, extension = name.rpartition(".")
    return extension.strip().lower() if dot and stem and len(extension) <= 12 else ""


def claimed_kind(name: str, content_type: str, kind: str) -> str:
    """Return what a file claims to be and is not, as an extension ("pdf"), or nothing where all agree."""
    declared = _EXTENSION_OF.get(content_type.partition(";")[0].strip().lower(), "")
    for extension in (extension_of(name), declared):
        allowed = _MAY_BE.get(extension)
        if allowed is not None and kind not in allowed:
            return extension
    return ""


def runs(name: str, kind: str) -> bool:
    """Return whether opening the file would start a program."""
    return kind in ("program", "script") or extension_of(name) in RUNS


_CHECKS: dict[str, Callable[[bytes], bool]] = {
    "bmp": lambda head: len(head) > 26 and int.from_bytes(head[14:18], "little") in (12, 40, 52, 56, 64, 108, 124),
    "script": lambda head: bool(re.match(rb"#!\s?/[\w/.-]+", head)),
    "program": lambda head: b"\0" in head,
}


def _is_really(kind: str, head: bytes) -> bool:
    """Two bytes say little: where a mark is short, look further."""
    check = _CHECKS.get(kind)
    return check is None or check(head)


def _written(head: bytes) -> str:
    """Return what sort of text it is, as a browser would guess it."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = head[: len(head) // 2 * 2].decode("utf-16", "replace")
    else:
        text = head.decode("latin-1").removeprefix("\u00ef\u00bb\u00bf")
    start = _skipped(text)
    if found := _BEGINNING.match(text, start):
        return "svg" if found[1].lower() == "svg" else "html"
    if text[:start].lstrip()[:5].lower() == "<?xml":
        return "xml"
    return "html" if _ARCHIVED_PAGE.match(text) else ""


def _skipped(text: str) -> int:
    """Return where the first element of a text begins: after blanks, comments and declarations."""
    at, lower = 0, text.lower()
    while True:
        at = len(text) - len(text[at:].lstrip())
        end = next((end for begin, end in _BEFORE if lower.startswith(begin, at)), "")
        found = lower.find(end, at + 4) if end else -1
        if found == -1:
            return at
        at = found + len(end)
