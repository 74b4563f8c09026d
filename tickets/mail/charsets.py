"""Bytes to text: the declared charset strictly, then repair, then a guess. Never raises."""

import codecs
import re
from functools import lru_cache

from tickets.mail.charset_guess import likeliest_codec

# Labels that mail programs use, and the codec that reads what they really send (a superset where there is one).
_CODECS = {
    "ascii": "ascii", "us-ascii": "ascii", "ansi_x3.4-1968": "ascii", "ansi_x3.110-1983": "cp1252",
    "646": "ascii", "us": "ascii", "iso646-us": "ascii", "usascii": "ascii", "ansi": "cp1252",
    "iso-8859-1": "cp1252", "iso8859-1": "cp1252", "iso_8859-1": "cp1252", "iso88591": "cp1252", "latin1": "cp1252",
    "latin-1": "cp1252", "l1": "cp1252", "iso-8859-1-windows-1252": "cp1252", "cp-1252": "cp1252",
    "windows1252": "cp1252", "win-1252": "cp1252", "x-ansi": "cp1252", "western": "cp1252",
    "iso-8859-9": "cp1254", "iso8859-9": "cp1254", "latin5": "cp1254", "iso-8859-11": "cp874",
    "tis-620": "cp874", "tis620": "cp874", "windows-874": "cp874", "iso-8859-8-i": "iso8859-8",
    "iso-8859-8-e": "iso8859-8", "logical": "iso8859-8", "visual": "iso8859-8", "iso-8859-6-i": "iso8859-6",
    "gb2312": "gb18030", "gb_2312-80": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "euc-cn": "gb18030",
    "cp936": "gb18030", "ms936": "gb18030", "windows-936": "gb18030", "gb-2312": "gb18030", "chinese": "gb18030",
    "big5": "cp950", "big-5": "cp950", "x-x-big5": "cp950", "cn-big5": "cp950",
    "ks_c_5601-1987": "cp949", "ks_c_5601": "cp949", "ksc5601": "cp949", "euc-kr": "cp949", "euckr": "cp949",
    "korean": "cp949", "windows-949": "cp949", "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932",
    "x-sjis": "cp932", "ms_kanji": "cp932", "windows-31j": "cp932", "cp943": "cp932", "ibm-943": "cp932",
    "x-euc-jp": "euc_jp", "iso-2022-jp": "iso2022_jp_ext", "csiso2022jp": "iso2022_jp_ext",
    "cp50220": "iso2022_jp_ext", "cp50221": "iso2022_jp_ext", "iso-2022-jp-ms": "iso2022_jp_ext",
    "utf8": "utf-8", "utf-8mb4": "utf-8", "utf8mb4": "utf-8", "utf_8": "utf-8", "unicode": "utf-8", "utf": "utf-8",
    "unicode-1-1-utf-8": "utf-8", "x-utf-8": "utf-8", "utf-8-mac": "utf-8", "cp65001": "utf-8",
    "unicode-1-1-utf-7": "utf-7", "x-unicode-2-0-utf-7": "utf-7", "koi8-ru": "koi8-u", "koi8": "koi8-r",
    "x-mac-roman": "mac-roman", "macintosh": "mac-roman", "mac": "mac-roman", "x-mac-cyrillic": "mac-cyrillic",
    "x-mac-ce": "mac-latin2", "koi8r": "koi8-r", "koi8u": "koi8-u", "ucs-2": "utf-16", "iso-10646-ucs-2": "utf-16",
    "windows-1250": "cp1250", "windows-1251": "cp1251", "cp-1251": "cp1251",
    "win-1251": "cp1251", "win1251": "cp1251", "cp-850": "cp850", "x-cp1252": "cp1252", "x-cp1251": "cp1251",
}  # fmt: skip
_NOT_FOR_MAIL = {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"}
_STATEFUL = {"iso2022_jp_ext", "iso2022_jp", "iso2022_jp_1", "iso2022_jp_2", "iso2022_jp_3", "iso2022_jp_2004",
             "iso2022_kr", "hz", "utf-7", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le",
             "utf-32-be"}  # fmt: skip
_MULTIBYTE = {"gb18030", "cp950", "big5", "big5hkscs", "cp949", "johab", "cp932", "shift_jis", "shift_jis_2004",
              "shift_jisx0213", "euc_jp", "euc_jis_2004", "euc_jisx0213", "euc_kr"}  # fmt: skip
_LABEL = re.compile(r"[\w.:+-]{1,60}", re.ASCII)
_FAMILY = re.compile(
    r"(?:win|windows|cp|ms|ansi|ibm|dos)[-_ .:]*((?:125|85|86|93|94|95)\d|437|73\d|77\d|874)(?!\d)|"
    r"iso[-_ .:]*8859[-_ .:]*(1[0-6]|[1-9])(?!\d)|"
    r"(gb2312|gbk|gb18030|big5|euc[-_](?:kr|jp)|shift[-_]jis|iso-2022-(?:jp|kr)|koi8-[ru]|utf[-_ .:]*8(?!\d))"
)
_SURROGATES = re.compile("[\ud800-\udfff]")
_ESCAPE_JP = (b"\x1b$B", b"\x1b$@", b"\x1b(J", b"\x1b(I")


@lru_cache(maxsize=512)
def codec_for(label: str | None) -> str | None:
    """Return the codec for a charset label as mail programs write it, or None when nothing is known by that name."""
    if not label:
        return None
    found = _LABEL.search(label.strip().lower().removeprefix("3d").strip("\"' "))
    if not found:
        return None
    name = found[0]
    if name in _CODECS:
        return _CODECS[name]
    family = _FAMILY.search(name)
    if family:
        name = f"cp{family[1]}" if family[1] else f"iso8859-{family[2]}" if family[2] else family[3]
        name = _CODECS.get(name, name) if not name.startswith("utf") else "utf-8"
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    if info.name in _NOT_FOR_MAIL or not info._is_text_encoding:
        return None
    return _CODECS.get(info.name, info.name)


def decode(data: bytes, label: str | None = None, hint: str | None = None) -> str:
    """Return the text of bytes that claim a charset; wrong claims are repaired, `hint` helps when there is none."""
    codec = codec_for(label)
    if data.isascii() and codec not in _STATEFUL:
        japanese = _strict(data, "iso2022_jp_ext") if b"\x1b" in data and _has_escape(data) else None
        return tidy(data.decode("ascii") if japanese is None else japanese)
    return tidy(_decode(data, codec, codec_for(hint)))


def tidy(text: str) -> str:
    """Return the text without what no database and no terminal takes: NULs and lone surrogates."""
    if "\x00" in text:
        text = text.replace("\x00", "")
    return text if text.isascii() else _SURROGATES.sub("\ufffd", text)


def _decode(data: bytes, codec: str | None, hint: str | None) -> str:  # noqa: C901
    if data.startswith(codecs.BOM_UTF8):
        data, codec = data[3:], "utf-8"
    elif data[:2] in (b"\xff\xfe", b"\xfe\xff") and codec != "utf-16":
        codec = "utf-16" if len(data) % 2 == 0 and b"\x00" in data[:200] else codec
    if codec in _STATEFUL:
        return _stateful(data, str(codec))
    utf8 = _strict(data, "utf-8")
    if utf8 is not None and (codec not in _MULTIBYTE or len(data) - len(utf8) >= 4):
        return utf8  # whatever the label says: other charsets do not form valid UTF-8 by chance
    if codec and codec != "utf-8":
        text = _strict(data, codec)
        if text is not None:
            return _unless_foreign(text, data) if codec == "cp1252" and _is_hardly_western(text) else text
        if codec == "cp950":
            text = _strict(data, "big5hkscs")
        return text if text is not None else _mostly(data, codec)
    if codec == "utf-8" and _is_mostly_utf8(data):
        return data.decode("utf-8", "mail-repair")
    if hint and hint != "utf-8" and hint not in _STATEFUL:
        text = _strict(data, hint)
        if text is not None:
            return text
    return guess(data)


def _stateful(data: bytes, codec: str) -> str:
    if codec == "utf-16" and data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        codec = "utf-16-be" if data[:1] == b"\x00" else "utf-16-le"
    if codec.startswith("utf-16"):
        data = data.removesuffix(b"\r\n")  # the mail's own last line end, in ASCII
        data = data[:-1] if len(data) % 2 else data
    text = _strict(data, codec)
    if text is None and codec.startswith("iso2022_jp"):
        for other in ("iso2022_jp_2004", "iso2022_jp_2"):
            text = text if text is not None else _strict(data, other)
    if text is not None:
        return text
    if codec.startswith("utf-") and codec != "utf-7":
        if b"\x00" not in data:  # said UTF-16, sent something else
            return _strict(data, "utf-8") or guess(data)
        return data.decode(codec, "replace")
    if not data.isascii():
        utf8 = _strict(data, "utf-8")
        return utf8 if utf8 is not None else guess(data)
    return data.decode(codec, "replace")


def _strict(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except (UnicodeError, LookupError, ValueError, OverflowError):
        return None


def _mostly(data: bytes, codec: str) -> str:
    """Return the text in the declared charset if most of it fits, else a guess."""
    text = data.decode(codec, "replace")
    bad = text.count("\ufffd")
    high = sum(byte > 127 for byte in data[:20_000]) or 1
    if bad * 4 <= high:
        return data.decode(codec, "mail-repair") if codec == "cp1252" else text
    return guess(data)


def _is_mostly_utf8(data: bytes) -> bool:
    sample = data[:50_000]
    text = sample.decode("utf-8", "replace")
    good = sum(char > "\x7f" for char in text) - text.count("\ufffd")
    return good >= max(1, text.count("\ufffd")) or (len(data) > 50_000 and good > 0)


def _is_hardly_western(text: str) -> bool:
    """Tell whether most letters of a text are beyond ASCII, which no language of the West knows."""
    letters = [char for char in text[:400] if char.isalpha()]
    return len(letters) > 5 and sum(char > "\x7f" for char in letters) * 5 > len(letters) * 3


def _unless_foreign(text: str, data: bytes) -> str:
    """Return the text as declared, unless the bytes are likelier to be of another script."""
    other = guess(data)
    return other if sum(char > "\u036f" for char in other) * 3 > len(other) else text


def guess(data: bytes) -> str:
    """Return the likeliest text of bytes about which nothing is known."""
    utf8 = _strict(data, "utf-8")
    if utf8 is not None:
        return utf8
    if _has_escape(data):
        text = _strict(data, "iso2022_jp_ext")
        if text is not None:
            return text
    codec = likeliest_codec(_sample(data))
    return data.decode(codec, "mail-repair" if codec == "cp1252" else "replace")


def _has_escape(data: bytes) -> bool:
    """Tell whether bytes switch to Japanese as ISO-2022-JP does, whatever their label says."""
    return any(escape in data for escape in _ESCAPE_JP)


def _sample(data: bytes) -> bytes:
    """Return at most 4 KB of the lines that are not plain ASCII: that is where a charset shows."""
    if len(data) <= 2048:
        return data
    picked: list[bytes] = []
    size = 0
    for line in data[:400_000].splitlines():
        if not line.isascii():
            picked.append(line[:1000])
            size += len(picked[-1])
            if size > 4096:
                break
    return b"\n".join(picked) or data[:2048]


def _repair(error: UnicodeError) -> tuple[str, int]:
    """Read bytes that do not fit as Windows-1252, one by one, and what that lacks as Latin-1."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bad = error.object[error.start : error.end]
    return bad.decode("cp1252", "ignore") or bad.decode("latin-1"), error.end


codecs.register_error("mail-repair", _repair)
