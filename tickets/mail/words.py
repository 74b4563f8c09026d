"""RFC 2047 encoded words, as they really come: split characters, spaces inside, missing padding, unknown charsets."""

import binascii
import re

from tickets.mail.charsets import codec_for, decode, tidy

_HEX = re.compile(rb"=([0-9A-Fa-f]{2})")
_HEX_AFTER = re.compile(r"[0-9A-Fa-f]{2}")
_Word = tuple[str, str, bytes]  # charset, q or b, what it encodes
_CUT = re.compile(rb"=(?:\|[0-9A-Fa-f]{2}|[0-9A-Fa-f]\|[0-9A-Fa-f])")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")


def decode_words(text: str, hint: str | None = None) -> str:
    """Return a header's text with its encoded words decoded; what is no valid word stays as it is."""
    if "=?" not in text:
        return text
    out: list[str] = []
    run: list[_Word] = []  # adjacent words; blanks between them do not count
    position = end_cache = 0
    while True:
        start = text.find("=?", position)
        if start < 0:
            break
        word, stop, end_cache = _word_at(text, start, end_cache)
        gap = text[position:start]
        if word is None or gap.strip() or not run:
            _flush(out, run, hint)
            out.append(gap)
        if word is None:
            out.append(text[start:stop])
        else:
            run.append(word)
        position = stop
    _flush(out, run, hint)
    out.append(text[position:])
    return tidy("".join(out))


def _flush(out: list[str], run: list[_Word], hint: str | None) -> None:
    """Write a run of words; what one of them left unfinished, the next may complete."""
    data = b""
    for index, (charset, kind, encoded) in enumerate(run):
        following = run[index + 1] if index + 1 < len(run) else None
        if following and following[:2] == (charset, kind) and _continues(kind, encoded, following[2]):
            run[index + 1] = (charset, kind, encoded + following[2])
            continue
        data += _q(encoded) if kind == "q" else _base64(encoded)
        if following is None or codec_for(following[0]) != codec_for(charset):
            out.append(decode(data, charset, hint))
            data = b""
    run.clear()


def _continues(kind: str, encoded: bytes, following: bytes) -> bool:
    """Tell whether a word was cut within an encoded byte: `=C` and `3=BC`, or base64 not in groups of four."""
    if kind == "q":
        return bool(_CUT.search(encoded[-2:] + b"|" + following[:2]))
    odd = len(encoded) % 4
    return odd != 0 and encoded[-1:] != b"=" and (odd + len(following)) % 4 == 0


def _word_at(text: str, start: int, end_cache: int) -> tuple[_Word | None, int, int]:
    """Return (charset, q or b, encoded) of the word at `start` or None, where to go on, and where the next `?=` is."""
    first = text.find("?", start + 2, start + 82)
    kind = text[first + 1 : first + 2].lower() if first >= 0 else ""
    if kind not in ("b", "q") or text[first + 2 : first + 3] != "?":
        return None, start + 2, end_cache
    body = first + 3
    if end_cache < body and end_cache >= 0:
        end_cache = text.find("?=", body)
    end, stop = end_cache, end_cache + 2
    if end < 0:  # cut off: read what is there, up to the next blank
        blank = text.find(" ", body)
        end = stop = len(text) if blank < 0 else blank
    if text.find("=?", body, end) >= 0:
        return None, start + 2, end_cache
    if kind == "q" and _HEX_AFTER.match(text, stop):
        stop = _real_end(text, stop)
        end = stop - 2
    charset = text[start + 2 : first].partition("*")[0]
    return (charset, kind, text[body:end].encode("utf-8", "replace")), stop, end_cache


def _real_end(text: str, stop: int) -> int:
    """Return where a word ends that holds a bare `?` before an encoded byte, as in `really?=20now?=`."""
    later = text.find("?=", stop, stop + 200)
    between = text[stop:later] if later >= 0 else " "
    return stop if " " in between or "=?" in between else later + 2


def _q(encoded: bytes) -> bytes:
    return _HEX.sub(lambda found: bytes([int(found[1], 16)]), encoded.removesuffix(b"=").replace(b"_", b" "))


def _base64(encoded: bytes) -> bytes:
    letters = _NOT_BASE64.sub(b"", encoded)
    if len(letters) % 4 == 1:
        letters = letters[:-1]
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))
