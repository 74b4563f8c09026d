"""Content-Type and Content-Disposition: a value and its parameters, with RFC 2231 and RFC 2047 in any mixture."""

import re
from urllib.parse import unquote_to_bytes

from tickets.mail import limits
from tickets.mail.charsets import decode
from tickets.mail.words import decode_words

_NAME = re.compile(r"[^\s=;\"]{1,100}")
_SECTION = re.compile(r"([^*]+)(?:\*(\d{1,3}))?(\*)?")
_TYPE = re.compile(r"[\w.+-]{1,100}/[\w.+-]{1,150}", re.ASCII)
_FIRST_WORD = re.compile(r"\s{0,9}[\w/.+-]{3,100}(?=\s+[\w*-]{3,30}\s{0,3}=)", re.ASCII)
_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")


def parse_parameters(value: str, hint: str | None = None) -> tuple[str, dict[str, str]]:
    """Return the main value in lower case and the parameters, decoded, under lower-case names."""
    semicolon = value.find(";")
    if semicolon < 0 or "=" in value[:semicolon]:  # the first semicolon is missing
        found = _FIRST_WORD.match(value)
        if found is None:
            return _main(value if semicolon < 0 else value[:semicolon]), {}
        semicolon = found.end()
    pairs = _pairs(value, semicolon + 1)
    return _main(value[:semicolon]), _combine(pairs, hint)


def media_type(value: str, default: str) -> str:
    """Return a declared media type if it has the right form, else the default."""
    found = _TYPE.match(value)
    return found[0].lower() if found else default


def _main(value: str) -> str:
    text = value.strip().strip("\"'").lower()
    cut = text.find("(")
    text = (text[:cut] if cut >= 0 else text).strip()
    text = "/".join(half.strip() for half in text.split("/")) if "/" in text else text
    return text.split(None, 1)[0] if text else ""


def _pairs(value: str, position: int) -> list[tuple[str, str, bool]]:
    """Return (name, value, was it quoted) as written, tolerating missing semicolons and quotes."""
    pairs: list[tuple[str, str, bool]] = []
    length = len(value)
    while position < length and len(pairs) < limits.PARAMETERS:
        while position < length and value[position] in "; \t\r\n,":
            position += 1
        if position < length and value[position] == "(":
            close = value.find(")", position)
            position = close + 1 if close >= 0 else length
            continue
        found = _NAME.match(value, position)
        if not found:
            position += 1
            continue
        position = found.end()
        after = position
        while after < length and value[after] in " \t":
            after += 1
        if after >= length or value[after] != "=":
            continue
        after += 1
        while after < length and value[after] in " \t":
            after += 1
        text, position, quoted = _value(value, after)
        name = found[0].lower()
        if not quoted and text.endswith(")") and not name.startswith(("name", "filename")):
            text = text.partition(" (")[0]  # a remark
        pairs.append((name, text, quoted))
    return pairs


def _value(value: str, position: int) -> tuple[str, int, bool]:
    if value[position : position + 1] == '"':
        return _quoted(value, position + 1)
    end = value.find(";", position)
    end = len(value) if end < 0 else end
    text = value[position:end]
    # An unquoted value with blanks: cut only where another `name=` begins.
    another = re.search(r"\s(?=[\w*-]{2,40}=[^?=])", text[:4000])
    if another:
        end = position + another.start()
        text = text[: another.start()]
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] == "'":
        text = text[1:-1]
    return text.rstrip('"'), end, False


def _quoted(value: str, position: int) -> tuple[str, int, bool]:
    """Read a quoted string; one that is never closed, or closed too early, ends where the next parameter begins."""
    out: list[str] = []
    start = position
    while True:
        quote = value.find('"', position)
        if quote < 0:
            end = value.find(";", start)
            end = len(value) if end < 0 else end
            return value[start:end].strip(), end, True
        piece = value[position:quote]
        slashes = len(piece) - len(piece.rstrip("\\"))
        if slashes % 2:
            out.append(piece[:-1] + '"')
            position = quote + 1
            continue
        rest = value[quote + 1 : quote + 60].lstrip()
        if rest and rest[0] not in ";,(" and not re.match(r"[\w*-]{2,40}\s*=", rest):  # a quote within the name
            if value.find('"', quote + 1) >= 0:
                out.append(piece + '"')
                position = quote + 1
                continue
            end = value.find(";", quote)
            end = len(value) if end < 0 else end
            tail = value[quote:end].rstrip()
            return _unescape("".join(out) + piece + tail), end, True
        out.append(piece)
        return _unescape("".join(out)), quote + 1, True


def _unescape(text: str) -> str:
    """Undo quoted pairs, but leave the backslashes of a Windows path alone."""
    if "\\" not in text or re.match(r"[A-Za-z]:\\|\\\\", text):
        return text
    return re.sub(r"\\([\\\"])", r"\1", text)


def _combine(pairs: list[tuple[str, str, bool]], hint: str | None) -> dict[str, str]:
    plain: dict[str, str] = {}
    sections: dict[str, dict[int, tuple[str, bool]]] = {}
    for name, value, _ in pairs:
        if "*" not in name:
            plain.setdefault(name, _words(value, hint))
            continue
        found = _SECTION.match(name)
        if found:
            number = int(found[2]) if found[2] else 0
            sections.setdefault(found[1], {}).setdefault(number, (value, bool(found[3])))
    for name, numbered in sections.items():
        extended = _extended(numbered, hint)
        encoded = any(is_encoded for _, is_encoded in numbered.values())
        if name not in plain or (extended.strip() and (encoded or "%" in plain[name])):
            plain[name] = extended
    return plain


def _words(value: str, hint: str | None) -> str:
    if "=?" in value:
        return decode_words(value, hint)
    if value.count("%") >= 2 and _PERCENT.search(value):
        data = unquote_to_bytes(value)
        try:
            return value if data.isascii() else data.decode("utf-8")
        except UnicodeDecodeError:
            return value
    return value


def _extended(numbered: dict[int, tuple[str, bool]], hint: str | None) -> str:
    """Join RFC 2231 sections in the order of their numbers; characters may be split between them."""
    charset = ""
    data = b""
    any_encoded = any(encoded for _, encoded in numbered.values())
    for index, number in enumerate(sorted(numbered)):
        value, encoded = numbered[number]
        if index == 0 and any_encoded and value.count("'") >= 2:
            charset, _, value = value.split("'", 2)
        if encoded or (charset and index) or (value.count("%") > 1 and not unquote_to_bytes(value).isascii()):
            data += unquote_to_bytes(value.encode("utf-8", "replace"))
        else:
            data += value.encode("utf-8", "replace")
    text = decode(data, charset or None, hint)
    return decode_words(text, hint) if "=?" in text else text
